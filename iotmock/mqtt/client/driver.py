"""The driver: three tasks around a connection, to read, to write, and to listen for silence."""

import socket
from collections.abc import Awaitable, Callable

import anyio
from anyio.abc import SocketAttribute
from attrs import define, field

from iotmock.mqtt.connection.connection import Connection
from iotmock.mqtt.errors import ConnectionLost, ProtocolError
from iotmock.mqtt.loss import as_lost
from iotmock.mqtt.transport.channel import Channel
from iotmock.mqtt.transport.quick_ack import acknowledge_at_once

_READ_SIZE = 65_536
_LAST_WORDS_S = 2.0
_MOST_UNWRITTEN = 10_000


@define(eq=False)
class Signal:
    """An event that happens again and again: all who wait wake once per `wake`."""

    _event: anyio.Event = field(factory=anyio.Event)

    def wake(self) -> None:
        """Wake all who wait."""
        self._event.set()
        self._event = anyio.Event()

    async def wait(self) -> None:
        """Wait for the next `wake`."""
        await self._event.wait()


@define(eq=False)
class Driver:
    """Moves bytes between a channel and a connection until one of them ends.

    One task writes, whatever there is to say: two that write at once cut each other's packets.
    """

    connection: Connection
    channel: Channel
    failure: ConnectionLost | None = None
    received: Signal = field(factory=Signal)
    _to_write: Signal = field(factory=Signal)
    _written: Signal = field(factory=Signal)
    # Shielded, so that a cancelled client can still say goodbye; it always ends in `stop`.
    _scope: anyio.CancelScope = field(factory=lambda: anyio.CancelScope(shield=True))
    _socket: socket.socket | None = field(init=False)
    _sends: int = 0
    _writing: bool = False
    _ending: ConnectionLost | None = None
    """Why the connection is about to end, while `_last_words` are being written."""
    _last_words: bytes | None = field(default=None, repr=False)
    _last_sent: float = field(factory=anyio.current_time)
    _last_heard: float = field(factory=anyio.current_time)

    def __attrs_post_init__(self) -> None:
        self._socket = self.channel.stream.extra(SocketAttribute.raw_socket, None)  # noqa: S610 - no SQL

    async def run(self) -> None:
        """Run until the connection ends or `stop`."""
        with self._scope:
            async with anyio.create_task_group() as tasks:
                for part in (self._read, self._write, self._keep_alive):
                    tasks.start_soon(self._guard, part)

    def stop(self, failure: ConnectionLost) -> None:
        """End the tasks; whoever waits here gets `failure`."""
        self.failure = self.failure or self._ending or failure
        for signal in (self.received, self._written):
            signal.wake()
        self._scope.cancel()

    def check(self) -> None:
        """Raise `ConnectionLost` if the connection has ended."""
        if self.failure is not None:
            raise ConnectionLost(str(self.failure)) from self.failure.__cause__

    def write_soon(self) -> None:
        """Have what waits in the connection written, without waiting for it."""
        self._to_write.wake()

    async def flush(self) -> None:
        """Have what waits in the connection written, and return once the network has it."""
        await anyio.lowlevel.checkpoint()
        self.check()
        # What is being sent now does not contain what waits; the next send does.
        target = self._sends + self._writing + bool(self.connection.outgoing)
        self._to_write.wake()
        while self._sends < target:
            await self._written.wait()
            self.check()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition holds that only the broker's packets can bring about."""
        await anyio.lowlevel.checkpoint()
        self.check()
        while not condition():
            await self.received.wait()
            self.check()

    async def _guard(self, part: Callable[[], Awaitable[None]]) -> None:
        try:
            await part()
        except Exception as error:  # what a peer does ends its connection, no more
            lost = as_lost(self.channel.place, error)
            if isinstance(error, ProtocolError):
                await self._say_why(error.reason_code, lost)
            self.stop(lost)

    async def _say_why(self, reason_code: int, lost: ConnectionLost) -> None:
        self._ending = lost
        self.connection.outgoing.clear()
        self.connection.disconnect(reason_code)
        self._last_words = self.connection.drain()
        self._to_write.wake()
        with anyio.move_on_after(_LAST_WORDS_S):
            while self._last_words and self.failure is None:
                await self._written.wait()

    async def _read(self) -> None:
        connection, channel = self.connection, self.channel
        while True:
            data = await self._receive()
            if self._socket is not None:
                acknowledge_at_once(self._socket)
            self._last_heard = anyio.current_time()
            try:
                connection.receive(channel.decode(data))
            finally:
                self.received.wake()
            if connection.outgoing or channel.pending:
                self._to_write.wake()
            # A peer that asks and does not read the answers is read no further.
            while len(connection.outgoing) > _MOST_UNWRITTEN:
                await self._written.wait()

    async def _receive(self) -> bytes:
        try:
            return await self.channel.stream.receive(_READ_SIZE)
        except anyio.EndOfStream:
            self.channel.decode(b"")  # which may know why
            raise

    async def _write(self) -> None:
        # A task of its own, so that nobody who gives up waiting leaves half a packet on the wire.
        while self._last_words is None:
            if self.connection.outgoing or self.channel.pending:
                await self._send(self.connection.drain())
            else:
                await self._to_write.wait()
        await self.channel.stream.send(self.channel.encode(self._last_words))
        self._last_words = b""
        self._written.wake()

    async def _send(self, data: bytes) -> None:
        self._last_sent, self._writing = anyio.current_time(), True
        await self.channel.stream.send(self.channel.encode(data))
        self._sends, self._writing = self._sends + 1, False
        self._written.wake()

    async def _keep_alive(self) -> None:
        # A quarter early: the broker must hear from us within the interval (MQTT 5.0, 3.1.2.10).
        # And we from it: a connection that is half open takes what we send for a long time.
        patience = 0.75 * self.connection.keep_alive
        while patience:
            await anyio.sleep_until(self._last_exchange + patience)
            if self._last_exchange + patience <= anyio.current_time():
                await self._ask_for_life(patience)

    @property
    def _last_exchange(self) -> float:
        return min(self._last_sent, self._last_heard)

    async def _ask_for_life(self, patience: float) -> None:
        asked = anyio.current_time()
        self.connection.ping()
        self._to_write.wake()
        await anyio.sleep(patience)
        if self._last_heard < asked:
            raise ConnectionLost(f"{self.channel.place} has been silent for {patience:g} s")
