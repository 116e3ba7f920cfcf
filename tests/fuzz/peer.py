"""A peer that may do anything, and notes what it is answered."""

import random
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio
from attrs import define, field

PATHS = (
    "/health",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/api/v1/devices",
    "/api/v1/devices?limit=x",
    "/api/v1/devices/mock-lighting-001",
    "/api/v1/devices/nobody/command",
    "/api/v1/fleets",
    "/api/v1/faults",
    "/nowhere",
    "//",
    "/%ff%00",
    "*",
)
METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "CONNECT",
    "PRI",
    "TRACE",
    "x",
)
BODIES = (b"", b"{", b"[]", b'{"device_type": 1}', b'{"a": "\xff"}', b"[" * 9_000, b" " * 70_000)
_READ_S = 1.0
_RESET = struct.pack("ii", 1, 0)


@define(eq=False)
class Answers:
    """Statuses, over all connections."""

    statuses: Counter[int] = field(factory=Counter)
    connections: int = 0

    def note(self, received: bytes) -> None:
        """Take what came over HTTP/1.1."""
        for part in received.split(b"HTTP/1.1 ")[1:]:
            if part[:3].isdigit():
                self.statuses[int(part[:3])] += 1

    @property
    def faults(self) -> dict[int, int]:
        return {status: count for status, count in self.statuses.items() if status >= 500}


@define(eq=False)
class Peer:
    """One connection of a fuzzer."""

    stream: trio.SocketStream
    chance: random.Random
    answers: Answers

    async def send(self, data: bytes) -> None:
        """Send in pieces, or at once."""
        if self.chance.random() < 0.7:
            return await self.stream.send_all(data)
        for cut in range(0, len(data), step := self.chance.randint(1, 2_000)):
            await self.stream.send_all(data[cut : cut + step])
            await trio.sleep(0.001)
        return None

    async def read(self) -> None:
        """Take what comes for a while."""
        received = bytearray()
        with trio.move_on_after(self.chance.random() * _READ_S):
            async for part in self.stream:
                received += part
        self.answers.note(bytes(received))

    async def part(self) -> None:
        """Leave: at once, by a reset, half, or after having read."""
        match self.chance.randrange(4):
            case 0:
                self.stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            case 1:
                await self.stream.send_eof()
                await self.read()
            case 2:
                await self.read()


@asynccontextmanager
async def peer(port: int, chance: random.Random, answers: Answers) -> AsyncIterator[Peer]:
    """Connect; that the server ends the connection is no error."""
    answers.connections += 1
    try:
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            yield Peer(stream, chance, answers)
    except (trio.BrokenResourceError, trio.ClosedResourceError, OSError):
        pass


def spoil(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with some changed, added, taken away or said twice."""
    spoilt = bytearray(data)
    for _ in range(chance.choice((0, 0, 1, 3, 20))):
        place = chance.randrange(len(spoilt) + 1)
        match chance.randrange(4):
            case 0:
                spoilt[place : place + 1] = chance.randbytes(1)
            case 1:
                spoilt[place:place] = chance.randbytes(chance.randint(1, 40))
            case 2:
                del spoilt[place : place + chance.randint(1, 40)]
            case 3:
                spoilt[place:place] = spoilt[: chance.randint(0, 200)]
    return bytes(spoilt)
