"""A device's entity tag, and what is done only where it is the one that the client knows."""

from collections.abc import Sequence

from attrs import frozen
from quart import request

from iotmock.actors.devices.device import MockDevice
from iotmock.actors.errors import DeviceChangedError
from iotmock.rest.http.validators import Conditions, tag_of

IF_MATCH = {"If-Match": "only if the device's ETag is one of these, else 412"}
IF_NONE_MATCH = {"If-None-Match": "only if the device's ETag is none of these, else 304"}


_HEADERS = (b"if-match", b"if-none-match")


def device_tag(device: MockDevice) -> str:
    """Return the tag of all that describes a device.

    It stays while the meter moves on: a client that changes a device wants to know whether
    somebody else did, and not whether a reading went out.
    """
    spec, model = device.model.spec, device.model
    described = (spec.device_id, spec.device_type, spec.name, spec.location, model.profile.name)
    set_to = (spec.base_power, spec.base_voltage, device.interval, model.status, model.enabled)
    return tag_of((described, set_to, device.created_at))


def validators(device: MockDevice) -> dict[str, str]:
    """Return the headers of an answer that is a device.

    A cache that asks again by the tag would show an old reading, so none may keep it.
    """
    return {"ETag": device_tag(device), "Cache-Control": "no-store"}


@frozen
class OnlyIf:
    """What the request in hand says in `If-Match` and `If-None-Match`."""

    conditions: Conditions

    @classmethod
    def asked(cls) -> "OnlyIf":
        """Return the conditions of the request in hand."""
        said = [line for line in request.scope["headers"] if line[0] in _HEADERS]
        if not said:
            return _ALWAYS
        return cls(Conditions.of(*(_list(said, name) for name in _HEADERS)))

    def __call__(self, device: MockDevice) -> bool:
        """Say whether the device is as the client believes."""
        return self.conditions.if_match is None or not self.conditions.forbids(device_tag(device))

    def check(self, device: MockDevice) -> None:
        """Refuse a request for another version.

        Raises:
            DeviceChangedError: the device is not as the client believes.
        """
        if not self(device):
            raise DeviceChangedError(device.device_id)

    def knows(self, tag: str) -> bool:
        """Say whether the client has this version."""
        return self.conditions.knows(tag)


def _list(lines: Sequence[tuple[bytes, bytes]], name: bytes) -> str | None:
    # RFC 9110, 5.3: a list may come on several lines.
    values = [value.decode("latin1") for known, value in lines if known == name]
    return ", ".join(values) if values else None


_ALWAYS = OnlyIf(Conditions())
