"""The watch: one wait for many sockets, in place of a task and a system call for each."""

import selectors
import socket
from contextlib import suppress
from typing import Generic, TypeVar

import trio
from attrs import define, field

T = TypeVar("T")


@define(eq=False)
class Watch(Generic[T]):
    """Sockets and whose they are. Nothing here reads; a socket that was given up is closed here."""

    _poll: selectors.DefaultSelector = field(factory=selectors.DefaultSelector)
    """epoll or kqueue, which can themselves be waited for."""
    _given_up: set[socket.socket] = field(factory=set)

    def add(self, sock: socket.socket, owner: T) -> None:
        """Say when there is something to read for `owner`."""
        self._poll.register(sock, selectors.EVENT_READ, owner)

    def give_up(self, sock: socket.socket) -> None:
        """End a connection without a word; its owner is named once more, and it is closed."""
        self._given_up.add(sock)
        with suppress(OSError):  # it has ended already
            sock.shutdown(socket.SHUT_RDWR)

    async def wait(self) -> list[T]:
        """Return who has something to read, or has nothing more to expect."""
        await trio.lowlevel.wait_readable(self._poll.fileno())
        found = self._poll.select(0)
        if self._given_up:
            for key, _ in found:
                if key.fileobj in self._given_up:
                    self._close(key.fileobj)
        return [key.data for key, _ in found]

    def close(self) -> None:
        """Close what was given up, as nobody waits any more."""
        for sock in tuple(self._given_up):
            self._close(sock)

    def _close(self, sock: socket.socket) -> None:
        self._given_up.discard(sock)
        self._poll.unregister(sock)
        trio.lowlevel.notify_closing(sock)  # somebody may wait to write
        sock.close()
