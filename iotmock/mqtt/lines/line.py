"""A line: one connection among thousands, with no task but the one that reads it."""

import socket
from contextlib import suppress
from typing import Any, TypeVar

import trio
from attrs import define, field

from iotmock.mqtt.codec.packets import Subscription
from iotmock.mqtt.connection.connection import Connection
from iotmock.mqtt.errors import (
    ConnectFailed,
    ConnectionLost,
    ConnectRefused,
    HandshakeFailed,
    ProtocolError,
    SubscribeRefused,
)
from iotmock.mqtt.handshake.dial import as_failed
from iotmock.mqtt.lines.watch import Watch
from iotmock.mqtt.loss import as_lost
from iotmock.mqtt.transport.address import Address, Target
from iotmock.mqtt.transport.connect import connect
from iotmock.mqtt.transport.layers.layer import Layer, layer_of
from iotmock.mqtt.transport.quick_ack import acknowledge_at_once

T = TypeVar("T")
_READ_SIZE = 4_096
_REFUSAL = 0x80
_MOST_OWED = 1 << 20
"""A peer that asks and does not read the answers is left; it would have them all kept here."""


@define(eq=False)
class Line:
    """Moves bytes between a socket and a `Connection`. Only `open`, `read` and `drain` wait.

    What the network does not take at once is in `unsent`; whoever offers more waits with `drain`.
    Long because all that uses the socket is here: who else held it would write between two packets.
    """

    connection: Connection
    address: Address
    target: Target | None = None
    """Which of the addresses answered."""
    unsent: bytes = field(default=b"", repr=False)
    last_sent: float = 0.0
    last_heard: float = 0.0
    _asked: float = 0.0
    _owed: int = 0
    """Bytes of answers that came to what the network had not taken yet."""
    _failure: str = "closed the connection"
    _socket: socket.socket | None = None
    _layer: Layer | None = None
    _watch: Watch[Any] | None = None

    async def open(self, subscriptions: tuple[Subscription, ...], timeout: float) -> None:
        """Connect within `timeout` seconds, shake hands, and subscribe.

        Raises:
            ConnectFailed, ConnectRefused, SubscribeRefused: no connection came about, and why.
        """
        error: type[ConnectFailed] = ConnectFailed
        try:
            with trio.fail_after(timeout):
                await self._connect()
                error = HandshakeFailed
                await self._shake_hands()
                await self._subscribe(subscriptions)
        except trio.TooSlowError:
            self.abort()
            raise error(f"{self.address.place} does not answer") from None
        except BaseException:
            self.abort()
            raise

    async def _connect(self) -> None:
        self._layer = layer_of(self.connection.options, self.address)
        self._socket, self.target = await connect(self.address)
        if self._layer is not None:
            await self._shake_hands_of(self._layer)

    async def _shake_hands_of(self, layer: Layer) -> None:
        data = b""
        while not layer.shake_hands(data):
            self._send(layer.encode(b""))
            try:
                data = await self._receive()
            except ConnectionLost as error:
                raise layer.closed() from error

    async def _shake_hands(self) -> None:
        connection = self.connection
        self.write()
        while connection.connack is None:
            data = b""
            try:
                data = await self._receive()
                data = data if self._layer is None else self._layer.decode(data)
                connection.receive(data)
            except Exception as error:
                raise as_failed(self.address.place, connection, data, error) from error
        if connection.outgoing:
            self.write()

    async def _subscribe(self, subscriptions: tuple[Subscription, ...]) -> None:
        if not subscriptions:
            return
        packet_id = self.connection.subscribe(subscriptions)
        self.write()
        while packet_id not in self.connection.answers:
            await self.read()
        codes = self.connection.answers.pop(packet_id)
        for subscription, code in zip(subscriptions, codes, strict=False):
            if code >= _REFUSAL:
                raise SubscribeRefused(subscription.topic_filter, code)

    async def read(self) -> None:
        """Wait for bytes of the broker, and let the connection have them.

        Raises:
            ConnectRefused: the broker refused CONNECT. ConnectionLost: the connection has ended.
        """
        self._check_owed()
        self._take(await self._receive())

    def read_nowait(self, now: float) -> bool:
        """Do so with what has come by `now`, Trio's clock; return whether anything has.

        Raises:
            ConnectionLost: the connection has ended.
        """
        self._check_owed()
        data = self._received(now)
        if data is None:
            return False
        self._take(data)
        return True

    def _check_owed(self) -> None:
        if self._owed > _MOST_OWED:
            raise ConnectionLost(f"{self.address.place} does not read what it is answered")

    def _take(self, data: bytes) -> None:
        layer = self._layer
        try:
            self.connection.receive(data if layer is None else layer.decode(data))
        except (ConnectRefused, ConnectionLost):
            raise
        except Exception as error:  # what a peer does ends its connection, no more
            self._say_why(error)
            raise as_lost(self.address.place, error) from error
        if self.connection.outgoing or (layer is not None and layer.pending):
            self.write()

    async def _receive(self) -> bytes:
        while self._socket is not None:
            with suppress(OSError, trio.ClosedResourceError):  # which `_received` says
                await trio.lowlevel.wait_readable(self._socket)
            if (data := self._received(trio.current_time())) is not None:
                return data
        raise self._ended()

    def _received(self, now: float) -> bytes | None:
        if self._socket is None:
            raise self._ended()
        try:
            data = self._socket.recv(_READ_SIZE)
        except BlockingIOError:
            return None
        except OSError:
            raise self._ended() from None
        if not data:
            if self._layer is not None:
                self._layer.decode(b"")
            raise self._ended()
        self.last_heard = now
        if self.connection.session.in_flight > 1:  # there is more to come than this
            acknowledge_at_once(self._socket)
        return data

    def _ended(self) -> ConnectionLost:
        return ConnectionLost(f"{self.address.place} {self._failure}")

    def be_watched(self, watch: Watch[T], owner: T) -> None:
        """Have `watch` name `owner` whenever `read_nowait` has something to do."""
        if self._socket is not None:
            self._watch = watch
            watch.add(self._socket, owner)

    def _say_why(self, error: Exception) -> None:
        if isinstance(error, ProtocolError):
            self.connection.outgoing.clear()
            self.connection.disconnect(error.reason_code)
            self.write()

    def write(self, now: float | None = None) -> None:
        """Hand what waits to the network, as far as it takes it; never waits and never fails.

        A connection that has ended says so to whoever reads. Who writes to many lines has looked at
        Trio's clock once, and says what it showed.
        """
        data = self.connection.drain()
        self._send(data if self._layer is None else self._layer.encode(data), now)

    def _send(self, data: bytes, now: float | None = None) -> None:
        if self.unsent:
            self._owed += len(data)
            self.unsent += data
        else:
            self._owed, self.unsent = 0, data
        if self._socket is None:
            return
        try:
            sent = self._socket.send(self.unsent)
        except BlockingIOError:
            return
        except OSError:
            self.unsent = b""
            return
        self.last_sent = trio.current_time() if now is None else now
        self.unsent = self.unsent[sent:]

    async def drain(self) -> None:
        """Return once the network has everything, or the connection has ended."""
        await trio.lowlevel.checkpoint()
        while self.unsent and self._socket is not None:
            try:
                await trio.lowlevel.wait_writable(self._socket)
            except trio.ClosedResourceError:
                return
            self.write()

    def show_life(self, now: float) -> None:
        """Send PINGREQ if the time has come; close if the broker has not answered one.

        A quarter early: the broker must hear from us within the interval (MQTT 5.0, 3.1.2.10), and
        we from it, because a connection that is half open takes what is sent for a long time.
        """
        patience = 0.75 * self.connection.keep_alive
        if not patience or min(self.last_sent, self.last_heard) + patience > now:
            return
        if self._asked <= self.last_heard:
            self._asked = now
            self.connection.ping()
            self.write()
        elif self._asked + patience <= now:
            self._failure = f"has been silent for {patience:g} s"
            self.abort()

    def leave(self, reason_code: int = 0) -> bool:
        """Say DISCONNECT, so that the broker forgets the will, and close; see `abort`.

        With 0x04 it says the will.
        """
        if self._socket is not None:
            self.connection.disconnect(reason_code)
            self.write()
            if self._layer is not None:
                self._send(self._layer.farewell())
        return self.abort()

    def abort(self) -> bool:
        """Close without a word; whoever reads or drains is told that the connection has ended.

        Returns:
            Whether the network had taken all that was written.
        """
        complete, self.unsent = not self.unsent, b""
        if (sock := self._socket) is not None:
            self._socket = None
            if self._watch is not None:
                self._watch.give_up(sock)
            else:
                trio.lowlevel.notify_closing(sock)
                sock.close()
        return complete
