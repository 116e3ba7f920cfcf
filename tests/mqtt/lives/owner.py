"""Whoever uses a client or a line, at random: all that may come to it are errors of the wire."""

from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import trio
from attrs import define, field

from iotmock.mqtt import (
    NO_PROPERTIES,
    V5,
    V311,
    Client,
    ConnectOptions,
    Message,
    MqttError,
    Properties,
    Session,
    Subscription,
)
from iotmock.mqtt.connection.connection import Connection
from iotmock.mqtt.lines.line import Line
from iotmock.mqtt.transport.address import look_up

_ASKED = Subscription("energy/devices/+/commands", qos=2)


@define(eq=False)
class Owner:
    """One session's life over many connections."""

    random: Random
    session: Session
    port: int
    dress: dict[str, Any] = field(factory=dict)
    """What its options say of TLS and WebSocket."""

    def options(self) -> ConnectOptions:
        """Return how it connects this time."""
        chance = self.random
        return ConnectOptions(
            "owner",
            keep_alive=chance.choice([0, 1, 30]),
            protocols=chance.choice([(V5,), (V311,), (V5, V311)]),
            maximum_packet_size=chance.choice([500, 1 << 20]),
            topic_alias_maximum=chance.choice([0, 10]),
            connect_timeout=0.3,
            **self.dress,
        )

    def messages(self) -> list[Message]:
        """Return what it has to say."""
        chance = self.random
        some = Properties(correlation_data=b"c", user_properties=(("k", "v"),))
        message = Message(
            "energy/devices/d/data",
            bytes(chance.choice([0, 200, 5_000])),
            chance.choice([0, 1, 1, 2]),
            chance.random() < 0.1,
            some if chance.random() < 0.2 else NO_PROPERTIES,
        )
        return [message] * chance.choice([1, 10, 400])

    async def live(self) -> None:
        """Connect once, and use the connection until it ends or it has had enough."""
        user = self._as_client if self.random.random() < 0.5 else self._as_line
        await _forgiving(user)

    async def _as_client(self) -> None:
        async with Client("127.0.0.1", self.port, self.options(), self.session) as client:
            with trio.move_on_after(self.random.choice([0.02, 0.2, 1.0])):
                async with trio.open_nursery() as nursery:
                    for use in (self._take, self._put, self._put, self._ask):
                        nursery.start_soon(_forgiving, use, client)
            if self.random.random() < 0.3:
                client.abort()

    async def _take(self, client: Client) -> None:
        async for _ in client.messages:
            if self.random.random() < 0.05:
                await trio.sleep(0.001)

    async def _put(self, client: Client) -> None:
        while True:
            chance = self.random.random()
            with trio.move_on_after(0.0 if chance < 0.1 else 1.0):
                if chance < 0.3:
                    await client.publish("t", b"x", self.random.randrange(3))
                elif client.publish_nowait(self.messages()):
                    await client.flush()
                else:
                    await client.wait_window()

    async def _ask(self, client: Client) -> None:
        while True:
            with trio.move_on_after(0.05):
                await client.subscribe(_ASKED)
                await client.unsubscribe(_ASKED.topic_filter)
            await trio.sleep(0.01)

    async def _as_line(self) -> None:
        options = self.options()
        connection = Connection(options, self.session, options.protocols[0])
        line = Line(connection, await look_up("127.0.0.1", self.port))
        await line.open(self.random.choice([(), (_ASKED,)]), options.connect_timeout)
        with trio.move_on_after(self.random.choice([0.02, 0.2, 1.0])):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_forgiving, self._read, line)
                nursery.start_soon(_forgiving, self._offer, line)
        line.leave() if self.random.random() < 0.5 else line.abort()

    async def _read(self, line: Line) -> None:
        connection = line.connection
        while True:
            await line.read()
            while connection.arrived:
                connection.take()
            line.write()

    async def _offer(self, line: Line) -> None:
        while True:
            if not line.unsent:
                line.connection.publish(self.messages())
            line.write()
            with trio.move_on_after(self.random.choice([0.0, 0.01])):
                await line.drain()
            line.show_life(trio.current_time() + self.random.choice([0.0, 0.0, 2.0]))
            await trio.sleep(self.random.choice([0.0, 0.001]))


async def _forgiving(use: Callable[..., Awaitable[None]], *args: object) -> None:
    try:
        await use(*args)
    except* MqttError:
        pass  # the connection ended, did not come about, or does not take what was drawn
