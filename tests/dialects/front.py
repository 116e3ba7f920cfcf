"""A stand-in for a cloud: TLS in front of mosquitto, that lets through what the cloud would.

It ends a connection for anything else (login, topic, filter, QoS), and remembers why.
"""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme
from attrs import define, field, frozen

from tests.mosquitto import PASSWORD, USERNAME, free_port
from tests.patience import SLACK

_CONNECT, _PUBLISH, _SUBSCRIBE = 1, 3, 8


@frozen
class Login:
    """What a CONNECT says."""

    level: int
    client_id: str
    username: str
    password: str
    has_will: bool


class _RefusedError(Exception):
    """What the cloud would end the connection for."""


Allows = Callable[[str, str], bool]
"""Says whether a client may say, or hear, something at a topic or filter."""


@define(eq=False)
class Front:
    """What the cloud takes, and what it was given."""

    broker_port: int
    tls: ssl.SSLContext
    login: Callable[[Login], bool]
    may_say: Allows
    may_hear: Allows
    port: int = field(factory=free_port)
    logins: list[Login] = field(factory=list)
    offences: list[str] = field(factory=list)
    valid_for: Callable[[Login], float] | None = None
    """For how many seconds a login lets in: one that is still there then is ended."""
    _open: set[asyncio.StreamWriter] = field(factory=set)
    _loop: asyncio.AbstractEventLoop = field(factory=asyncio.new_event_loop)

    @contextmanager
    def running(self) -> Iterator["Front"]:
        ready = threading.Event()
        thread = threading.Thread(target=self._run, args=(ready,))
        thread.start()
        try:
            assert ready.wait(20 * SLACK)
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

    def end_all(self) -> None:
        """End every connection, as when tokens have expired."""
        for one in tuple(self._open):
            self._loop.call_soon_threadsafe(one.close)

    def _run(self, ready: threading.Event) -> None:
        self._loop.set_exception_handler(lambda *_: None)
        server = asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self.tls)
        self._loop.run_until_complete(server)
        self._loop.call_soon(ready.set)
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            login, packet = self._read_connect(await _packet(reader))
            if self.valid_for is not None:
                self._loop.call_later(self.valid_for(login), self._expire, login, writer)
            behind, to_broker = await asyncio.open_connection("127.0.0.1", self.broker_port)
            to_broker.write(packet)
            back = asyncio.ensure_future(_copy(behind, writer))
            try:
                while True:
                    packet = await _packet(reader)
                    self._check(login.client_id, packet)
                    to_broker.write(packet)
            finally:
                to_broker.close()
                back.cancel()
        except _RefusedError as refused:
            self.offences.append(str(refused))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    def _expire(self, login: Login, writer: asyncio.StreamWriter) -> None:
        if writer in self._open:
            self.offences.append(f"{login.client_id} is there when its token expires")
            writer.close()

    def _read_connect(self, packet: bytes) -> tuple[Login, bytes]:
        body = _body(packet)
        level, flags, keep_alive = body[6], body[7], body[8:10]
        texts = list(_texts(body[10:]))
        login = Login(level, texts[0], texts[-2], texts[-1], bool(flags & 4))
        self.logins.append(login)
        if packet[0] >> 4 != _CONNECT or not self.login(login):
            raise _RefusedError(f"login {login}")
        ours = [login.client_id, USERNAME, PASSWORD]
        rest = b"".join(len(one.encode()).to_bytes(2) + one.encode() for one in ours)
        return login, _framed(0x10, body[:7] + bytes([0xC0 | flags & 2]) + keep_alive + rest)

    def _check(self, client_id: str, packet: bytes) -> None:
        kind, body = packet[0] >> 4, _body(packet)
        if kind == _PUBLISH:
            topic = next(_texts(body))
            if packet[0] & 0b0100 or not self.may_say(client_id, topic):
                raise _RefusedError(f"{client_id} says {topic} with flags {packet[0] & 15}")
        elif kind == _SUBSCRIBE:
            topic = next(_texts(body[2:]))
            if body[-1] > 1 or not self.may_hear(client_id, topic):
                raise _RefusedError(f"{client_id} hears {topic} at QoS {body[-1]}")


def certificates(folder: Path, *, of_clients: bool = False) -> tuple[ssl.SSLContext, Path, Path]:
    """Return a server's TLS, the file of its authority, and that of a client's certificate."""
    authority = trustme.CA()
    ca, mine = folder / "ca.pem", folder / "mine.pem"
    authority.cert_pem.write_to_path(ca)
    authority.issue_cert("me").private_key_and_cert_chain_pem.write_to_path(mine)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    if of_clients:
        authority.configure_trust(tls)
        tls.verify_mode = ssl.CERT_REQUIRED
    return tls, ca, mine


async def _packet(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(2)
    while head[-1] & 0x80:
        head += await reader.readexactly(1)
    length = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(head[1:]))
    return head + await reader.readexactly(length)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
    writer.close()


def _body(packet: bytes) -> bytes:
    start = next(place for place in range(1, 5) if not packet[place] & 0x80) + 1
    return packet[start:]


def _texts(body: bytes) -> Iterator[str]:
    while body:
        length = int.from_bytes(body[:2])
        yield body[2 : 2 + length].decode()
        body = body[2 + length :]


def _framed(first: int, body: bytes) -> bytes:
    assert len(body) < 128 * 128
    high, low = divmod(len(body), 128)
    return bytes([first, low | 0x80, high] if high else [first, low]) + body
