"""The same for many, some at a time: so that the registry writer makes one write of several."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import trio

AT_A_TIME = 32

T = TypeVar("T")


async def side_by_side(items: Sequence[T], deed: Callable[[T], Awaitable[None]]) -> None:
    """Carry out a deed for each item; they begin in order, `AT_A_TIME` of them side by side."""
    coming = iter(items)

    async def work() -> None:
        for item in coming:
            await deed(item)

    async with trio.open_nursery() as nursery:
        for _ in items[:AT_A_TIME]:
            nursery.start_soon(work)
