"""What is shown of a run so far: kept for whoever looks, and handed on to the terminal."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from math import inf
from typing import Annotated

import msgspec
import trio
from attrs import define, field
from msgspec import Meta

from iotmock.soak.report.criteria import Judgement
from iotmock.soak.report.leaving import Left
from iotmock.soak.report.measures import Event, Sample, WorstDevice
from iotmock.soak.report.terminal.screen import Course
from iotmock.soak.report.terminal.view import View
from iotmock.soak.report.verdict import SAYS

_SAMPLES = 3_600
_EVENTS = 500
_LOOKING_S = 5.0
"""Who has looked since then looks on: a page asks every second."""
_LINGER_S = 3.0
Seconds = Annotated[float, Meta(description="s after the start")]


class Planned(msgspec.Struct, frozen=True):
    """What is to come, and when."""

    at: Seconds
    label: str


class Ended(msgspec.Struct, frozen=True):
    """How a run ended, and where its report is; `not_written` says why there is none."""

    status: str
    says: str
    reasons: list[str]
    report: str | None
    not_written: str | None

    @classmethod
    def of(cls, left: Left) -> "Ended":
        """Return it of what was left."""
        verdict, error = left.report.verdict, left.error
        return cls(
            status=verdict.status.value,
            says=SAYS[verdict.status],
            reasons=verdict.reasons,
            report=str(left.files[0].absolute()) if left.files else None,
            not_written=None if error is None else str(error),
        )


class RunSoFar(msgspec.Struct, frozen=True):
    """A run as it stands; `samples` are those after the one that was asked for."""

    name: str
    length_s: float
    folder: str
    planned: list[Planned]
    samples: list[Sample]
    events: list[Event]
    thresholds: list[Judgement]
    worst_devices: list[WorstDevice]
    ended: Ended | None = None
    """Not before its report was written."""


def _nobody() -> Iterable[WorstDevice]:
    return ()


@define(eq=False)
class Watch:
    """A `View` that remembers: an hour of samples, and the last events."""

    course: Course
    terminal: View
    folder: str
    worst: Callable[[], Iterable[WorstDevice]] = _nobody
    """The devices with most defects so far; set when the run is put together."""
    _samples: deque[Sample] = field(factory=lambda: deque(maxlen=_SAMPLES))
    _events: deque[Event] = field(factory=lambda: deque(maxlen=_EVENTS))
    _so_far: Sequence[Judgement] = ()
    _looked_at: float = -inf
    left: Left | None = field(default=None, init=False)
    """What it has left, once it has ended."""

    def show(self, sample: Sample, so_far: Sequence[Judgement] = (), /) -> None:
        """See `View`."""
        self._samples.append(sample)
        self._so_far = so_far
        self.terminal.show(sample, so_far)

    def note(self, event: Event) -> None:
        """See `View`."""
        self._events.append(event)
        self.terminal.note(event)

    async def end(self, left: Left) -> None:
        """Show how it ended, and stay for as long as it takes whoever looks to see it."""
        self.left, self._so_far = left, left.report.verdict.judgements
        if trio.current_time() - self._looked_at < _LOOKING_S:
            await trio.sleep(_LINGER_S)

    def so_far(self, since_s: float) -> RunSoFar:
        """Return what there is to see, with the samples after `since_s`."""
        self._looked_at = trio.current_time()
        course, left = self.course, self.left
        return RunSoFar(
            name=course.title,
            length_s=course.length_s,
            folder=self.folder,
            planned=[Planned(at, label) for at, label in course.planned],
            samples=[sample for sample in self._samples if sample.t > since_s],
            events=list(self._events),
            thresholds=list(self._so_far),
            worst_devices=list(self.worst()),
            ended=None if left is None else Ended.of(left),
        )
