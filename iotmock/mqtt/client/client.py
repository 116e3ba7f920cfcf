"""The client, in the manner of aiomqtt; runs under trio and asyncio."""

from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType

import anyio
from anyio.abc import TaskGroup
from attrs import frozen

from iotmock.mqtt.client.answers import answer_to
from iotmock.mqtt.client.driver import Driver
from iotmock.mqtt.client.messages import Messages
from iotmock.mqtt.codec.packets import ConnAck, Message, Protocol, Subscription
from iotmock.mqtt.codec.properties import NO_PROPERTIES, Properties
from iotmock.mqtt.connection.connection import Connection
from iotmock.mqtt.errors import (
    ConnectionLost,
    PublishRefused,
    SubscribeRefused,
)
from iotmock.mqtt.handshake.dial import dial
from iotmock.mqtt.handshake.versions import Dialogue, Versions, for_a_visit
from iotmock.mqtt.loss import NETWORK_ERRORS
from iotmock.mqtt.options import ConnectOptions
from iotmock.mqtt.session.limits import Limits
from iotmock.mqtt.session.session import Session
from iotmock.mqtt.transport.channel import Channel

_FAREWELL_S = 2.0
_REFUSAL = 0x80


@frozen
class ClientStatistics:
    """Counts: `dropped` of this connection, the others of its session."""

    acknowledged: int
    refused: int
    in_flight: int
    dropped: int


