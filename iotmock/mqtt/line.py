"""A line: one connection among thousands, with no task but the one that reads it."""

import errno
import os
import socket
import ssl
from collections.abc import Callable
from typing import Any

import trio
from attrs import define, field, frozen

from iotmock.mqtt.connection import Connection
from iotmock.mqtt.errors import (
    ConnectFailed,
    ConnectionLost,
    ConnectRefused,
    HandshakeFailed,
    ProtocolError,
    SubscribeRefused,
)
from iotmock.mqtt.loss import as_lost
from iotmock.mqtt.packets import Subscription
from iotmock.mqtt.quick_ack import acknowledge_at_once
from iotmock.mqtt.tls import TlsLayer

_READ_SIZE = 4_096
_REFUSAL = 0x80
_BIND_ADDRESS_NO_PORT = 24
"""IP_BIND_ADDRESS_NO_PORT (linux/in.h), which Python has no name for: the port is chosen at
connect, by the whole of both addresses, and not for the source address alone."""


@frozen
class Address:
    """A broker that was looked up: where to connect to, and from which source address."""

    place: str
    host: str
    family: int
    target: Any
    source: str | None = None


async def look_up(host: str, port: int) -> Address:
    """Return the first address of a host.

    Raises:
        ConnectFailed: there is none.
    """
    try:
        found = await trio.socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ConnectFailed(f"{host} can not be looked up: {error.strerror}") from error
    family, _, _, _, target = found[0]
    return Address(f"{host}:{port}", host, family, target)


@define(eq=False)
class Line:
    """Moves bytes between a socket and a `Connection`. Only `open`, `read` and `drain` wait.

    What the network does not take at once is in `unsent`; whoever offers more waits with `drain`.
    """

    connection: Connection
    address: Address
    unsent: bytes = field(default=b"", repr=False)
    last_sent: float = 0.0
    last_heard: float = 0.0
    _asked: float = 0.0
    _failure: str = "closed the connection"
    _socket: socket.socket | None = None
    _tls: TlsLayer | None = None

    async def open(
        self, tls: ssl.SSLContext | None, subscriptions: tuple[Subscription, ...], timeout: float
    ) -> None:
        """Connect within `timeout` seconds, shake hands, and subscribe.

        Raises:
            ConnectFailed, ConnectRefused, SubscribeRefused: no connection came about, and why.
        """
        error: type[ConnectFailed] = ConnectFailed
        try:
            with trio.fail_after(timeout):
                await self._connect()
                error = HandshakeFailed
                await self._shake_hands(tls)
                await self._subscribe(subscriptions)
        except trio.TooSlowError:
            self.abort()
            raise error(f"{self.address.place} does not answer") from None
        except BaseException:
            self.abort()
            raise

    async def _connect(self) -> None:
        try:
            self._socket = _socket_of(self.address)
            code = self._socket.connect_ex(self.address.target)
            if code == errno.EINPROGRESS:
                await trio.lowlevel.wait_writable(self._socket)
                code = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                raise OSError(code, os.strerror(code))
        except OSError as error:
            raise ConnectFailed(_why(error, self.address)) from error

    async def _shake_hands(self, tls: ssl.SSLContext | None) -> None:
        connection, place = self.connection, self.address.place
        try:
            if tls is not None:
                await self._secure(tls)
            self.write()
            while connection.connack is None:
                await self.read()
        except ssl.SSLError as error:
            raise ConnectFailed(f"{place} and we agree on no TLS: {error}") from error
        except ConnectionLost as error:
            if isinstance(error.__cause__, ProtocolError):
                raise HandshakeFailed(f"{place} answered no MQTT: {error.__cause__}") from error
            raise HandshakeFailed(f"{place} closed the connection at once") from error

    async def _secure(self, context: ssl.SSLContext) -> None:
        self._tls = TlsLayer(context, self.address.host)
        while not self._tls.shake_hands():
            self._send(self._tls.to_send())
            self._tls.feed(await self._receive())

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
        data = await self._receive()
        self.last_heard = trio.current_time()
        try:
            self.connection.receive(self._tls.decrypt(data) if self._tls else data)
        except ConnectRefused:
            raise
        except Exception as error:  # what a peer does ends its connection, no more
            self._say_why(error)
            raise as_lost(self.address.place, error) from error
        if self.connection.outgoing:
            self.write()

    async def _receive(self) -> bytes:
        while (open_socket := self._socket) is not None:
            try:
                await trio.lowlevel.wait_readable(open_socket)
                data = open_socket.recv(_READ_SIZE)
            except BlockingIOError:
                continue
            except (OSError, trio.ClosedResourceError):
                break
            if data:
                acknowledge_at_once(open_socket)
                return data
            break
        raise ConnectionLost(f"{self.address.place} {self._failure}")

    def _say_why(self, error: Exception) -> None:
        if isinstance(error, ProtocolError):
            self.connection.outgoing.clear()
            self.connection.disconnect(error.reason_code)
            self.write()

    def write(self) -> None:
        """Hand what waits to the network, as far as it takes it; never waits and never fails.

        A connection that has ended says so to whoever reads.
        """
        data = self.connection.drain()
        self._send(data if self._tls is None else self._tls.encrypt(data))

    def _send(self, data: bytes) -> None:
        self.unsent = self.unsent + data if self.unsent else data
        if self._socket is None:
            return
        try:
            sent = self._socket.send(self.unsent)
        except BlockingIOError:
            return
        except OSError:
            self.unsent = b""
            return
        self.last_sent = trio.current_time()
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

    def leave(self) -> bool:
        """Say DISCONNECT, so that the broker forgets the will, and close; see `abort`."""
        if self._socket is not None:
            self.connection.disconnect()
            self.write()
        return self.abort()

    def abort(self) -> bool:
        """Close without a word; whoever reads or drains is told that the connection has ended.

        Returns:
            Whether the network had taken all that was written.
        """
        complete, self.unsent = not self.unsent, b""
        if self._socket is not None:
            trio.lowlevel.notify_closing(self._socket)
            self._socket.close()
            self._socket = None
        return complete


def _socket_of(address: Address) -> socket.socket:
    made = socket.socket(address.family, socket.SOCK_STREAM)
    made.setblocking(False)
    _quietly(made.setsockopt, socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if address.source is not None:
        _quietly(made.setsockopt, socket.IPPROTO_IP, _BIND_ADDRESS_NO_PORT, 1)
        try:
            made.bind((address.source, 0))
        except OSError:
            made.close()
            raise
    return made


def _quietly(set_option: Callable[..., None], *option: int) -> None:
    try:
        set_option(*option)
    except OSError:
        return  # not of this system; nothing depends on it but speed


def _why(error: OSError, address: Address) -> str:
    match error.errno:
        case errno.EMFILE | errno.ENFILE:
            return f"no more connections may be opened here: {error.strerror} (see ulimit -n)"
        case errno.EADDRNOTAVAIL:
            source = address.source or "this machine"
            return (
                f"{source} has no free port for {address.place}, or is not an address of this "
                "machine; about 28,000 connections fit one source address"
            )
    reason = error.strerror or errno.errorcode.get(error.errno or 0, "")
    return f"nothing answers at {address.place}: {reason}"
