"""A run at a terminal of 80 columns and 24 lines, drawn anew every second."""

from collections.abc import Sequence
from itertools import zip_longest

from attrs import define, field, frozen
from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from iotmock.charts.ticks import clock
from iotmock.soak.report.criteria import Judgement
from iotmock.soak.report.measures import Event, Sample
from iotmock.soak.report.terminal.figures import figures
from iotmock.soak.report.verdict import in_unit
from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.scenario.schedule import Schedule
from iotmock.wording.quoted import one_line

_EVENTS_SHOWN = 5
_NAME, _WRONG, _RIGHT, _BESIDE = "cyan", "bold red", "green", "dim"


@frozen
class Course:
    """What a run is to be: its name, its length, and what is planned, by the time it begins (s)."""

    title: str
    length_s: float
    planned: Sequence[tuple[float, str]] = ()

    @classmethod
    def of(cls, scenario: Scenario) -> "Course":
        """Return that of a scenario."""
        length_s = Schedule(scenario).length_s
        planned = [(one.at, one.label) for one in (*scenario.phases, *scenario.campaigns)]
        return cls(scenario.name, length_s, [*sorted(planned), (length_s, "the end")])

    def next_after(self, moment_s: float) -> tuple[float, str] | None:
        """Return what comes next, and when; None once nothing does."""
        return next((one for one in self.planned if one[0] > moment_s), None)


@define(eq=False)
class Screen:
    """The figures of the last second, how far the run is, what comes, thresholds, last events."""

    live: Live
    course: Course
    _events: list[Event] = field(factory=list)
    _sample: Sample | None = None
    _so_far: Sequence[Judgement] = ()

    def show(self, sample: Sample, so_far: Sequence[Judgement] = ()) -> None:
        """See `View`."""
        self._sample, self._so_far = sample, so_far
        self._draw()

    def note(self, event: Event) -> None:
        """See `View`."""
        self._events = [*self._events, event][-_EVENTS_SHOWN:]
        self._draw()

    def _draw(self) -> None:
        self.live.update(self._picture(), refresh=True)

    def _picture(self) -> RenderableType:
        parts: list[RenderableType] = [Text(self.course.title, style="bold")]
        if self._sample is not None:
            parts += [_table(self._sample), self._bar(self._sample), self._next(self._sample)]
        if self._so_far:
            parts.append(_thresholds(self._so_far))
        parts += [_line(f"{clock(event.t):>14}  {one_line(event.text)}") for event in self._events]
        return Group(*parts)

    def _bar(self, sample: Sample) -> RenderableType:
        line = Table.grid(padding=(0, 1), expand=True)
        line.add_column(ratio=1)
        line.add_column(no_wrap=True)
        length_s = self.course.length_s
        bar = ProgressBar(
            total=length_s or 1.0,
            completed=min(sample.where, length_s),
            style="bright_black",
            # What is usual in rich looks like an alarm.
            complete_style="cyan",
            finished_style="green",
        )
        line.add_row(bar, f"{clock(sample.where)} of {clock(length_s)}")
        return line

    def _next(self, sample: Sample) -> RenderableType:
        comes = self.course.next_after(sample.where)
        if comes is None:
            return _line("waiting for the last messages")
        at, text = comes
        return _line(f"next, in {clock(at - sample.where)}: {text}", "")


def _line(text: str, style: str = _BESIDE) -> Text:
    return Text(text, style, no_wrap=True, overflow="ellipsis")


def _table(sample: Sample) -> Table:
    grid = Table.grid(padding=(0, 2))
    # What goes on may be long: its column gives way, as rich lets those that could wrap.
    grid.add_column(style=_NAME, no_wrap=True)
    grid.add_column()
    for name, value in figures(sample):
        grid.add_row(name, _line(value, _WRONG if name == "lost" and sample.lost else ""))
    return grid


def _thresholds(so_far: Sequence[Judgement]) -> Table:
    """Return two in a line: with all there are the screen still has 24."""
    grid = Table.grid(padding=(0, 1), expand=True)
    for _ in range(2):
        grid.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    half = -(-len(so_far) // 2)
    for left, right in zip_longest(so_far[:half], so_far[half:]):
        grid.add_row(*(_judged(one) for one in (left, right) if one is not None))
    return grid


def _judged(one: Judgement) -> Text:
    limit = in_unit(one.limit, one.unit)
    if one.measured is None:
        return Text(f"-    {one.title}: at most {limit}", _BESIDE)
    word, style = ("ok  ", _RIGHT) if one.passed else ("over", _WRONG)
    figure = in_unit(one.measured, one.unit)
    return Text.assemble((word, style), f" {one.title} {figure} of {limit}")
