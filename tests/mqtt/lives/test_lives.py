"""Whole lives of client, line and session over real sockets, against a broker out of its mind."""

import os
import socket
import time
from collections.abc import Iterator
from functools import partial
from itertools import count
from random import Random

import pytest
import trio
from structlog.testing import capture_logs

from iotmock.mqtt import V5, Client, ConnectOptions, Session
from tests.mqtt.lives.owner import Owner
from tests.mqtt.lives.peer import Peer

SECONDS = float(os.environ.get("IOTMOCK_FUZZ_SECONDS", "30"))
FIRST = int(os.environ.get("IOTMOCK_FUZZ_SEED", "0")) or time.time_ns() // 1_000
AT_ONCE = 8
LIFE_S = 30.0


@pytest.mark.timeout(SECONDS + 2 * LIFE_S)
def test_no_peer_ends_more_than_its_own_connection() -> None:
    with capture_logs() as log:
        trio.run(_lives)
    assert not log, "an error of ours was met on the way"


async def _lives() -> None:
    numbers, deadline = count(FIRST), trio.current_time() + SECONDS
    async with trio.open_nursery() as nursery:
        for _ in range(AT_ONCE):
            nursery.start_soon(_one_after_the_other, numbers, deadline)


async def _one_after_the_other(numbers: Iterator[int], deadline: float) -> None:
    while trio.current_time() < deadline:
        seed = next(numbers)
        try:
            with trio.fail_after(LIFE_S):
                await _life(seed)
        except BaseException as error:
            error.add_note(f"this life again: IOTMOCK_FUZZ_SEED={seed}")
            raise


async def _life(seed: int) -> None:
    chance = Random(seed)
    session = Session(window=chance.choice([1, 20, 500]))
    async with trio.open_nursery() as nursery:
        honest = trio.Event()
        serve = partial(trio.serve_tcp, partial(_serve, chance, honest), 0, host="127.0.0.1")
        listeners = await nursery.start(serve)
        port = listeners[0].socket.getsockname()[1]
        owner = Owner(chance, session, port)
        for _ in range(chance.randint(1, 4)):
            await owner.live()
        honest.set()
        await _settles(port, session)
        nursery.cancel_scope.cancel()


async def _serve(chance: Random, honest: trio.Event, stream: trio.SocketStream) -> None:
    stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, chance.choice([4_096, 1 << 20]))
    await Peer(chance, stream, stream.socket, honest.is_set()).live()


async def _settles(port: int, session: Session) -> None:
    """Whatever was met: a broker in its right mind gets all that was kept, and answers it."""
    options = ConnectOptions("owner", protocols=(V5,), connect_timeout=5.0)
    async with Client("127.0.0.1", port, options, session) as client:
        await client.wait_settled()
    assert session.in_flight == 0