class Client:
    """A connection to a broker.

    `async with Client(...) as client` connects, and disconnects at the end of the block. When the
    connection ends before, every call that waits and every later one raises `ConnectionLost`.
    Long because it is a method for each thing one asks of a broker, and each says how it can fail.
    """

    messages: Messages
    _connection: Connection
    _driver: Driver
    _tasks: TaskGroup
    _left: bool = False
    """Whether DISCONNECT is written."""

    def __init__(
        self,
        host: str,
        port: int,
        options: ConnectOptions,
        session: Session | None = None,
        versions: Versions | None = None,
    ) -> None:
        self._host, self._port, self._options = host, port, options
        self._session = session if session is not None else Session()
        self._versions = versions if versions is not None else Versions()
        self.protocol = options.protocols[0]
        """The version that was tried last; of a connection, the one that the broker accepted."""

    async def __aenter__(self) -> "Client":
        """Connect.

        Raises:
            ConnectFailed, ConnectRefused: no connection came about, and why.
        """
        channel = await self._versions.connect(self._options, Dialogue(self._dial, self._visit))
        self._driver = Driver(self._connection, channel)
        self.messages = Messages(self._connection, self._driver)
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        self._tasks.start_soon(self._driver.run)
        return self

    async def _dial(self, protocol: Protocol, timeout: float) -> Channel:
        self.protocol = protocol
        self._connection = Connection(self._options, self._session, protocol)
        return await dial(self._host, self._port, self._connection, timeout)

    async def _visit(self, protocol: Protocol, timeout: float) -> None:
        visit = Connection(for_a_visit(self._options), Session(), protocol)
        channel = await dial(self._host, self._port, visit, timeout)
        visit.disconnect()
        try:
            with anyio.move_on_after(_FAREWELL_S), suppress(*NETWORK_ERRORS):
                await channel.stream.send(channel.encode(visit.drain()))
                await channel.say_farewell()
        finally:
            await channel.aclose()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Say DISCONNECT, close, and let the block's own exception pass as it is."""
        with anyio.move_on_after(_FAREWELL_S, shield=True):
            await self.disconnect()
        try:
            await self._tasks.__aexit__(None, None, None)
            if self._left:
                await self._driver.channel.say_farewell()
        finally:
            await self._driver.channel.aclose()

    @property
    def connack(self) -> ConnAck:
        """What the broker answered, with its limits."""
        assert self._connection.connack is not None, "connected"  # noqa: S101
        return self._connection.connack

    @property
    def limits(self) -> Limits:
        """What the broker takes; another value once it has turned out to take less."""
        return self._connection.limits

    @property
    def session_present(self) -> bool:
        """Whether the broker went on with an earlier session."""
        return self.connack.session_present

    @property
    def window(self) -> int:
        """How many messages at QoS 1 and 2 can be sent now."""
        return self._session.free

    def publish_nowait(self, messages: Sequence[Message]) -> int:
        """Put as many of the messages, in order, as the window admits; return how many.

        They are sent by `flush`, in one write.

        Raises:
            InvalidMessage: a message can not be sent; those before it are put.
            ConnectionLost: the connection has ended.
        """
        self._driver.check()
        return self._connection.publish(messages)

    async def flush(self) -> None:
        """Write what was put, and return once the network has it.

        Raises:
            ConnectionLost: the connection has ended.
        """
        await self._driver.flush()

    async def wait_window(self) -> None:
        """Wait until half of the window is free, so that what is sent next is a batch again.

        Raises:
            ConnectionLost: the connection has ended.
        """
        await self._driver.until(lambda: self._session.is_roomy)

    async def wait_settled(self) -> None:
        """Wait until the broker has answered for every message.

        Raises:
            ConnectionLost: the connection has ended.
        """
        await self._driver.until(lambda: self._session.in_flight == 0)

    async def publish(
        self,
        topic: str,
        payload: bytes,
        qos: int = 0,
        *,
        retain: bool = False,
        properties: Properties = NO_PROPERTIES,
    ) -> None:
        """Publish, and return once it is written (QoS 0) or the broker has taken it (1 and 2).

        A caller that gives up waiting does not take the message back.

        Raises:
            InvalidMessage: it can not be sent. PublishRefused: the broker did not take it.
            ConnectionLost: the connection has ended; with the same session the message goes out
                again over the next one.
        """
        message = Message(topic, payload, qos, retain, properties)
        if qos:
            await self._driver.until(lambda: self._session.free > 0)
        self._driver.check()
        packet_id = self._connection.publish_one(message)
        if packet_id is None:
            await self._driver.flush()
        else:
            await self._wait_taken(packet_id)

    async def _wait_taken(self, packet_id: int) -> None:
        connection = self._connection
        connection.watched.add(packet_id)
        try:
            await self._driver.flush()
            await self._driver.until(lambda: packet_id in connection.settled)
        except ConnectionLost:
            if packet_id not in connection.settled:  # it may have come with the last bytes
                raise
        finally:
            connection.watched.discard(packet_id)
            code = connection.settled.pop(packet_id, 0)
        if code >= _REFUSAL:
            raise PublishRefused(code)

    async def subscribe(self, *subscriptions: Subscription) -> tuple[int, ...]:
        """Subscribe; return what was granted for each.

        Raises:
            SubscribeRefused: the broker refused one; the others stand.
            InvalidMessage, ConnectionLost, Unanswered: as they say.
        """
        self._driver.check()
        packet_id = self._connection.subscribe(subscriptions)
        codes = await answer_to(self._driver, "SUBSCRIBE", packet_id)
        for subscription, code in zip(subscriptions, codes, strict=False):
            if code >= _REFUSAL:
                raise SubscribeRefused(subscription.topic_filter, code)
        return codes

    async def unsubscribe(self, *topic_filters: str) -> None:
        """Unsubscribe.

        Raises:
            InvalidMessage, ConnectionLost, Unanswered: as they say.
        """
        self._driver.check()
        packet_id = self._connection.unsubscribe(topic_filters)
        await answer_to(self._driver, "UNSUBSCRIBE", packet_id)

    async def disconnect(self, reason_code: int = 0) -> None:
        """End the connection before the block does; 0x04 asks the broker to send the will."""
        try:
            if self._driver.failure is None:
                self._connection.disconnect(reason_code)
                with suppress(ConnectionLost):  # it is to end anyway
                    await self._driver.flush()
                    self._left = True
        finally:
            self._driver.stop(ConnectionLost("we have disconnected"))

    def abort(self) -> None:
        """End the connection without DISCONNECT, so that the broker sends the will."""
        self._driver.stop(ConnectionLost("we have closed the connection without DISCONNECT"))

    def statistics(self) -> ClientStatistics:
        """Return the counts of now."""
        session = self._session
        return ClientStatistics(
            session.acknowledged, session.refused, session.in_flight, self._connection.dropped
        )
