"""Between what actors say and what MQTT carries: kinds become topics, and back."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from iotmock.actors.errors import WireDownError
from iotmock.actors.messages import (
    Incoming,
    IncomingCommand,
    IncomingEvent,
    IncomingGroupCommand,
    Kind,
    Outgoing,
)
from iotmock.mqtt import NO_PROPERTIES, Message, MqttError, Properties
from iotmock.mqtt.codec import topics
from iotmock.mqtt.codec.topics import data_topic
from iotmock.wire.replies import usable_correlation, why_no_reply
from iotmock.wire.stamping import Stamping

log = structlog.get_logger()

_DATA = Kind.DATA
_TOPICS_KEPT = 1 << 18
_TOPIC_OF = {
    Kind.STATUS: topics.status_topic,
    Kind.RESULT: topics.result_topic,
    Kind.FAULT: topics.faults_topic,
}


class _DataTopics(dict[str, str]):
    """Where devices' readings go; a table that fills itself, and starts over where it is full."""

    def __missing__(self, device_id: str) -> str:
        if len(self) >= _TOPICS_KEPT:
            self.clear()
        topic = self[device_id] = data_topic(device_id)
        return topic


_DATA_TOPICS = _DataTopics()


def to_message(outgoing: Outgoing, data_qos: int, stamping: Stamping | None) -> Message:
    """Return the MQTT message for what an actor sends; all but data goes out at QoS 1."""
    kind = outgoing.kind
    if kind is _DATA:
        topic = _DATA_TOPICS[outgoing.device_id]
        if stamping is not None and outgoing.stamp is not None:
            return stamping.message(topic, outgoing, data_qos)
        return Message(topic, outgoing.payload, data_qos)
    topic = topic_of(outgoing)
    properties = NO_PROPERTIES
    if outgoing.correlation is not None:
        properties = Properties(correlation_data=outgoing.correlation)
    return Message(topic, outgoing.payload, 1, kind is Kind.STATUS, properties)


def topic_of(outgoing: Outgoing) -> str:
    """Return where a message goes."""
    if outgoing.kind is _DATA:
        return data_topic(outgoing.device_id)
    return outgoing.reply_topic or _TOPIC_OF[outgoing.kind](outgoing.device_id)


def to_incoming(message: Message) -> Incoming | None:
    """Return what a message says to the actors, if it is for them."""
    if message.retain:
        # A retained command would be carried out again at every connect.
        log.warning("a retained message was ignored", topic=message.topic[:256])
        return None
    match message.topic.split("/"):
        case ["energy", "devices", device_id, "commands"]:
            return IncomingCommand(device_id, *_request(message))
        case ["energy", "groups", location, "commands"] if location:
            return IncomingGroupCommand(location, *_request(message))
        case ["energy", "events", "devices", device_id, action]:
            return IncomingEvent(action, device_id, message.payload)
    return None


def _request(message: Message) -> tuple[bytes, str | None, bytes | None, str | None, str]:
    request = message.properties
    if request is NO_PROPERTIES:
        return message.payload, None, None, None, message.topic
    refusal, correlation = why_no_reply(request), usable_correlation(request)
    topic = request.response_topic if refusal is None else None
    return message.payload, topic, correlation, refusal, message.topic


@contextmanager
def as_wire_down() -> Iterator[None]:
    """Turn errors of the wire into the actors' own."""
    try:
        yield
    except MqttError as error:
        raise WireDownError(str(error)) from error
