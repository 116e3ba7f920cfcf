"""What the terminal shows while a run goes on; plain lines where there is no terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from attrs import define, field
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from iotmock.charts.ticks import clock
from iotmock.soak.report.measures import Event, Sample

_LINE_EVERY_S = 10.0
_EVENTS_SHOWN = 5


class View(Protocol):
    """What is told how a run goes, as it goes."""

    def show(self, sample: Sample) -> None:
        """Show the last second."""
        ...

    def note(self, event: Event) -> None:
        """Show that something happened."""
        ...


@contextmanager
def view(title: str, length_s: float, console: Console) -> Iterator[View]:
    """Show a run of `length_s` seconds for as long as the block lasts."""
    if not console.is_terminal:
        yield Lines(console, length_s)
        return
    with Live(console=console, auto_refresh=False) as live:
        yield Screen(live, title, length_s)


@define(eq=False)
class Lines:
    """A line every ten seconds, and one for each event."""

    console: Console
    length_s: float
    _next: float = 0.0

    def show(self, sample: Sample) -> None:
        """See `View`."""
        if sample.t >= self._next:
            self._next = sample.t + _LINE_EVERY_S
            facts = "  ".join(f"{name} {value}" for name, value in figures(sample))
            self._print(f"{clock(sample.t)} of {clock(self.length_s)}  {facts}")

    def note(self, event: Event) -> None:
        """See `View`."""
        self._print(f"{clock(event.t)}: {event.text}")

    def _print(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)


@define(eq=False)
class Screen:
    """A table that is drawn anew every second, the last events, and how far the run is."""

    live: Live
    title: str
    length_s: float
    _events: list[Event] = field(factory=list)
    _sample: Sample | None = None

    def show(self, sample: Sample) -> None:
        """See `View`."""
        self._sample = sample
        self._draw()

    def note(self, event: Event) -> None:
        """See `View`."""
        self._events = [*self._events, event][-_EVENTS_SHOWN:]
        self._draw()

    def _draw(self) -> None:
        self.live.update(self._picture(), refresh=True)

    def _picture(self) -> RenderableType:
        parts: list[RenderableType] = [Text(self.title, style="bold")]
        if self._sample is not None:
            parts += [_table(self._sample), self._bar(self._sample)]
        parts += [Text(f"{clock(event.t):>14}  {event.text}", "dim") for event in self._events]
        return Group(*parts)

    def _bar(self, sample: Sample) -> RenderableType:
        line = Table.grid(padding=(0, 1), expand=True)
        line.add_column(ratio=1)
        line.add_column(no_wrap=True)
        done = min(sample.t, self.length_s)
        bar = ProgressBar(total=self.length_s or 1.0, completed=done)
        line.add_row(bar, f"{clock(sample.t)} of {clock(self.length_s)}")
        return line


def _table(sample: Sample) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="cyan")
    grid.add_column()
    for name, value in figures(sample):
        grid.add_row(name, Text(value, "bold red" if name == "lost" and sample.lost else ""))
    return grid


def figures(sample: Sample) -> Iterator[tuple[str, str]]:
    """Yield what is shown of a second, by name."""
    yield "phase", sample.phase
    yield "devices", f"{sample.devices:,}"
    rates = (sample.due, sample.sent, sample.received)
    yield "msg/s due/sent/received", "/".join(f"{rate:,.0f}" for rate in rates)
    yield (
        "latency p50/p95/p99 ms",
        _times(sample.latency_p50_ms, sample.latency_p95_ms, sample.latency_p99_ms),
    )
    yield "late p50/p99 ms", _times(sample.lateness_p50_ms, sample.lateness_p99_ms)
    yield "backlog", f"{sample.backlog:,}"
    yield "lost", f"{sample.lost:,}"
    yield "memory generator/receiver MB", _times(sample.generator_mb, sample.receiver_mb)


def _times(*values: float | None) -> str:
    return "/".join("-" if value is None else f"{value:,.{_digits(value)}f}" for value in values)


def _digits(value: float) -> int:
    return 1 if value < 100.0 else 0
