"""What the terminal shows while a run goes on; plain lines where there is no terminal."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.live import Live

from iotmock.soak.report.criteria import Judgement
from iotmock.soak.report.measures import Event, Sample
from iotmock.soak.report.terminal.lines import Lines
from iotmock.soak.report.terminal.screen import Course, Screen


class View(Protocol):
    """What is told how a run goes, as it goes."""

    def show(self, sample: Sample, so_far: Sequence[Judgement] = (), /) -> None:
        """Show the last second, and the thresholds that can be judged already."""
        ...

    def note(self, event: Event) -> None:
        """Show that something happened."""
        ...


@contextmanager
def view(course: Course, console: Console) -> Iterator[View]:
    """Show a run for as long as the block lasts."""
    if not console.is_terminal or console.is_dumb_terminal:
        yield Lines(console, course.length_s)
        return
    with Live(console=console, auto_refresh=False) as live:
        yield Screen(live, course)
