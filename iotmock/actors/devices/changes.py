"""The owner of the roster: carries out every change to its end, whatever becomes of who asked."""

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import structlog
import trio
from attrs import define, field

from iotmock.actors.errors import DeviceBusyError, StoppingError
from iotmock.actors.messages import Reply

log = structlog.get_logger()

MOST_WAITING = 1_000
"""Changes that are asked for and not carried out; beyond them, askers wait."""
MOST_OF_ONE = 16
"""Changes of one name that wait; beyond them, askers are refused, as at a device's inbox."""

T = TypeVar("T")
Deed = Callable[[], Awaitable[T]]


@define(eq=False)
class Change(Generic[T]):
    """One change, and the slot that its asker waits at, if it still does."""

    deed: Deed[T]
    _reply: Reply[T] = field(factory=Reply)
    _is_awaited: bool = True

    async def carry_out(self) -> None:
        """Do it; the error is the asker's, and a complaint where nobody asks any more."""
        try:
            self._reply.answer(await self.deed())
        except Exception as error:
            self._reply.fail(error)
            if not self._is_awaited:
                log.warning("a change was not made, and nobody waits for it", reason=str(error))

    def refuse(self, error: Exception) -> None:
        """Say why it is not done."""
        self._reply.fail(error)

    async def wait(self) -> T:
        """Return what came of it, or raise what it raised."""
        try:
            return await self._reply.wait()
        finally:
            self._is_awaited = False


@define(eq=False)
class Changes:
    """Changes of one name follow each other in the order in which they were asked for.

    Those of different names go on side by side, so that the registry writer makes one write of
    many. The tasks live in the nursery of the supervisor, never in that of who asks.
    """

    most: int = MOST_WAITING
    _lanes: dict[str, deque[Change[Any]]] = field(factory=dict)
    _room: trio.Semaphore = field(init=False)
    _nursery: trio.Nursery | None = None

    def __attrs_post_init__(self) -> None:
        self._room = trio.Semaphore(self.most)

    def begin(self, nursery: trio.Nursery) -> None:
        """Take changes, and carry them out in tasks of this nursery."""
        self._nursery = nursery

    def end(self) -> None:
        """Take no more; those that were taken are carried out."""
        self._nursery = None

    def is_changing(self, name: str) -> bool:
        """Say whether something of this name is waiting to be changed, or being changed."""
        return name in self._lanes

    async def ask(self, name: str, deed: Deed[T]) -> T:
        """Have a change carried out, and return what came of it.

        A caller that is cancelled before there is room has changed nothing; after that, it only
        does not hear of it.

        Raises:
            DeviceBusyError: `MOST_OF_ONE` changes of this name are waiting.
            StoppingError: the service is stopping.
            Exception: what the deed raised.
        """
        if len(self._lanes.get(name, ())) >= MOST_OF_ONE:
            raise DeviceBusyError(name)
        await self._room.acquire()
        if self._nursery is None:
            self._room.release()
            raise StoppingError
        change = Change(deed)
        self._put_in(name, change, self._nursery)
        return await change.wait()

    def _put_in(self, name: str, change: Change[Any], nursery: trio.Nursery) -> None:
        if name in self._lanes:
            self._lanes[name].append(change)
        else:
            self._lanes[name] = deque([change])
            nursery.start_soon(self._follow, name, name=f"changes of {name}")

    async def _follow(self, name: str) -> None:
        lane = self._lanes[name]
        try:
            while lane:
                await lane[0].carry_out()
                self._leave(name)  # before the asker goes on: it may use the name again
        finally:
            for change in tuple(lane):  # the service ends at once
                change.refuse(StoppingError())
                self._leave(name)

    def _leave(self, name: str) -> None:
        lane = self._lanes[name]
        lane.popleft()
        if not lane:
            del self._lanes[name]
        self._room.release()
