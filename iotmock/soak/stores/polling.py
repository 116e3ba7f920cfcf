"""Waiting for what only counts can tell."""

from collections.abc import Callable

import trio

_LOOK_S = 0.1


async def until(condition: Callable[[], bool]) -> None:
    """Look ten times a second until a condition holds."""
    while not condition():  # noqa: ASYNC110 - it is made of counts, which wake nobody
        await trio.sleep(_LOOK_S)
