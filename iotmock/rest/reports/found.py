"""What `report.json` files in a folder say, as far as a list shows it."""

import os
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from heapq import nlargest
from pathlib import Path, PurePosixPath
from typing import Annotated

import msgspec
from msgspec import Meta

from iotmock.rest.reports.files import read_plain

_FILE = "report.json"
_DEEPEST = 3
"""`NAME/2025-08-09T16-30-00Z/report.json`, and a folder around them."""
_MOST = 500
_REMEMBERED = 20_000
"""Less than that, and a larger folder is read whole with each look."""
_Word = Annotated[str, Meta(max_length=200)]


class ReportInfo(msgspec.Struct, frozen=True):
    """A run: how it ended, and why."""

    run: Annotated[str, Meta(description="its folder; its files are below `/reports/RUN/`")]
    scenario: str
    status: str
    reasons: list[str]
    started: str
    duration_s: float
    version: str


class _Verdict(msgspec.Struct, frozen=True):
    status: _Word
    reasons: Annotated[list[Annotated[str, Meta(max_length=2_000)]], Meta(max_length=100)] = []


class _Scenario(msgspec.Struct, frozen=True):
    name: Annotated[str, Meta(max_length=2_000)]


class _Result(msgspec.Struct, frozen=True):
    scenario: _Scenario
    started: Annotated[datetime, Meta(tz=True)]
    """The page shows it as a moment, so it must be one."""
    duration_s: float
    version: _Word = ""


class _Report(msgspec.Struct, frozen=True):
    verdict: _Verdict
    result: _Result


def reports_in(folder: Path) -> list[ReportInfo]:
    """Return the reports below a folder, the newest first; what is none is passed over."""
    found = (info for file in _files(folder) if (info := _info(file, folder)) is not None)
    return nlargest(_MOST, found, key=lambda info: datetime.fromisoformat(info.started))


def is_run(folder: Path, run: str) -> bool:
    """Return whether there is a report of a run; nothing outside of the folder is looked at."""
    try:
        return _is_below(folder, run) and _info(folder / run / _FILE, folder) is not None
    except OSError:
        return False


def file_in(folder: Path, run: str, name: str) -> bytes | None:
    """Return one of the files of a run's report, if it is there; `name` is a name and no path."""
    try:
        return read_plain(folder / run / name) if is_run(folder, run) else None
    except OSError:
        return None


def _files(folder: Path) -> Iterator[Path]:
    # Links are not followed: `latest` leads to what is found by its own name, others anywhere.
    for here, folders, files in os.walk(folder):
        if _FILE in files:
            yield Path(here, _FILE)
        if len(Path(here).relative_to(folder).parts) >= _DEEPEST:
            folders.clear()


def _is_below(folder: Path, run: str) -> bool:
    path = PurePosixPath(run)
    steps = [folder / step for step in (path, *path.parents)][:-1]
    is_plain = path.as_posix() == run and run.isprintable() and not path.is_absolute()
    return (
        is_plain
        and ".." not in path.parts
        and len(path.parts) <= _DEEPEST
        and not any(step.is_symlink() for step in steps)
    )


def _info(file: Path, folder: Path) -> ReportInfo | None:
    run = file.parent.relative_to(folder).as_posix()
    try:
        status = file.lstat()
    except OSError:
        return None
    report = _decoded(file, status.st_mtime_ns, status.st_size)
    if report is None or not run.isprintable():  # JSON has no word for bytes that are no text
        return None
    verdict, result = report.verdict, report.result
    return ReportInfo(
        run,
        result.scenario.name,
        verdict.status,
        verdict.reasons,
        result.started.isoformat(),
        result.duration_s,
        result.version,
    )


@lru_cache(_REMEMBERED)
def _decoded(file: Path, _changed_ns: int, _size: int) -> _Report | None:
    # A report has a sample for each second: read once, not with each look.
    try:
        return msgspec.json.decode(read_plain(file), type=_Report)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
