"""How the thresholds of `[verify.alarms]` are measured: of all faults, and of each kind."""

from collections.abc import Callable, Iterator
from functools import partial

from iotmock.soak.report.criteria import Criterion, Measure
from iotmock.soak.report.measures import AlarmCheck, KindFound, RunResult
from iotmock.soak.scenario.expectations import Thresholds
from iotmock.soak.scenario.planned_faults import plans_faults

OF_A_KIND = "fault."
"""How the names of criteria begin that are of one kind."""
_NAMED = 3
"""How many faults a sentence names."""


def _of(measure: Callable[[AlarmCheck], float | None]) -> Measure:
    def of_result(result: RunResult) -> float | None:
        check = result.alarm_check
        return None if check is None or check.error is not None else measure(check)

    return of_result


def _are_sought(result: RunResult) -> bool:
    check = result.alarm_check
    return check is not None and (check.faults > 0 or plans_faults(result.scenario))


def _missed(check: AlarmCheck) -> float | None:
    return 1.0 - check.found / check.faults if check.faults else None


def _per_device_day(check: AlarmCheck) -> float | None:
    return check.false_alarms / check.device_days if check.device_days else None


def _which_missed(result: RunResult) -> str:
    check = result.alarm_check
    if check is None or check.found == check.faults:
        return ""
    missed = check.faults - check.found
    return f"{missed:,} of {check.faults:,}: {_first(check.missed, missed)}"


def _which_cried(result: RunResult) -> str:
    check = result.alarm_check
    return "" if check is None else _first(check.cried, check.false_alarms)


def _first(lines: list[str], count: int) -> str:
    more = count - len(lines[:_NAMED])
    rest = [f"{more:,} more"] if more and lines else []
    return ", ".join([*lines[:_NAMED], *rest])


ALARM_CRITERIA = (
    Criterion(
        "faults_missed",
        "faults not found",
        "share",
        _of(_missed),
        is_asked=_are_sought,
        note=_which_missed,
    ),
    Criterion(
        "alarm_delay_p95", "alarm after a fault's begin, p95", "s", _of(lambda one: one.delay_p95_s)
    ),
    Criterion(
        "false_alarms", "false alarms", "", _of(lambda one: one.false_alarms), note=_which_cried
    ),
    Criterion(
        "false_alarms_per_device_day", "false alarms a device and day", "", _of(_per_device_day)
    ),
)


# By kind


def limits_by_kind(limits: Thresholds) -> Iterator[tuple[Criterion, float]]:
    """Yield what is asked of single kinds of faults, each with its limit."""
    for one in limits.kinds:
        for criterion in criteria_of(one.fault):
            limit: float | None = getattr(one, criterion.name.rpartition(".")[2])
            if limit is not None:
                yield criterion, limit


def criteria_of(fault: str) -> Iterator[Criterion]:
    """Yield how each key of `[[thresholds.fault]]` is measured."""
    for key, title, unit, measure in (
        ("missed", "not found", "share", _missed_of),
        ("delay_p95", "alarm after its begin, p95", "s", _delay_of),
        ("false_alarms", "false alarms", "", _cried_of),
    ):
        of_kind = _of(partial(measure, fault))
        yield Criterion(f"{OF_A_KIND}{fault}.{key}", f"{fault}: {title}", unit, of_kind)


def _kind(fault: str, check: AlarmCheck) -> KindFound | None:
    return next((one for one in check.kinds if one.fault == fault), None)


def _missed_of(fault: str, check: AlarmCheck) -> float | None:
    kind = _kind(fault, check)
    return 1.0 - kind.found / kind.faults if kind is not None and kind.faults else None


def _delay_of(fault: str, check: AlarmCheck) -> float | None:
    kind = _kind(fault, check)
    return None if kind is None else kind.delay_p95_s


def _cried_of(fault: str, check: AlarmCheck) -> float | None:
    kind = _kind(fault, check)
    return 0 if kind is None or kind.false_alarms is None else kind.false_alarms
