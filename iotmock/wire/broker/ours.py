"""What a message of ours is, and whose, when only its topic and payload are left."""

from collections.abc import Iterable, Iterator

import msgspec

from iotmock.actors.messages import Kind
from iotmock.mqtt import Message


class _OfDevice(msgspec.Struct):
    device_id: str


def kinds_and_devices(messages: Iterable[Message]) -> Iterator[tuple[Kind, str]]:
    """Yield what actors call messages of ours, and whose they are."""
    for message in messages:
        yield _kind_of(message), device_of(message) or ""


def _kind_of(message: Message) -> Kind:
    ends = {"data": Kind.DATA, "status": Kind.STATUS, "faults": Kind.FAULT}
    return ends.get(message.topic.rpartition("/")[2], Kind.RESULT)


def device_of(message: Message) -> str | None:
    """Return whose message one of ours is; results may have any topic, so they say it inside."""
    match message.topic.split("/"):
        case ["energy", "devices", device_id, *_]:
            return device_id
    try:
        return msgspec.json.decode(message.payload, type=_OfDevice).device_id
    except msgspec.MsgspecError:
        return None
