"""A task of an actor for as long as a block lasts."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import trio


@asynccontextmanager
async def running(actor: Callable[..., Awaitable[Any]], *args: Any) -> AsyncIterator[None]:
    """Run an actor that says when it has started."""
    async with trio.open_nursery() as nursery:
        await nursery.start(actor, *args)
        yield
        nursery.cancel_scope.cancel()


@asynccontextmanager
async def background(actor: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Run an actor that is there at once."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(actor)
        yield
        nursery.cancel_scope.cancel()
