"""A run at a terminal: shown while it goes on, and ended in order by Ctrl-C."""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from os import getpid, kill
from pathlib import Path

import trio
from rich.console import Console

from iotmock.actors.errors import leaves
from iotmock.signals import ending_signals
from iotmock.soak.broker.ready import ready
from iotmock.soak.report.measures import RunResult
from iotmock.soak.report.terminal.screen import Course
from iotmock.soak.report.terminal.view import view
from iotmock.soak.run.coordinator import Soak
from iotmock.soak.run.error import SoakError
from iotmock.soak.run.processes.shards import Place
from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.web.serving import showing
from iotmock.soak.web.watch import Watch


async def soak(
    scenario: Scenario,
    console: Console,
    folder: Path,
    place: Place,
    workers: int,
    web: int | None = None,
) -> RunResult:
    """Run a scenario; the first signal ends it with what there is, a second at once.

    `web` is the port of its page, if it is to have one.

    Raises:
        SoakError: the environment is not right; nothing ran.
    """
    course = Course.of(scenario)
    with _alone(), view(course, console) as terminal:
        watch = Watch(course, terminal, str(folder))
        async with (
            _page(watch, web, console),
            ready(scenario) as prepared,
            trio.open_nursery() as nursery,
        ):
            run = Soak(prepared, watch, folder, place, workers)
            watch.worst = run.observer.worst
            nursery.start_soon(_interrupt_at_signal, run)
            result = await run.run()
            nursery.cancel_scope.cancel()
        return result


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


async def _interrupt_at_signal(run: Soak) -> None:
    with trio.open_signal_receiver(*ending_signals()) as signals:
        await anext(signals)
        await run.interrupt()
        again = await anext(signals)
    signal.signal(again, signal.SIG_DFL)
    kill(getpid(), again)
