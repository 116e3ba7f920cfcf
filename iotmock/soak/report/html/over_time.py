"""A run as charts over time: rates, latencies, backlog, loss, memory, with the timeline in each."""

from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import groupby
from math import log10

from attrs import frozen

from iotmock.history.page.document import section
from iotmock.history.page.svg import Frame, Label, axes, chart, line, mark, ticks
from iotmock.soak.report.measures import Event, RunResult, Sample

_WIDTH, _HEIGHT = 1080.0, 210.0
_COLUMNS = 540
_MOST_MARKS = 40
_MARK_WIDTH = 14.0
_STEPS_S = (
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1_800,
    3_600,
    7_200,
    14_400,
    43_200,
    86_400,
)
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_LEAST_MS = 0.1

STYLE = """
.mark line{stroke:var(--soft);stroke-dasharray:3 3}.mark rect{fill:var(--soft);opacity:.12}
.mark text{font-size:10px}.due{stroke:var(--soft);stroke-width:3;opacity:.45}
.low{stroke:var(--s4)}.mid{stroke:var(--s6)}.high{stroke:var(--s8)}
.limit{stroke:var(--other);stroke-dasharray:6 4}
.key i.due{background:var(--soft);opacity:.45}.key i.low{background:var(--s4)}
.key i.mid{background:var(--s6)}.key i.high{background:var(--s8)}
.key i.other,.key i.limit{background:var(--other)}
.key i:not(:first-child){margin-left:16px}
"""

Of = Callable[[Sample], float | None]
Point = tuple[float, float]


@frozen
class Curve:
    """One line of a chart; `style` is its class, and where samples are joined `join` does it."""

    name: str
    style: str
    of: Of
    join: Callable[[Sequence[float]], float] = max


def mean(values: Sequence[float]) -> float:
    """Return the mean."""
    return sum(values) / len(values)


RATES = (
    Curve("due", "due", lambda sample: sample.due, mean),
    Curve("sent", "line", lambda sample: sample.sent, mean),
    Curve("received", "other", lambda sample: sample.received, mean),
)
LATENCIES = (
    Curve("p50", "low", lambda sample: sample.latency_p50_ms),
    Curve("p95", "mid", lambda sample: sample.latency_p95_ms),
    Curve("p99", "high", lambda sample: sample.latency_p99_ms),
)
LATENESS = (
    Curve("p50", "low", lambda sample: sample.lateness_p50_ms),
    Curve("p99", "high", lambda sample: sample.lateness_p99_ms),
)
DEVICES = (Curve("devices", "line", lambda sample: float(sample.devices)),)
BACKLOG = (Curve("messages the generator holds", "line", lambda sample: float(sample.backlog)),)
LOST = (Curve("messages lost since the start", "other", lambda sample: float(sample.lost)),)
MEMORY = (
    Curve("generator", "line", lambda sample: sample.generator_mb),
    Curve("receiver", "other", lambda sample: sample.receiver_mb),
)


def charts(result: RunResult) -> Iterator[str]:
    """Yield the charts of a run as sections of a page; none if there are no samples."""
    if not result.samples:
        return
    limits = result.scenario.thresholds
    over = OverTime(result.samples, result.events)
    yield over.section("Messages a second", RATES)
    yield over.section("Latency, due to received, ms", LATENCIES, limit=limits.latency_p99_ms)
    yield over.section("Lateness of the generator, ms", LATENESS, limit=limits.lateness_p99_ms)
    yield over.section("Backlog", BACKLOG)
    yield over.section("Loss", LOST)
    yield over.section("Devices", DEVICES)
    yield over.section("Memory, MB", MEMORY)


