"""A run without a terminal: lines that a log can keep."""

from collections.abc import Sequence

from attrs import define
from rich.console import Console

from iotmock.charts.ticks import clock
from iotmock.soak.report.criteria import Judgement
from iotmock.soak.report.measures import Event, Sample
from iotmock.soak.report.terminal.figures import figures
from iotmock.wording.quoted import one_line

_LINE_EVERY_S = 10.0


@define(eq=False)
class Lines:
    """A line every ten seconds, and one for each event."""

    console: Console
    length_s: float
    _next: float = 0.0

    def show(self, sample: Sample, _so_far: Sequence[Judgement] = ()) -> None:
        """See `View`."""
        if sample.t >= self._next:
            self._next = sample.t + _LINE_EVERY_S
            facts = "  ".join(f"{name} {value}" for name, value in figures(sample))
            self._print(f"{clock(sample.where)} of {clock(self.length_s)}  {facts}")

    def note(self, event: Event) -> None:
        """See `View`."""
        self._print(f"{clock(event.t)}: {one_line(event.text)}")

    def _print(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)
