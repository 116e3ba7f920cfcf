"""Readings that are several messages, or go out in another manner than plain data."""

from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.messages import Kind, Outgoing
from iotmock.actors.ports.dialect import Voice


def send_several(
    around: Surroundings,
    voice: Voice,
    device_id: str,
    said: tuple[bytes | None, ...],
    due: float,
    mark: str,
) -> None:
    """Send the messages of a reading, each to its place and with a stamp of its own."""
    for place, payload in zip(voice.places, said, strict=True):
        if payload is None:
            continue
        stamp = None
        if around.numbering is not None:
            stamp = around.numbering.stamp(device_id, due, mark)
        message = Outgoing(Kind.DATA, device_id, payload, place.topic, None, stamp, place.manner)
        around.send(message)
