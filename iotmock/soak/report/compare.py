"""What got worse from one run to another."""

from collections.abc import Callable, Iterator

from attrs import frozen

from iotmock.soak.report.alarm_criteria import ALARM_CRITERIA, criteria_of
from iotmock.soak.report.criteria import CRITERIA, Criterion
from iotmock.soak.report.measures import RunResult
from iotmock.soak.report.report import Report
from iotmock.soak.report.verdict import Status, in_unit

_NOISE = {"ms": 1.0, "s": 0.5, "share": 0.0, "": 0.0, "1/s": 0.0}
"""Differences up to this, in the unit, are none."""
_NOISY = {"memory_growth": 0.01, "load_shortfall": 0.001}
_BETTER_FIRST = (Status.PASSED, Status.FAILED, Status.INVALID, Status.INTERRUPTED)


@frozen
class Change:
    """A figure of both runs; None was not measured. `direction` is 1 if more is worse, else -1."""

    title: str
    unit: str
    before: float | None
    after: float | None
    noise: float
    direction: int = 1

    def is_worse(self, tolerance: float) -> bool:
        """Return whether it got worse by more than a share of what it was."""
        if self.before is None or self.after is None:
            return False
        step = (self.after - self.before) * self.direction
        return step > self.noise + tolerance * abs(self.before)

    def text(self, tolerance: float) -> str:
        """Return it on one line."""
        before, after = (
            "not measured" if value is None else in_unit(value, self.unit)
            for value in (self.before, self.after)
        )
        return f"{self.title:<24} {before:>14} -> {after:<14} {self.word(tolerance)}".rstrip()

    def word(self, tolerance: float) -> str:
        """Return whether it got worse or better, and by how much; nothing if neither."""
        if self.before is None or self.after is None:
            return ""
        opposite = Change(
            self.title, self.unit, self.after, self.before, self.noise, self.direction
        )
        grew = f" ({self.after / self.before - 1.0:+.0%})" if self.before else ""
        if self.is_worse(tolerance):
            return f"worse{grew}"
        return f"better{grew}" if opposite.is_worse(tolerance) else ""


@frozen
class Comparison:
    """Two reports of runs, the earlier first."""

    before: Report
    after: Report

    def changes(self) -> Iterator[Change]:
        """Yield every figure that one of the runs has, whether or not it had a threshold."""
        for criterion in (*CRITERIA, *ALARM_CRITERIA, *self._of_kinds()):
            noise = _NOISY.get(criterion.name, _NOISE[criterion.unit])
            yield from self._change(criterion.title, criterion.unit, criterion.measure, noise)
        for title, rate in (("sent a second", _sent), ("received a second", _received)):
            yield from self._change(title, "1/s", rate, 0.0, direction=-1)

    def _of_kinds(self) -> Iterator[Criterion]:
        checks = (self.before.result.alarm_check, self.after.result.alarm_check)
        kinds = {one.fault for check in checks if check is not None for one in check.kinds}
        for kind in sorted(kinds):
            yield from criteria_of(kind)

    def _change(
        self,
        title: str,
        unit: str,
        measure: Callable[[RunResult], float | None],
        noise: float,
        direction: int = 1,
    ) -> Iterator[Change]:
        before, after = measure(self.before.result), measure(self.after.result)
        if (before, after) != (None, None):
            yield Change(title, unit, before, after, noise, direction)

    @property
    def verdict_is_worse(self) -> bool:
        """Whether the later run ended worse."""
        place = _BETTER_FIRST.index
        return place(self.after.verdict.status) > place(self.before.verdict.status)

    @property
    def same_scenario(self) -> bool:
        """Whether both ran the same; the thresholds and the name may differ."""
        before, after = self.before.result.scenario, self.after.result.scenario
        keys = ("broker", "fleet", "load", "phases", "campaigns", "verify")
        return all(getattr(before, key) == getattr(after, key) for key in keys)

    def lines(self, tolerance: float) -> Iterator[str]:
        """Yield the comparison as text."""
        before, after = (report.verdict.status.value for report in (self.before, self.after))
        word = "worse" if self.verdict_is_worse else ""
        yield f"{'verdict':<24} {before:>14} -> {after:<14} {word}".rstrip()
        for change in self.changes():
            yield change.text(tolerance)
        if not self.same_scenario:
            yield "the scenarios differ: what got worse may be what was asked for"
        allowed = in_unit(tolerance, "share")
        yield f"{self.worse(tolerance)} got worse by more than {allowed}"

    def worse(self, tolerance: float) -> int:
        """Return how many figures got worse, the verdict among them."""
        changes = sum(change.is_worse(tolerance) for change in self.changes())
        return changes + self.verdict_is_worse


def _sent(result: RunResult) -> float | None:
    return result.totals.sent / result.duration_s if result.duration_s else None


def _received(result: RunResult) -> float | None:
    return result.totals.received / result.duration_s if result.duration_s else None
