"""The last messages of a device, as they went to the broker."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
from attrs import frozen
from msgspec import Meta

from iotmock.actors.messages import Outgoing
from iotmock.actors.ports.channel import ReadsItself
from iotmock.actors.stream.watches import Said
from iotmock.actors.system import System
from iotmock.model.timestamp import rfc3339
from iotmock.rest.answers import Timestamp
from iotmock.rest.operation import Answer, Operation
from iotmock.rest.stream.query import MessagesQuery


class SentMessage(msgspec.Struct, frozen=True):
    """A message as the service gave it to its connection.

    It is without what is added as it is written: a stamp (MQTT_STAMP), Sparkplug's `seq`.
    """

    timestamp: Timestamp
    topic: str
    qos: int
    retain: bool
    payload: Annotated[
        str,
        Meta(description="as it is; Sparkplug's as JSON, other bytes that are no text as \\xNN"),
    ]


class SentMessages(msgspec.Struct, frozen=True):
    """The newest first. Nothing from before `since` is kept: it is when a client first asked."""

    since: Timestamp
    messages: list[SentMessage]


@frozen
class MessageRoutes:
    """What devices say."""

    system: System

    def operations(self) -> Iterator[Operation]:
        """Yield the row of the table."""
        path, handler = "/api/v1/devices/<device_id>/messages", self.get_messages
        yield Operation("GET", path, handler, SentMessages, query=MessagesQuery)

    async def get_messages(self, device_id: str, query: MessagesQuery) -> Answer:
        """Get what a device has sent since somebody first asked, up to a hundred messages.

        They are kept from the first request on, and for five minutes after the last, of a hundred
        devices at a time: so nothing is spent on devices that nobody looks at.
        """
        self.system.supervisor.get(device_id)
        said, since = self.system.hub.watches.look(device_id)
        newest = said[-query.limit :][::-1]
        messages = [self._message(one) for one in newest]
        return Answer(SentMessages(rfc3339(since, milliseconds=True), messages))

    def _message(self, said: Said) -> SentMessage:
        message, terms = said.message, self.system.links.statistics().terms
        return SentMessage(
            rfc3339(said.at, milliseconds=True),
            message.topic,
            terms.qos if message.manner is None else message.manner.qos,
            message.manner is not None and message.manner.retain and terms.retained,
            self._text(message),
        )

    def _text(self, message: Outgoing) -> str:
        dialect, text = self.system.supervisor.around.dialect, None
        if isinstance(dialect, ReadsItself):
            text = dialect.readable(message.topic, message.payload)
        return message.payload.decode(errors="backslashreplace") if text is None else text
