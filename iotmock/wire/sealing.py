"""Messages that get their last bytes as they are written: where a protocol numbers them."""

from collections.abc import Sequence

import structlog

from iotmock.actors.messages import Outgoing
from iotmock.actors.ports.dialect import Entry, Seal
from iotmock.mqtt import V5, Client, InvalidMessage, Message, Protocol
from iotmock.wire.stamping import Stamping
from iotmock.wire.translation import to_message

log = structlog.get_logger()

WITH_WILL = 0x04
"""DISCONNECT with it has the broker say the will (MQTT 5.0, 3.14.2.1)."""


def publish_sealed(
    client: Client, messages: Sequence[Outgoing], seal: Seal, qos: int, stamping: Stamping | None
) -> tuple[int, int, int]:
    """Put what the window admits; return how many were taken, were put, and can not be sent.

    What is not taken is not sealed, and has no number yet.

    Raises:
        ConnectionLost: the connection has ended.
    """
    room = messages[: _admitted(messages, qos, client.window)]
    sealed = [to_message(one, qos, stamping) for one in map(seal, room) if one is not None]
    put, count = 0, len(sealed)
    while sealed:
        try:
            taken = client.publish_nowait(sealed)
            put += taken
        except InvalidMessage as error:
            log.warning("a message can not be sent", topic=sealed[0].topic, reason=str(error))
            taken = 1
        sealed = sealed[taken:]
    return len(room), put, count - put


def _admitted(messages: Sequence[Outgoing], qos: int, window: int) -> int:
    for count, outgoing in enumerate(messages):
        if qos if outgoing.manner is None else outgoing.manner.qos:
            if not window:
                return count
            window -= 1
    return len(messages)


def sealed(outgoing: Outgoing | None, entry: Entry) -> Message | None:
    """Return what a connection says itself, at QoS 0; None: it has nothing to say."""
    if outgoing is not None and entry.seal is not None:
        outgoing = entry.seal(outgoing)
    return None if outgoing is None else to_message(outgoing, 0, None)


def says_will(entry: Entry, protocol: Protocol) -> bool:
    """Say whether the broker is asked to say the will at the end, and not `last` is said."""
    return entry.ends_by_will and protocol == V5
