"""Between what actors say and what MQTT carries; the words are a dialect's."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog

from iotmock.actors.errors import WireDownError
from iotmock.actors.messages import PLAIN, Incoming, Outgoing
from iotmock.actors.ports.dialect import Dialect, Heard
from iotmock.mqtt import NO_PROPERTIES, Message, MqttError, Properties, Will
from iotmock.wire.replies import usable_correlation, why_no_reply
from iotmock.wire.stamping import Stamping

log = structlog.get_logger()

_FAILED = "a dialect failed over a message, which is ignored"


def to_message(outgoing: Outgoing, data_qos: int, stamping: Stamping | None) -> Message:
    """Return the MQTT message for what an actor sends; what has no manner goes out as data."""
    manner = outgoing.manner
    if manner is None:
        if stamping is not None and outgoing.stamp is not None:
            return stamping.message(outgoing, data_qos)
        return Message(outgoing.topic, outgoing.payload, data_qos)
    if stamping is not None and outgoing.stamp is not None:
        return stamping.message(outgoing, manner.qos, retain=manner.retain)
    properties = NO_PROPERTIES
    if outgoing.correlation is not None:
        properties = Properties(correlation_data=outgoing.correlation)
    return Message(outgoing.topic, outgoing.payload, manner.qos, manner.retain, properties)


def to_will(outgoing: Outgoing | None) -> Will | None:
    """Return the will of a connection, in whose name the broker says this after its death."""
    if outgoing is None:
        return None
    manner = outgoing.manner or PLAIN
    return Will(outgoing.topic, outgoing.payload, qos=manner.qos, retain=manner.retain)


def to_incoming(
    message: Message, dialect: Dialect, device_id: str | None = None, number: int = 0
) -> Sequence[Incoming]:
    """Return what a message says to the actors.

    `device_id` is whose own connection it came over; `number` the place of one in a pool. A dialect
    that fails over what somebody has sent ends nothing: it has not understood it.
    """
    try:
        found = dialect.hear(_heard(message, number), device_id)
    except Exception:  # it may be that of another distribution
        log.exception(_FAILED, dialect=dialect.name, topic=message.topic[:256])
        return ()
    if message.retain and not found:
        log.warning("a retained message was ignored", topic=message.topic[:256])
    return found


def _heard(message: Message, number: int) -> Heard:
    request = message.properties
    if request is NO_PROPERTIES:
        return Heard(message.topic, message.payload, message.retain, number=number)
    refusal, correlation = why_no_reply(request), usable_correlation(request)
    topic = request.response_topic if refusal is None else None
    retained, payload = message.retain, message.payload
    return Heard(message.topic, payload, retained, topic, correlation, refusal, number)


@contextmanager
def as_wire_down() -> Iterator[None]:
    """Turn errors of the wire into the actors' own."""
    try:
        yield
    except MqttError as error:
        raise WireDownError(str(error)) from error
