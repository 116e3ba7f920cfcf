"""Turns: who changes a whole waits until nobody changes a part, and the other way round."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio
from attrs import define, field


@define(eq=False)
class Turns:
    """Many beside each other, or one alone; in the order in which they came."""

    _gate: trio.Lock = field(factory=trio.Lock)
    _inside: int = 0
    _left: trio.Event = field(factory=trio.Event)

    @asynccontextmanager
    async def beside(self) -> AsyncIterator[None]:
        """Be there beside others, while nobody is alone."""
        async with self._gate:
            self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
            if not self._inside:
                self._left.set()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Be there alone."""
        async with self._gate:
            while self._inside:
                self._left = trio.Event()
                await self._left.wait()
            yield
