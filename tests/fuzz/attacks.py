"""What peers do: raw bytes, HTTP/1.1, websockets and HTTP/2, whole and spoilt."""

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress

import h2.config
import h2.connection
import h2.events
import trio
from h2.exceptions import H2Error
from wsproto.frame_protocol import FrameProtocol, Opcode

from tests.fuzz.peer import BODIES, METHODS, PATHS, Peer, spoil

_HEADERS = (
    b"Content-Type: application/json",
    b"Content-Length: 3",
    b"Content-Length: -1",
    b"Content-Length: 99999999999999999999",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked",
    b"Expect: 100-continue",
    b"Connection: close",
    b"Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk",
    b"Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: \xff!",
    b"X-Forwarded-Prefix: /\xe9",
    b"X: " + b"y" * 20_000,
    b"Range: bytes=5-1",
    b"Origin: http://[",
    b"Authorization: Bearer \xff",
    b"\x00: \x01",
    b" folded",
)
_HOSTS = (
    b"x",
    b"127.0.0.1:80",
    b"y" * 63 + b":80",
    b"[::1",
    b"\xff.example",
    b"",
    b"a:b:c",
    b"x@y",
)
_BEGUN = (
    b"GET /health HTTP/1.1\r\n",
    b"POST /api/v1/devices HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n",
)
_UPGRADE = (
    b"GET %s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
_MOST_FRAMES = 1_000


async def raw(peer: Peer) -> None:
    """Send noise, a while of it or a lot."""
    await peer.send(peer.chance.randbytes(peer.chance.choice((1, 30, 3_000, 100_000))))


async def http1(peer: Peer) -> None:
    """Send requests, one after another without waiting, some of them broken."""
    for _ in range(peer.chance.choice((1, 1, 2, 30))):
        await peer.send(spoil(_request(peer.chance), peer.chance))


async def dribble(peer: Peer) -> None:
    """Send headers or a body that have no end."""
    begun = (
        b"GET /health HTTP/1.1\r\n",
        b"POST /api/v1/devices HTTP/1.1\r\nContent-Length: 60000\r\n\r\n",
    )
    await peer.send(peer.chance.choice(begun))
    for _ in range(20):
        await peer.send(b"X: y\r\n")
        await trio.sleep(0.05)


async def websocket(peer: Peer) -> None:
    """Ask for a websocket anywhere, and speak it without waiting."""
    frames = FrameProtocol(client=True, extensions=[])
    await peer.send(spoil(_UPGRADE % peer.chance.choice(PATHS).encode(), peer.chance))
    for _ in range(peer.chance.randint(0, 20)):
        said = peer.chance.randbytes(peer.chance.choice((0, 10, 5_000)))
        opcode = peer.chance.choice((Opcode.BINARY, Opcode.PING, Opcode.CLOSE))
        sent = frames.ping(said[:100]) if opcode is Opcode.PING else frames.send_data(said)
        await peer.send(spoil(bytes(sent), peer.chance))


async def http2(peer: Peer) -> None:
    """Do what HTTP/2 allows, in any order and number; now and then spoil the bytes."""
    config = h2.config.H2Configuration(
        validate_outbound_headers=False, normalize_outbound_headers=False
    )
    connection = h2.connection.H2Connection(config)
    connection.initiate_connection()
    for _ in range(peer.chance.choice((1, 5, 50))):
        with suppress(H2Error, ValueError):  # What the library does not do; the rest is sent.
            _frame(peer.chance)(connection, peer.chance)
        data = connection.data_to_send()
        await peer.send(spoil(data, peer.chance) if peer.chance.random() < 0.1 else data)
    await _hear(peer, connection)


async def _hear(peer: Peer, connection: h2.connection.H2Connection) -> None:
    with trio.move_on_after(peer.chance.random()):
        async for data in peer.stream:
            try:
                events = connection.receive_data(bytes(data))
            except H2Error:
                return
            for event in events:
                if isinstance(event, h2.events.ResponseReceived):
                    peer.answers.statuses[int(dict(event.headers)[b":status"])] += 1
            await peer.stream.send_all(connection.data_to_send())


def _request(chance: random.Random) -> bytes:
    body, method = chance.choice(BODIES), chance.choice(METHODS).encode()
    path = chance.choice(PATHS).encode()
    version = chance.choice((b"1.1", b"1.1", b"1.1", b"1.0", b"2.0", b"0.9"))
    lines = [
        b"%s %s HTTP/%s" % (method, path, version),
        b"Host: " + chance.choice(_HOSTS if chance.random() < 0.2 else _HOSTS[:1]),
        *chance.sample(_HEADERS, chance.choice((0, 1, 1, 2, 5))),
    ]
    if chance.random() < 0.5:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


Frame = Callable[[h2.connection.H2Connection, random.Random], object]


def _frame(chance: random.Random) -> Frame:
    return chance.choice((_ask, _ask, _ask, _send, _reset, _flood, _settings, _prioritize, _leave))


def _ask(connection: h2.connection.H2Connection, chance: random.Random) -> None:
    number = connection.get_next_available_stream_id()
    headers = [
        (":method", chance.choice(METHODS)),
        (":path", chance.choice(PATHS)),
        (":scheme", "http"),
        (":authority", "x"),
        ("content-type", "application/json"),
        ("x", "y" * chance.choice((1, 10, 5_000))),
        (":protocol", "websocket"),
    ]
    chosen = headers if chance.random() < 0.1 else headers[:-1]
    if chance.random() < 0.2:
        chosen.pop(chance.randrange(len(chosen)))
    connection.send_headers(number, chosen, end_stream=chance.random() < 0.5)


def _send(connection: h2.connection.H2Connection, chance: random.Random) -> None:
    number = _one_of(connection, chance)
    body = chance.choice(BODIES)[: connection.local_flow_control_window(number)]
    for cut in range(0, len(body), size := connection.max_outbound_frame_size):
        connection.send_data(number, body[cut : cut + size])
    if chance.random() < 0.5:
        connection.end_stream(number)


def _reset(connection: h2.connection.H2Connection, chance: random.Random) -> None:
    connection.reset_stream(_one_of(connection, chance), chance.randrange(14))


def _flood(connection: h2.connection.H2Connection, chance: random.Random) -> None:
    for _ in range(chance.randint(1, _MOST_FRAMES)):
        if chance.random() < 0.9:
            connection.ping(b"12345678")
        else:
            _ask(connection, chance)
            connection.reset_stream(connection.highest_outbound_stream_id)


def _settings(connection: h2.connection.H2Connection, chance: random.Random) -> None:
    value = chance.choice((0, 1, 16_384, 2**31 - 1, 2**32 - 1))
    connection.update_settings({chance.randint(1, 9): value})


def _prioritize(connection: h2.connection.H2Connection, chance: random.Random) -> None:
    numbers = range(1, chance.choice((3, 400, 2_500)), 2)
    for number in numbers:
        connection.prioritize(number, chance.randint(1, 256), chance.choice((0, number + 2)))


def _leave(connection: h2.connection.H2Connection, chance: random.Random) -> None:
    if chance.random() < 0.2:
        connection.close_connection(chance.randrange(14))


def _one_of(connection: h2.connection.H2Connection, chance: random.Random) -> int:
    return chance.randrange(1, connection.get_next_available_stream_id() + 2, 2)


Attack = Callable[[Peer], Awaitable[None]]
ATTACKS: tuple[Attack, ...] = (raw, http1, http1, dribble, websocket, http2, http2)
