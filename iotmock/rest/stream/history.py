"""How the fleet was, as clients get it: a column for each curve."""

from collections import defaultdict
from collections.abc import Sequence, Set
from operator import attrgetter
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from iotmock.actors.summary.history import History, Window
from iotmock.actors.summary.point import Point
from iotmock.actors.summary.power import largest
from iotmock.rest.answers import Timestamp

_MOST_LOCATIONS = 100


class PowerHistory(msgspec.Struct, frozen=True):
    """W; null where a family or a location was not there, or not among the largest."""

    total_w: list[float]
    by_family: dict[str, list[float | None]]
    by_location: dict[str, list[float | None]]
    other_locations_w: list[float]


class MessageHistory(msgspec.Struct, frozen=True):
    """Messages a second; `dropped` is a count since the start."""

    due_per_s: list[float]
    sent_per_s: list[float]
    acknowledged_per_s: list[float]
    dropped: list[int]


class LatenessHistory(msgspec.Struct, frozen=True):
    """How late ticks were, ms."""

    p50: list[float]
    p99: list[float]
    max: list[float]


class SimulationHistory(msgspec.Struct, frozen=True):
    """One value for each of `timestamps`, the oldest first; a day's are means over their step."""

    window: Window
    step_s: Annotated[float, Meta(description="how far two are apart, s")]
    timestamps: list[Timestamp]
    devices: list[int]
    power: PowerHistory
    messages: MessageHistory
    lateness_ms: LatenessHistory
    backlog: list[int]
    waiting: list[int]
    faults_active: list[int]
    connected: list[bool]

    @classmethod
    def of(cls, history: History, window: Window) -> "SimulationHistory":
        """Return what is kept of a window."""
        points = _of_the_largest(history.points(window))
        return cls(
            window,
            history.step_s(window),
            _column(points, "timestamp"),
            _column(points, "devices"),
            PowerHistory(
                _column(points, "total_w"),
                _columns(points, "by_family"),
                _columns(points, "by_location"),
                _column(points, "other_locations_w"),
            ),
            MessageHistory(
                _column(points, "due_per_s"),
                _column(points, "sent_per_s"),
                _column(points, "acknowledged_per_s"),
                _column(points, "dropped"),
            ),
            LatenessHistory(
                _column(points, "lateness_p50_ms"),
                _column(points, "lateness_p99_ms"),
                _column(points, "lateness_max_ms"),
            ),
            _column(points, "backlog"),
            _column(points, "waiting"),
            _column(points, "faults_active"),
            _column(points, "connected"),
        )


def _of_the_largest(points: Sequence[Point]) -> Sequence[Point]:
    """Return points with the locations that draw most in all; what others draw is the rest's.

    Where many draw about as much, each step has another twenty: a day had thousands of columns.
    """
    drawn = defaultdict[str, float](float)
    for point in points:
        for name, power_w in point.by_location.items():
            drawn[name] += power_w
    if len(drawn) <= _MOST_LOCATIONS:
        return points
    names = largest(drawn, _MOST_LOCATIONS)[0].keys()
    return [_only(point, names) for point in points]


def _only(point: Point, names: Set[str]) -> Point:
    kept = {name: power for name, power in point.by_location.items() if name in names}
    rest_w = sum(power for name, power in point.by_location.items() if name not in names)
    others_w = round(point.other_locations_w + rest_w, 1)
    return msgspec.structs.replace(point, by_location=kept, other_locations_w=others_w)


def _column(points: Sequence[Point], name: str) -> list[Any]:
    return list(map(attrgetter(name), points))


def _columns(points: Sequence[Point], name: str) -> dict[str, list[float | None]]:
    rows = _column(points, name)
    names = dict.fromkeys(one for row in rows for one in row)
    return {one: [row.get(one) for row in rows] for one in names}
