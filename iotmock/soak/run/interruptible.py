"""A run at a terminal: shown while it goes on, and ended in order by Ctrl-C."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trio
from attrs import define, field
from rich.console import Console

from iotmock.actors.errors import leaves
from iotmock.signals import heed_signals
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
        KeyboardInterrupt: the signal came before anything ran.
    """
    end = _End()
    with _alone(), view(Course.of(scenario), console) as shown:
        async with trio.open_nursery() as nursery:
            await nursery.start(heed_signals, end.ask)
            with end.of_start:
                async with ready(scenario) as prepared:
                    end.run = Soak(prepared, shown, folder, place, workers)
                    result = await end.run.run()
            nursery.cancel_scope.cancel()
        if end.of_start.cancelled_caught:
            raise KeyboardInterrupt
        return result


@define
class _End:
    """What a signal asks for: of a start that it is cancelled, of a run that it ends."""

    of_start: trio.CancelScope = field(factory=trio.CancelScope)
    run: Soak | None = None

    async def ask(self, number: int) -> None:  # noqa: ARG002
        if self.run is None:
            self.of_start.cancel()
        else:
            await self.run.interrupt()


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
