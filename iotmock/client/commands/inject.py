"""`iotmock inject`: have one device fail, or many."""

from collections.abc import Sequence
from typing import Any

from iotmock.client.commands.choice import Choice
from iotmock.client.commands.faults import inject_in_many, inject_in_one
from iotmock.client.commands.known import Fault, InjectedFaults
from iotmock.client.commands.output import MOST_TOLD, counted, say, say_json
from iotmock.client.commands.parameters import read_duration, read_parameters
from iotmock.client.commands.service import connected
from iotmock.client.place import place_of_service

Wanted = dict[str, Any]
"""A fault as the service wants it described."""


def wanted(fault: str, pairs: Sequence[str], duration: str | None, start: str | None) -> Wanted:
    """Return the description of a fault.

    Raises:
        UsageError: the duration or a parameter can not be read.
    """
    return {
        "fault": fault,
        "parameters": read_parameters(pairs),
        "start": start,
        "duration": read_duration("--duration", duration),
    }


def inject(choice: Choice, fault: Wanted, draw: tuple[float, int], *, as_json: bool) -> bool:
    """Have devices fail, of many a share drawn by a seed; return whether one does."""
    with connected(place_of_service()) as service:
        if choice.single is not None:
            _tell_of_one(inject_in_one(service, choice.single, fault), as_json)
            return True
        done = inject_in_many(service, choice, fault, *draw)
    _tell_of_many(done, as_json)
    return done.injected > 0


def _tell_of_one(fault: Fault, as_json: bool) -> None:
    if as_json:
        say_json(fault)
        return
    say(f"{fault.device_id}: {fault.fault} from {fault.begin} {fault.until}")
    say(f"`iotmock clear {fault.device_id} {fault.fault}` ends it")


def _tell_of_many(done: InjectedFaults, as_json: bool) -> None:
    if as_json:
        say_json(done)
        return
    say(f"{counted(done.injected, 'device')} with the fault, {done.refused_total:,} refused")
    for one in done.refused[:MOST_TOLD]:
        say(f"{one.device_id}: {one.reason}")
    if done.injected:
        say(f"`iotmock clear --group {done.group}` ends all of it")
