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
    client: Client, messages: Sequence[Outgoing], seal: Seal, stamping: Stamping | None
) -> int:
    """Put all of the messages that may be said; return how many that were.

    Raises:
        ConnectionLost: the connection has ended.
    """
    sealed = [to_message(one, 0, stamping) for one in map(seal, messages) if one is not None]
    put = 0
    while sealed:
        try:
            taken = client.publish_nowait(sealed)
            put += taken
        except InvalidMessage as error:
            log.warning("a message can not be sent", topic=sealed[0].topic, reason=str(error))
            taken = 1
        sealed = sealed[taken:]
    return put


def sealed(outgoing: Outgoing | None, entry: Entry) -> Message | None:
    """Return what a connection says itself, at QoS 0; None: it has nothing to say."""
    if outgoing is not None and entry.seal is not None:
        outgoing = entry.seal(outgoing)
    return None if outgoing is None else to_message(outgoing, 0, None)


def says_will(entry: Entry, protocol: Protocol) -> bool:
    """Say whether the broker is asked to say the will at the end, and not `last` is said."""
    return entry.ends_by_will and protocol == V5
