"""Lines between processes."""

from collections.abc import AsyncIterator

import trio

_CHUNK = 1 << 16


async def read_lines(stream: trio.abc.ReceiveStream) -> AsyncIterator[bytes]:
    """Yield each whole line, without its end, until the stream ends."""
    rest: list[bytes] = []
    while chunk := await stream.receive_some(_CHUNK):
        first, *others = bytes(chunk).split(b"\n")
        rest.append(first)
        for part in others:
            yield b"".join(rest)
            rest = [part]