@frozen
class OverTime:
    """Draws curves over the time of a run; the first so many events are marked by number."""

    samples: Sequence[Sample]
    events: Sequence[Event]

    @property
    def end(self) -> float:
        """The last moment, s after the start."""
        return self.samples[-1].t

    def section(self, title: str, curves: Sequence[Curve], limit: float | None = None) -> str:
        """Return a chart with its key; times have a logarithmic scale and a line for the limit."""
        drawn = [(curve, self.points(curve)) for curve in curves]
        drawn = [(curve, points) for curve, points in drawn if points]
        if not drawn:
            return section(title, '<p class="key">not measured</p>')
        values = [value for _, points in drawn for _, value in points]
        scale = Scale.of_times(values) if title.endswith("ms") else Scale.of_numbers(values)
        frame = Frame(_WIDTH, _HEIGHT, (0.0, self.end), (scale.low, scale.high))
        parts = axes(frame, time_labels(self.end), "", scale.labels)
        parts += self._marks(frame)
        for curve, points in drawn:
            parts += [line(frame, run, curve.style) for run in self._runs(points, scale)]
        names = [(curve.style, curve.name) for curve, _ in drawn]
        if limit is not None and scale.low <= scale.place(limit) <= scale.high:
            ends = [(0.0, scale.place(limit)), (self.end, scale.place(limit))]
            parts.append(line(frame, ends, "limit"))
            names.append(("limit", f"limit of p99, {limit:,g} ms"))
        return section(title, chart(frame, parts, title), _key(names))

    def points(self, curve: Curve) -> list[Point]:
        """Return a curve as at most so many points; a peak between two of them is kept."""
        step = max(self.end / _COLUMNS, 1e-9)
        measured = ((sample.t, curve.of(sample)) for sample in self.samples)
        known = [(at, value) for at, value in measured if value is not None]
        columns = groupby(known, key=lambda point: int(point[0] / step))
        joined = (list(points) for _, points in columns)
        return [(points[-1][0], curve.join([value for _, value in points])) for points in joined]

    def _runs(self, points: Sequence[Point], scale: "Scale") -> Iterator[list[Point]]:
        """Split where nothing was measured, so that no line claims that something was."""
        widest = 2.5 * max(self.end / _COLUMNS, self._sample_s)
        run: list[Point] = []
        for at, value in points:
            if run and at - run[-1][0] > widest:
                yield run
                run = []
            run.append((at, scale.place(value)))
        yield run

    @property
    def _sample_s(self) -> float:
        return self.end / len(self.samples)

    def _marks(self, frame: Frame) -> Iterator[str]:
        numbered = list(enumerate(self.events[:_MOST_MARKS], start=1))
        inside = [(number, event) for number, event in numbered if event.t <= self.end]
        named_until = -1.0
        for number, event in inside:
            x = frame.x(event.t)
            name = str(number) if x >= named_until else ""  # the next ones follow from it
            named_until = x + _MARK_WIDTH if name else named_until
            until = None if event.until is None else min(event.until, self.end)
            yield mark(frame, event.t, until, name, f"{number}: {event.text}")


@frozen
class Scale:
    """Where values lie on a chart: as they are, or by their logarithm."""

    low: float
    high: float
    labels: Sequence[Label]
    logarithmic: bool = False

    @classmethod
    def of_numbers(cls, values: Sequence[float]) -> "Scale":
        """Return a linear scale from zero."""
        high = 1.05 * max(values) or 1.0
        return cls(0.0, high, [(tick, f"{tick:,.10g}") for tick in ticks(0.0, high, 4)])

    @classmethod
    def of_times(cls, values: Sequence[float]) -> "Scale":
        """Return a logarithmic scale of whole decades: an outage does not hide what is usual."""
        least = min((value for value in values if value >= _LEAST_MS), default=_LEAST_MS)
        low = int(log10(least) // 1)
        high = max(low + 1, -int(-log10(max(*values, _LEAST_MS)) // 1))
        decades = [(float(at), f"{10.0**at:,g}") for at in range(low, high + 1)]
        return cls(float(low), float(high), decades, logarithmic=True)

    def place(self, value: float) -> float:
        """Return where a value lies between `low` and `high`."""
        if not self.logarithmic:
            return value
        return max(self.low, log10(max(value, 1e-9)))


def time_labels(end: float) -> list[Label]:
    """Return labels for the time after the start, about eight."""
    step = next((step for step in _STEPS_S if step >= end / 8.0), _STEPS_S[-1])
    return [(float(at), clock(at)) for at in range(0, int(end) + 1, step)]


def clock(seconds: float) -> str:
    """Return a time after the start in two units at most: 90 is 1 min 30 s."""
    left, parts = round(seconds), []
    for size, unit in _UNITS:
        if left >= size:
            parts.append(f"{left // size} {unit}")
            left %= size
    return " ".join(parts[:2]) or "0"


def _key(names: Sequence[tuple[str, str]]) -> str:
    items = (f'<i class="{style}"></i>{escape(name)}' for style, name in names)
    return f'<p class="key">{"".join(items)}</p>'
