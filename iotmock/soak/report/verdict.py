"""From what was measured and what is good enough to a verdict."""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from iotmock.soak.report.alarm_criteria import ALARM_CRITERIA, limits_by_kind
from iotmock.soak.report.criteria import CRITERIA, Judgement
from iotmock.soak.report.measures import RunResult
from iotmock.soak.scenario.expectations import Thresholds


class Status(StrEnum):
    """How a run ended."""

    PASSED = "passed"
    FAILED = "failed"
    INVALID = "invalid"
    INTERRUPTED = "interrupted"


EXIT_CODES = {Status.PASSED: 0, Status.FAILED: 1, Status.INVALID: 3, Status.INTERRUPTED: 130}


SAYS = {
    Status.PASSED: "every threshold was kept",
    Status.FAILED: "what was tested is not good enough",
    Status.INVALID: "the run proves nothing, neither good nor bad",
    Status.INTERRUPTED: "the run was ended before its time; this is what there is",
}
_SIGNS = {Status.PASSED: "✓", Status.FAILED: "✗", Status.INVALID: "?", Status.INTERRUPTED: "■"}


def sign(status: Status) -> str:
    """Return a letter that says it to who sees no colours."""
    return _SIGNS[status]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """How a run ended, and why: `reasons` are sentences for people, the `defects` among them."""

    status: Status
    exit_code: int
    judgements: list[Judgement]
    reasons: list[str]
    defects: list[str]
    """Why the run proves nothing, apart from thresholds."""


def judge(result: RunResult) -> Verdict:
    """Return the verdict on a run, by the thresholds of its scenario."""
    judgements = list(_judgements(result, result.scenario.thresholds))
    defects = list(_defects(result))
    status = _status(result, judgements, defects)
    return Verdict(
        status=status,
        exit_code=EXIT_CODES[status],
        judgements=judgements,
        reasons=defects + [_sentence(one) for one in judgements if not one.passed],
        defects=defects,
    )


def _judgements(result: RunResult, limits: Thresholds) -> Iterator[Judgement]:
    for criterion in (*CRITERIA, *ALARM_CRITERIA):
        limit: float | None = getattr(limits, criterion.name)
        if limit is not None and criterion.is_asked(result):
            yield criterion.judge(result, limit)
    for criterion, limit in limits_by_kind(limits):
        yield criterion.judge(result, limit)


def _status(result: RunResult, judgements: list[Judgement], defects: list[str]) -> Status:
    if result.interrupted:
        return Status.INTERRUPTED
    if defects or any(one.validates and not one.passed for one in judgements):
        return Status.INVALID
    return Status.PASSED if all(one.passed for one in judgements) else Status.FAILED


def _defects(result: RunResult) -> Iterator[str]:
    if result.receiver_died:
        yield f"the receiver died, and with it the run ended: {result.receiver_died}"
    for worker in result.workers:
        if worker.state == "died":
            note = f": {worker.note}" if worker.note else ""
            yield f"worker {worker.number} died with {worker.devices:,} devices{note}"
    totals, limit = result.totals, result.scenario.thresholds.load_shortfall
    if totals.lost_in_outages > limit * totals.sent:
        yield f"the receiver itself was away for {totals.lost_in_outages:,} messages"
    for check in result.store_checks:
        if check.error is not None:
            yield f"{check.store} could not be asked: {check.error}"
    if result.alarm_check is not None and result.alarm_check.error is not None:
        yield f"the alarms can not be judged: {result.alarm_check.error}"


def _sentence(one: Judgement) -> str:
    if one.measured is None:
        return f"{one.title}: not measured"
    limit = in_unit(one.limit, one.unit)
    return f"{one.title}: {finding(one)}, at most {limit} is allowed"


def finding(one: Judgement) -> str:
    """Return what was measured, and which they are where that is known."""
    if one.measured is None or not one.note:
        return figure(one)
    return f"{in_unit(one.measured, one.unit)} ({one.note})"


def figure(one: Judgement) -> str:
    """Return what was measured, with the number of messages where that is a share."""
    if one.measured is None:
        return "not measured"
    count = f" ({one.count:,})" if one.count else ""
    return in_unit(one.measured, one.unit) + count


def in_unit(value: float, unit: str) -> str:
    """Return a number for people; shares as percent."""
    if unit == "share":
        return f"{value * 100.0:.4g} %"
    return f"{value:,.4g} {unit}".rstrip() if value < 9_999 else f"{value:,.0f} {unit}".rstrip()
