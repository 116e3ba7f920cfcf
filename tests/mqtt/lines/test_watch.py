"""One wait for many sockets."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from iotmock.mqtt.lines.watch import Watch
from tests.patience import within

pytestmark = pytest.mark.trio


@contextmanager
def pairs(count: int) -> Iterator[list[tuple[socket.socket, socket.socket]]]:
    """Ours, without blocking, and the peer's."""
    with ExitStack() as stack:
        found = [socket.socketpair() for _ in range(count)]
        for ours, theirs in found:
            ours.setblocking(False)
            stack.enter_context(ours)
            stack.enter_context(theirs)
        yield found


async def test_who_has_something_to_read_is_named_until_it_is_read() -> None:
    watch = Watch[int]()
    with pairs(5) as made, within(10):
        for number, (ours, _) in enumerate(made):
            watch.add(ours, number)
        for number in (1, 3):
            made[number][1].send(b"x")
        assert sorted(await watch.wait()) == [1, 3]
        made[1][0].recv(1)
        assert await watch.wait() == [3]


async def test_what_is_given_up_ends_for_the_peer_is_named_once_more_and_closed() -> None:
    watch = Watch[str]()
    with pairs(2) as [(ours, theirs), (other, _)], within(10):
        watch.add(ours, "given up")
        watch.add(other, "quiet")
        watch.give_up(ours)
        assert await watch.wait() == ["given up"]
        assert ours.fileno() == -1
        assert theirs.recv(1) == b""


async def test_what_was_given_up_is_closed_though_nobody_waits() -> None:
    watch = Watch[str]()
    with pairs(1) as [(ours, theirs)], within(10):
        watch.add(ours, "given up")
        theirs.close()
        watch.give_up(ours)
        watch.close()
        assert ours.fileno() == -1
