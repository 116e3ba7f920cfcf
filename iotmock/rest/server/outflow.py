"""A part of an answer on its way to a reader that takes its time, but not for ever."""

import trio
from attrs import define, field


@define(eq=False)
class Outflow:
    """What waits for the reader of one stream is cancelled when it takes nothing in time."""

    patience_s: float
    scope: trio.CancelScope = field(factory=trio.CancelScope)
    _moved: trio.Event = field(factory=trio.Event)

    def __attrs_post_init__(self) -> None:
        self._renew()

    def move(self) -> None:
        """Note that the reader has taken something."""
        self._renew()
        self._moved.set()
        self._moved = trio.Event()

    async def wait_moved(self) -> None:
        """Return once the reader takes something."""
        await self._moved.wait()

    def _renew(self) -> None:
        self.scope.deadline = trio.current_time() + self.patience_s
