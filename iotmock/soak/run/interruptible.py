"""A run at a terminal: shown while it goes on, and ended in order by Ctrl-C."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
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


async def soak(
    scenario: Scenario, console: Console, folder: Path, place: Place, workers: int
) -> RunResult:
    """Run a scenario; the first signal ends it with what there is, a second at once.

    Raises:
        SoakError: the environment is not right; nothing ran.
    """
    with _alone(), view(Course.of(scenario), console) as shown:
        async with ready(scenario) as prepared, trio.open_nursery() as nursery:
            run = Soak(prepared, shown, folder, place, workers)
            nursery.start_soon(_interrupt_at_signal, run)
            result = await run.run()
            nursery.cancel_scope.cancel()
        return result


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
