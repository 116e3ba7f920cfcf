"""A run as charts over time: rates, latencies, backlog, loss, memory, with the timeline in each."""

from collections.abc import Callable, Iterator, Sequence
from html import escape

from attrs import frozen

from iotmock.charts.axes import Elapsed
from iotmock.charts.chart import Chart, Limit
from iotmock.charts.curves import Curve, Join, Point
from iotmock.charts.page.document import section
from iotmock.charts.scales import Scale
from iotmock.charts.svg import Mark
from iotmock.soak.report.measures import Event, RunResult, Sample
from iotmock.soak.scenario.expectations import Thresholds

_MOST_MARKS = 40
_MOST_LETTERS = 30
_GREY = 7
NOT_MEASURED = '<p class="note">not measured</p>'

Of = Callable[[Sample], float | None]


@frozen
class Measure:
    """What a line of a chart is of each sample; `style` is its place in the palette."""

    name: str
    style: int
    of: Of
    join: Join = Join.MOST

    def curve(self, samples: Sequence[Sample]) -> Curve:
        """Return the line of a run."""
        measured = ((sample.t, self.of(sample)) for sample in samples)
        points: list[Point] = [(at, value) for at, value in measured if value is not None]
        return Curve(self.name, points, self.style, self.join)


@frozen
class Plan:
    """A chart of the report: its place on the page, what it says, and its lines."""

    name: str
    title: str
    measures: tuple[Measure, ...]
    kind: str = "number"
    """number, count or time."""
    limit: Callable[[Thresholds], float | None] = lambda _: None
    note: str = ""

    def scale(self, values: Sequence[float]) -> Scale:
        """Return where its values lie."""
        if self.kind == "time":
            return Scale.of_times(values)
        return Scale.from_zero(values, whole=self.kind == "count")


MESSAGES = Plan(
    "messages",
    "Messages a second",
    (
        Measure("due", _GREY, lambda sample: sample.due, Join.MEAN),
        Measure("sent", 0, lambda sample: sample.sent, Join.MEAN),
        Measure("received", 1, lambda sample: sample.received, Join.MEAN),
    ),
    "count",
    note="What the broker sees: each device sends once an interval, at its own place in it. "
    "Up to 32 neighbours share a place and send in a burst, so that a second has a burst "
    "more or less than the next.",
)
LATENCY = Plan(
    "latency",
    "Latency, due to received, ms",
    (
        Measure("p50", 0, lambda sample: sample.latency_p50_ms),
        Measure("p95", 1, lambda sample: sample.latency_p95_ms),
        Measure("p99", 3, lambda sample: sample.latency_p99_ms),
    ),
    "time",
    lambda limits: limits.latency_p99_ms,
)
LATENESS = Plan(
    "lateness",
    "Lateness of the generator, ms",
    (
        Measure("p50", 0, lambda sample: sample.lateness_p50_ms),
        Measure("p99", 3, lambda sample: sample.lateness_p99_ms),
    ),
    "time",
    lambda limits: limits.lateness_p99_ms,
)
BACKLOG = Plan(
    "backlog",
    "Backlog, messages",
    (Measure("messages the generator holds", 0, lambda sample: float(sample.backlog)),),
    "count",
)
LOSS = Plan(
    "loss",
    "Loss, messages",
    (Measure("messages lost since the start", 1, lambda sample: float(sample.lost)),),
    "count",
)
DEVICES = Plan(
    "devices",
    "Devices",
    (Measure("devices", 0, lambda sample: float(sample.devices)),),
    "count",
)
MEMORY = Plan(
    "memory",
    "Memory, MB",
    (
        Measure("generator", 0, lambda sample: sample.generator_mb),
        Measure("receiver", 1, lambda sample: sample.receiver_mb),
    ),
)
PLANS = (MESSAGES, LATENCY, LATENESS, BACKLOG, LOSS, DEVICES, MEMORY)


def charts(result: RunResult) -> Iterator[str]:
    """Yield the charts of a run as sections of a page; none if there are no samples."""
    if not result.samples:
        return
    found = tuple(marks(result.events, result.samples[-1].t))
    for plan in PLANS:
        curves = [one.curve(result.samples) for one in plan.measures]
        limit = _limit(plan.limit(result.scenario.thresholds))
        yield chart_section(plan, curves, result.samples[-1].t, found, limit)


def chart_section(
    plan: Plan,
    curves: Sequence[Curve],
    end: float,
    found: Sequence[Mark] = (),
    limit: Limit | None = None,
) -> str:
    """Return a chart from the start to `end`, s, as a section, of the curves with points."""
    drawn = [curve for curve in curves if curve.points]
    if not drawn:
        return section(plan.title, NOT_MEASURED, plan.name)
    chart = Chart(
        name=plan.name,
        title=plan.title,
        axis=Elapsed(0.0, end),
        scale=plan.scale([value for curve in drawn for _, value in curve.points]),
        curves=drawn,
        group="run",
        limit=limit,
        marks=found,
        height=170.0,
    )
    return section(plan.title, chart.html(), plan.name, escape(plan.note))


def _limit(value: float | None) -> Limit | None:
    return None if value is None else Limit(f"limit of p99, {value:,g} ms", value)


def marks(events: Sequence[Event], end: float) -> Iterator[Mark]:
    """Yield the first so many events up to `end`, by number as in the timeline, and by name."""
    for number, event in enumerate(events[:_MOST_MARKS], start=1):
        if event.t <= end:
            until = None if event.until is None else min(event.until, end)
            name, title = _short(f"{number} {event.text}"), f"{number}: {event.text}"
            yield Mark(event.t, until, name, str(number), title)


def _short(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1]}…"
