"""One step of the record, and several of them made one."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

import msgspec
from msgspec.structs import replace

from iotmock.actors.summary.power import largest
from iotmock.actors.summary.summary import Moment, Summary

LOCATIONS = 20
"""Of which a step keeps the power; the rest is summed up."""


class Point(msgspec.Struct, frozen=True):
    """One step; powers in W, rates in messages a second, lateness in ms."""

    timestamp: Moment
    devices: int
    total_w: float
    by_family: dict[str, float]
    by_location: dict[str, float]
    other_locations_w: float
    due_per_s: float
    sent_per_s: float
    acknowledged_per_s: float
    dropped: int
    lateness_p50_ms: float
    lateness_p99_ms: float
    lateness_max_ms: float
    backlog: int
    waiting: int
    faults_active: int
    connected: bool

    @classmethod
    def of(cls, summary: Summary) -> "Point":
        """Return what of a summary is kept."""
        messages, late = summary.messages, summary.lateness_ms
        by_location, rest_w = largest(summary.power.by_location, LOCATIONS)
        return cls(
            timestamp=summary.timestamp,
            devices=summary.devices.total,
            total_w=summary.power.total_w,
            by_family=summary.power.by_family,
            by_location=by_location,
            other_locations_w=round(rest_w + summary.power.other_locations_w, 1),
            due_per_s=messages.due_per_s,
            sent_per_s=messages.sent_per_s,
            acknowledged_per_s=messages.acknowledged_per_s,
            dropped=messages.dropped,
            lateness_p50_ms=late.p50,
            lateness_p99_ms=late.p99,
            lateness_max_ms=late.max,
            backlog=summary.backlog,
            waiting=summary.waiting,
            faults_active=summary.faults_active,
            connected=summary.connection.connected,
        )


def joined(points: Sequence[Point]) -> Point:
    """Return the last of some points, with mean powers and rates, and the most of what waits."""
    by_location, rest_w = largest(_means([point.by_location for point in points]), LOCATIONS)
    others_w = _mean(point.other_locations_w for point in points)
    return replace(
        points[-1],
        total_w=_mean(point.total_w for point in points),
        by_family=_means([point.by_family for point in points]),
        by_location=by_location,
        other_locations_w=round(rest_w + others_w, 1),
        due_per_s=_mean(point.due_per_s for point in points),
        sent_per_s=_mean(point.sent_per_s for point in points),
        acknowledged_per_s=_mean(point.acknowledged_per_s for point in points),
        lateness_p50_ms=_mean(point.lateness_p50_ms for point in points),
        lateness_p99_ms=max(point.lateness_p99_ms for point in points),
        lateness_max_ms=max(point.lateness_max_ms for point in points),
        backlog=max(point.backlog for point in points),
        waiting=max(point.waiting for point in points),
        faults_active=max(point.faults_active for point in points),
        connected=all(point.connected for point in points),
    )


def _mean(values: Iterable[float]) -> float:
    return round(fmean(values), 1)


def _means(powers: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for one in powers for name in one)
    return {name: _mean(one.get(name, 0.0) for one in powers) for name in names}
