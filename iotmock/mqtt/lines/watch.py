"""The watch: one wait for many sockets, in place of a task and a system call for each."""

import socket
from contextlib import suppress
from typing import Generic, TypeVar

import trio
from attrs import define, field

from iotmock.mqtt.lines.poll import Poll

T = TypeVar("T")


@define(eq=False)
class Watch(Generic[T]):
    """Sockets and whose they are. Nothing here reads; a socket that was given up is closed here."""

    _poll: Poll = field(factory=Poll)
    _owners: dict[int, T] = field(factory=dict)
    """By the number of the socket's file."""
    _given_up: dict[int, socket.socket] = field(factory=dict)

    def add(self, sock: socket.socket, owner: T) -> None:
        """Say when there is something to read for `owner`."""
        self._poll.register(sock.fileno())
        self._owners[sock.fileno()] = owner

    def give_up(self, sock: socket.socket) -> None:
        """End a connection without a word; its owner is named once more, and it is closed."""
        self._given_up[sock.fileno()] = sock
        with suppress(OSError):  # it has ended already
            sock.shutdown(socket.SHUT_RDWR)

    async def wait(self) -> list[T]:
        """Return who has something to read, or has nothing more to expect."""
        await trio.lowlevel.wait_readable(self._poll.fileno())
        files = self._poll.ready()
        owners = self._owners
        found = [owners[file] for file in files]
        if self._given_up:
            for file in files:
                if file in self._given_up:
                    self._close(file)
        return found

    def close(self) -> None:
        """Close what was given up, as nobody waits any more."""
        for file in tuple(self._given_up):
            self._close(file)

    def _close(self, file: int) -> None:
        sock = self._given_up.pop(file)
        self._poll.unregister(file)
        del self._owners[file]
        trio.lowlevel.notify_closing(sock)  # somebody may wait to write
        sock.close()
