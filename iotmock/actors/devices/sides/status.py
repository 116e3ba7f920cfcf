"""The status of a device, as it is said to the broker: online, offline or error, retained."""

import msgspec

from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.messages import Kind, Outgoing
from iotmock.model.device import Device
from iotmock.model.reading import Status

_encode = msgspec.json.Encoder().encode


def publish_status(around: Surroundings, model: Device) -> None:
    """Publish the status message; with a link of its own that is cut, the will says it."""
    carrier, device_id = around.publisher, model.spec.device_id
    message = _message(around, model, model.status)
    count_status(around, model)
    around.hub.said(message)
    if model.cut_off and carrier.sever(device_id):
        return
    carrier.restore(device_id)
    carrier.tell(message)


def count_status(around: Surroundings, model: Device) -> None:
    """Have the status counted."""
    around.hub.statuses.note(model.spec.device_id, model.status, enabled=model.enabled)


def will_of(around: Surroundings, model: Device) -> bytes:
    """Return the status message that the broker publishes when the device's link dies."""
    return _encode(model.status_message(around.clock.now(), "offline"))


def announce(around: Surroundings, model: Device) -> None:
    """Publish the status message before the backlog."""
    message = _message(around, model, model.status)
    around.publisher.tell_first(message)
    around.hub.watches.note(message)


def say_goodbye(around: Surroundings, model: Device) -> None:
    """Publish the status offline, because the service ends."""
    around.publisher.tell(_message(around, model, "offline"))


def clear_status(around: Surroundings, device_id: str) -> None:
    """Remove the retained status message from the broker."""
    around.publisher.tell(Outgoing(Kind.STATUS, device_id, b""))


def _message(around: Surroundings, model: Device, status: Status) -> Outgoing:
    message = model.status_message(around.clock.now(), status)
    return Outgoing(Kind.STATUS, model.spec.device_id, _encode(message))
