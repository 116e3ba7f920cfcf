"""A report that is left in a run's folder, whether or not the disk takes it."""

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from iotmock.soak.report.report import Report, write_report


@frozen
class Left:
    """A report and its files; of those there is none where `error` says why not."""

    report: Report
    files: Sequence[Path] = ()
    error: OSError | None = None


def leave(report: Report, folder: Path) -> Left:
    """Write a report; that it can not be written is part of the answer: the verdict stands."""
    try:
        return Left(report, write_report(report, folder))
    except OSError as error:
        return Left(report, error=error)
