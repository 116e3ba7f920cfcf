"""`iotmock clear`: end faults."""

from iotmock.client.commands import faults
from iotmock.client.commands.choice import Choice
from iotmock.client.commands.output import counted, say, say_json
from iotmock.client.commands.service import connected
from iotmock.client.errors import UsageError
from iotmock.client.place import place_of_service


def clear(choice: Choice, fault: str | None, group: str | None, *, as_json: bool) -> None:
    """End the faults of devices, those of one name or id, or all.

    Raises:
        UsageError: no device is named, or a group beside one.
    """
    if not choice.patterns or group is not None:
        raise UsageError("name a device, as iotmock clear DEVICE [FAULT], or else a --group")
    with connected(place_of_service()) as service:
        _tell(faults.clear_of(service, choice, fault), as_json)


def clear_group(group: str, *, as_json: bool) -> None:
    """End all faults of one request for many."""
    with connected(place_of_service()) as service:
        _tell(faults.clear_group(service, group), as_json)


def _tell(count: int, as_json: bool) -> None:
    if as_json:
        say_json({"cleared": count})
    else:
        say(f"{counted(count, 'fault')} ended")
