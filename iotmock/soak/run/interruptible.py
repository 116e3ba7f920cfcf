"""A run at a terminal: shown while it goes on, and ended in order by Ctrl-C."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import trio
from attrs import define, field
from rich.console import Console

from iotmock.actors.errors import leaves
from iotmock.signals import heed_signals
from iotmock.soak.broker.ready import ready
from iotmock.soak.report.leaving import Left, leave
from iotmock.soak.report.report import report_on
from iotmock.soak.report.terminal.screen import Course
from iotmock.soak.report.terminal.view import view
from iotmock.soak.run.coordinator import Soak
from iotmock.soak.run.error import SoakError
from iotmock.soak.run.leftovers import abandon
from iotmock.soak.run.processes.shards import Place
from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.web.serving import showing
from iotmock.soak.web.watch import Watch

_NAMED = 5
_CLEAR = "docs/how-to/soak.md says how to clear it"


async def soak(
    scenario: Scenario,
    console: Console,
    folder: Path,
    place: Place,
    workers: int,
    web: int | None = None,
) -> Left:
    """Run a scenario and leave its report in a folder.

    The first signal ends it with what there is, a second at once, but for a moment in which the
    broker is cleared; a third does not wait for that. `web` is the port of its page, if
    it is to have one; it is there until whoever looks at it has seen the verdict.

    Raises:
        SoakError: the environment is not right; nothing ran.
        KeyboardInterrupt: the signal came before anything ran.
    """
    course, end = Course.of(scenario), _End(console)
    with _alone(), view(course, console) as terminal:
        watch = Watch(course, terminal, str(folder))
        async with trio.open_nursery() as nursery:
            await nursery.start(heed_signals, end.ask, end.hurry)
            with end.of_start:
                async with _page(watch, web, console):
                    async with ready(scenario) as prepared:
                        end.run = Soak(prepared, watch, folder, place, workers)
                        watch.worst = end.run.observer.worst
                        result = await end.run.run()
                    left = await trio.to_thread.run_sync(leave, report_on(result), folder)
                    end.left = left
                    with end.of_page:
                        await watch.end(left)
            nursery.cancel_scope.cancel()
        if end.of_start.cancelled_caught:
            raise KeyboardInterrupt
        return left


@define
class _End:
    """What a signal asks for: of a start that it is cancelled, of a run and a page that it ends."""

    console: Console
    of_start: trio.CancelScope = field(factory=trio.CancelScope)
    of_page: trio.CancelScope = field(factory=trio.CancelScope)
    run: Soak | None = None
    left: Left | None = None

    async def ask(self, number: int) -> None:  # noqa: ARG002
        if self.left is not None:
            self.of_page.cancel()
        elif self.run is None:
            self.of_start.cancel()
        else:
            await self.run.interrupt()

    async def hurry(self) -> None:
        """Clear what the broker retains, or say what it may retain."""
        if self.run is not None and (left := await abandon(self.run.workers, self.run.commander)):
            more = f" and {len(left) - _NAMED:,} more" if len(left) > _NAMED else ""
            text = f"the broker may retain {', '.join(left[:_NAMED])}{more}: {_CLEAR}"
            self.console.print(text, markup=False, highlight=False, soft_wrap=True)


@asynccontextmanager
async def _page(watch: Watch, port: int | None, console: Console) -> AsyncIterator[None]:
    if port is None:
        yield
        return
    async with AsyncExitStack() as stack:
        try:
            url = await stack.enter_async_context(showing(watch, port))
        except OSError as error:
            why = os.strerror(error.errno or 0)  # its own text names the address twice
            text = f"--web {port} can not be listened at: {why}; give another port"
            raise SoakError(text) from error
        console.print(f"watch it at {url}", highlight=False, soft_wrap=True)
        yield


@contextmanager
def _alone() -> Iterator[None]:
    """Raise a `SoakError` without the groups around it."""
    found: list[SoakError] = []
    try:
        yield
    except* SoakError as group:
        found = list(leaves(group))
    if found:
        raise found[0]
