"""What `report.json` files in a folder say, as far as a list shows it."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

PAGE = "report.html"
_FILE = "report.json"
_DEEPEST = 3
"""`NAME/2025-08-09T16-30-00Z/report.json`, and a folder around them."""
_MOST = 500
_REMEMBERED = 1_000


class ReportInfo(msgspec.Struct, frozen=True):
    """A run: how it ended, and why."""

    run: Annotated[str, Meta(description="its folder, as `GET /reports` takes it")]
    scenario: str
    status: str
    reasons: list[str]
    started: str
    duration_s: float
    version: str


class _Verdict(msgspec.Struct, frozen=True):
    status: str
    reasons: list[str] = []


class _Scenario(msgspec.Struct, frozen=True):
    name: str


class _Result(msgspec.Struct, frozen=True):
    scenario: _Scenario
    started: str
    duration_s: float
    version: str = ""


class _Report(msgspec.Struct, frozen=True):
    verdict: _Verdict
    result: _Result


def reports_in(folder: Path) -> list[ReportInfo]:
    """Return the reports below a folder, the newest first; what is none is passed over."""
    found = {info.run: info for info in _read(folder)}
    newest = sorted(found.values(), key=lambda info: info.started, reverse=True)
    return newest[:_MOST]


def page_in(folder: Path, run: str) -> bytes | None:
    """Return the page of a run, if there is one; nothing outside of the folder is looked at."""
    if run not in {info.run for info in reports_in(folder)}:
        return None
    try:
        return (folder / run / PAGE).read_bytes()
    except OSError:
        return None


def _read(folder: Path) -> Iterator[ReportInfo]:
    for depth in range(_DEEPEST + 1):
        for file in folder.glob("/".join(["*"] * depth + [_FILE])):
            # `latest` leads to what is found by its own name.
            if any(part.is_symlink() for part in (file, *_between(file, folder))):
                continue
            if (info := _info(file, folder)) is not None:
                yield info


def _between(file: Path, folder: Path) -> Iterator[Path]:
    for parent in file.parents:
        if parent == folder:
            return
        yield parent


def _info(file: Path, folder: Path) -> ReportInfo | None:
    try:
        status = file.stat()
        report = _decoded(file, status.st_mtime_ns, status.st_size)
    except (OSError, msgspec.DecodeError):
        return None
    verdict, result = report.verdict, report.result
    return ReportInfo(
        file.parent.relative_to(folder).as_posix(),
        result.scenario.name,
        verdict.status,
        verdict.reasons,
        result.started,
        result.duration_s,
        result.version,
    )


@lru_cache(_REMEMBERED)
def _decoded(file: Path, _changed_ns: int, _size: int) -> _Report:
    # A report has a sample for each second: read once, not with each look.
    return msgspec.json.decode(file.read_bytes(), type=_Report)
