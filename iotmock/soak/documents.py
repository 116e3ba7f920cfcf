"""What `iotmock soak` says, as JSON documents."""

from collections.abc import Sequence
from pathlib import Path

from iotmock.soak.report.compare import Change, Comparison
from iotmock.soak.report.report import Report
from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.scenario.schedule import Schedule
from iotmock.soak.words import told_by_fleet
from iotmock.wording.faults import Fault

Document = dict[str, object]


def plan_document(scenario: Scenario, file: Path, warnings: Sequence[Fault]) -> Document:
    """Return what a scenario would do, and what of it tests nothing; its length is in s."""
    schedule = Schedule(scenario)
    readings = schedule.due(0.0, schedule.length_s)
    return {
        "file": str(file),
        "name": scenario.name,
        "devices": schedule.most_devices,
        "connections": scenario.fleet.connections,
        "qos": scenario.load.qos,
        "messages": round(readings * told_by_fleet(scenario).messages),
        "length_s": schedule.length_s,
        "phases": len(scenario.phases),
        "campaigns": len(scenario.campaigns),
        "warnings": [str(warning) for warning in warnings],
    }


def verdict_document(report: Report, files: Sequence[Path]) -> Document:
    """Return how a run ended, and where its reports are."""
    return {
        "status": report.verdict.status.value,
        "reasons": list(report.verdict.reasons),
        "exit_code": report.verdict.exit_code,
        "reports": [str(file) for file in files],
    }


def comparison_document(comparison: Comparison, tolerance: float, page: Path | None) -> Document:
    """Return what got worse, and where the page is; figures are in the unit that each names."""
    return {
        "verdict": {
            "before": comparison.before.verdict.status.value,
            "after": comparison.after.verdict.status.value,
            "worse": comparison.verdict_is_worse,
        },
        "figures": [_figure(change, tolerance) for change in comparison.changes()],
        "same_scenario": comparison.same_scenario,
        "tolerance": tolerance,
        "worse": comparison.worse(tolerance),
        "page": None if page is None else str(page),
    }


def _figure(change: Change, tolerance: float) -> Document:
    return {
        "figure": change.title,
        "unit": change.unit,
        "before": change.before,
        "after": change.after,
        "worse": change.is_worse(tolerance),
    }


def faults_document(file: Path, faults: Sequence[Fault]) -> Document:
    """Return all that is wrong with a scenario."""
    wrong = [{"key": fault.path, "message": fault.text} for fault in faults]
    return {"file": str(file), "faults": wrong}
