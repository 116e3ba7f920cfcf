"""What is shown of a run so far: kept for whoever looks, and handed on to the terminal."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated

import msgspec
from attrs import define, field
from msgspec import Meta

from iotmock.soak.report.criteria import Judgement
from iotmock.soak.report.measures import Event, Sample, WorstDevice
from iotmock.soak.report.terminal.screen import Course
from iotmock.soak.report.terminal.view import View

_SAMPLES = 3_600
_EVENTS = 500
Seconds = Annotated[float, Meta(description="s after the start")]


class Planned(msgspec.Struct, frozen=True):
    """What is to come, and when."""

    at: Seconds
    label: str


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

    def show(self, sample: Sample, so_far: Sequence[Judgement] = (), /) -> None:
        """See `View`."""
        self._samples.append(sample)
        self._so_far = so_far
        self.terminal.show(sample, so_far)

    def note(self, event: Event) -> None:
        """See `View`."""
        self._events.append(event)
        self.terminal.note(event)

    def so_far(self, since_s: float) -> RunSoFar:
        """Return what there is to see, with the samples after `since_s`."""
        course = self.course
        return RunSoFar(
            name=course.title,
            length_s=course.length_s,
            folder=self.folder,
            planned=[Planned(at, label) for at, label in course.planned],
            samples=[sample for sample in self._samples if sample.t > since_s],
            events=list(self._events),
            thresholds=list(self._so_far),
            worst_devices=list(self.worst()),
        )
