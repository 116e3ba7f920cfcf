"""How many devices a scenario wants at each moment, and how many messages are due from them.

Pure: what a runner must bring about, and what an offered load is measured against.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from attrs import field, frozen

from iotmock.soak.scenario.scenario import Group, Load, Scenario
from iotmock.soak.scenario.timeline import Pause, Scale

Knot = tuple[float, float]
"""A time (s after the start) and a number of devices; straight between two knots."""


@frozen
class Course:
    """The number of a group's devices over time."""

    knots: Sequence[Knot]

    def at(self, moment_s: float) -> float:
        """Return how many there are at a moment, the later value where it jumps."""
        before = [knot for knot in self.knots if knot[0] <= moment_s]
        after = [knot for knot in self.knots if knot[0] > moment_s]
        if not before or not after:
            return before[-1][1] if before else 0.0
        (begin, low), (end, high) = before[-1], after[0]
        return low + (high - low) * (moment_s - begin) / (end - begin)

    def device_seconds(self, begin: float, end: float) -> float:
        """Return the integral from `begin` to `end`."""
        inner = [knot for knot in self.knots if begin < knot[0] < end]
        knots = [(begin, self.at(begin)), *inner, (end, self._before(end))]
        return sum((b - a) * (low + high) / 2.0 for (a, low), (b, high) in pairwise(knots))

    def _before(self, moment_s: float) -> float:
        earlier = [knot for knot in self.knots if knot[0] < moment_s]
        if earlier and (jumps := [knot for knot in self.knots if knot[0] == moment_s]):
            return jumps[0][1]
        return self.at(moment_s)


@frozen
class Schedule:
    """What a scenario wants of its fleet: devices ramp up, are scaled, pause and ramp down."""

    scenario: Scenario
    courses: dict[str, Course] = field(init=False)

    def __attrs_post_init__(self) -> None:
        courses = {group.own_name: self._course(group) for group in self.scenario.fleet.groups}
        object.__setattr__(self, "courses", courses)

    @property
    def length_s(self) -> float:
        """How long the run takes, without the time for the last messages to arrive."""
        return max(course.knots[-1][0] for course in self.courses.values())

    def lived_s(self, duration_s: float) -> float:
        """Return how many simulated seconds a run is long that has taken so many."""
        load = self.scenario.load
        return self.length_s if load.by_hand else duration_s * load.pace

    @property
    def most_devices(self) -> int:
        """How many devices there are at the most."""
        moments = {at for course in self.courses.values() for at, _ in course.knots}
        return round(max(self.devices(at) for at in moments))

    def devices(self, moment_s: float) -> float:
        """Return how many devices there are at a moment, s after the start."""
        return sum(course.at(moment_s) for course in self.courses.values())

    def device_seconds(self, end: float) -> float:
        """Return how many simulated seconds all devices together live until `end`, without pauses.

        `end` is in s after the start.
        """
        spans = list(self._running(0.0, end))
        courses = self.courses.values()
        lived = sum(course.device_seconds(*span) for course in courses for span in spans)
        return lived * self.scenario.load.pace

    def due(self, begin: float, end: float) -> float:
        """Return how many messages fall due between two moments; a mean, so not a whole number."""
        spans = list(self._running(begin, end))
        return sum(
            self.courses[group.own_name].device_seconds(*span) * self._rate(group)
            for group in self.scenario.fleet.groups
            for span in spans
        )

    def _rate(self, group: Group) -> float:
        load = self.scenario.load
        return load.pace / (group.interval or load.interval)

    def _running(self, begin: float, end: float) -> Iterator[tuple[float, float]]:
        pauses = [phase for phase in self.scenario.phases if isinstance(phase, Pause)]
        for pause in sorted(pauses, key=lambda pause: pause.at):
            if pause.at > begin:
                yield begin, min(pause.at, end)
            begin = min(end, max(begin, pause.at + pause.duration))
        if begin < end:
            yield begin, end

    def _course(self, group: Group) -> Course:
        fleet, load = self.scenario.fleet, self.scenario.load
        knots = list(_ramp_up(group, fleet.count, load))
        for phase in sorted(self.scenario.phases, key=lambda phase: phase.at):
            if isinstance(phase, Scale) and phase.group == group.own_name:
                knots = _moved(knots, phase.at, phase.count, phase.rate)
        own_ramp_down = load.ramp_down and load.ramp_down * group.count / fleet.count
        return Course(_moved(knots, load.duration, 0, own_ramp_down))


def _ramp_up(group: Group, total: int, load: Load) -> Iterator[Knot]:
    """Each group grows in proportion, so that all of them stand at the same time."""
    yield 0.0, 0.0
    yield (total / load.ramp_up if load.ramp_up else 0.0), float(group.count)


def _moved(knots: Sequence[Knot], at: float, count: int, rate: float | None) -> list[Knot]:
    """Return the course up to `at`, and from there to `count` at `rate` devices a second."""
    now = Course(knots).at(at)
    kept = [knot for knot in knots if knot[0] < at]
    return [*kept, (at, now), (at + (abs(count - now) / rate if rate else 0.0), float(count))]
