"""Which version of MQTT a broker is spoken to in: 5, unless it shows that it does not speak it."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import anyio
from attrs import define, evolve, field, frozen

from iotmock.mqtt.codec.packets import Protocol
from iotmock.mqtt.errors import HandshakeFailed, UnsupportedProtocol
from iotmock.mqtt.options import ConnectOptions

T = TypeVar("T")

_TIMES, _LEAST_PATIENCE_S = 10.0, 2.0
"""A broker that has just answered is silent on purpose after so many times as long, and so many s.
"""
_MOST_LOST = 3
"""How often in a row silence is no answer from a broker that speaks the newer version to others."""


@frozen
class Dialogue(Generic[T]):
    """How one connects: both take a version and a timeout in s, and raise the same errors.

    `attempt` returns the connection, `visit` leaves at once, and nothing behind.
    """

    attempt: Callable[[Protocol, float], Awaitable[T]]
    visit: Callable[[Protocol, float], Awaitable[None]]


@define
class Spoken:
    """What all clients of one broker know: whether it has answered one in the newer version."""

    newer: bool = False


@define
class Versions:
    """What one client has found out about its broker; it outlives a connection.

    A broker may refuse a version (0x84, or 0x01 in 3.1.1), or close or say nothing where it does
    not know one. But a lost handshake looks the same: so silence counts only if the older version
    is welcomed meanwhile, and the newer one fails again. Each connection tries the newer one first.
    Where others are spoken to in the newer one, what a slow machine makes of it is no silence.
    """

    broker: Spoken = field(factory=Spoken)
    turned_away: bool = False
    """Whether the newer version was refused, or met with silence twice, and the older one not."""
    _lost: int = 0
    """How many connects came to nothing so, although the broker speaks the newer version."""

    async def connect(self, options: ConnectOptions, dialogue: Dialogue[T]) -> T:
        """Return the connection in the newest version that the broker speaks.

        Raises:
            ConnectFailed, ConnectRefused: none came about, and why.
        """
        timeout = options.connect_timeout
        newer, *older = options.protocols
        if not older:
            return await dialogue.attempt(newer, timeout)
        try:
            made = await self._insist(newer, older[0], timeout, dialogue)
        except UnsupportedProtocol:
            self._note(newer=False)
            made = await dialogue.attempt(older[0], timeout)
            self.turned_away = True
        else:
            self._note(newer=True)
        return made

    def _note(self, *, newer: bool) -> None:
        self.turned_away, self._lost, self.broker.newer = False, 0, newer

    async def _insist(
        self, newer: Protocol, older: Protocol, timeout: float, dialogue: Dialogue[T]
    ) -> T:
        try:
            return await dialogue.attempt(newer, timeout / 2)
        except HandshakeFailed as error:
            if self.turned_away and not self.broker.newer:
                raise _unsupported() from error
        began = anyio.current_time()
        await dialogue.visit(older, timeout)
        enough = max(_LEAST_PATIENCE_S, _TIMES * (anyio.current_time() - began))
        try:
            return await dialogue.attempt(newer, min(timeout, enough))
        except HandshakeFailed as error:
            if self.broker.newer and self._lost < _MOST_LOST:
                self._lost += 1
                raise
            raise _unsupported() from error


def for_a_visit(options: ConnectOptions) -> ConnectOptions:
    """Return how to connect only to see whether one is welcome: there is no will."""
    return evolve(options, will=None)


def _unsupported() -> UnsupportedProtocol:
    return UnsupportedProtocol(0x84, "the broker answers nothing in this version of MQTT")
