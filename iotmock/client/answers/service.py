"""The service itself: whether it is well, and the reports of soak tests that it shows."""

from typing import Literal

import msgspec


class Health(msgspec.Struct, frozen=True):
    """How the service is; each problem is a sentence with what to do."""

    status: Literal["healthy", "degraded"]
    mqtt: str
    devices: int
    version: str
    problems: list[str] = []


class Probe(msgspec.Struct, frozen=True):
    """An answer to a probe."""

    status: Literal["alive", "ready"]


class ReportInfo(msgspec.Struct, frozen=True):
    """A report of a soak test."""

    run: str
    scenario: str
    status: str
    reasons: list[str]
    started: str
    duration_s: float
    version: str


class ReportList(msgspec.Struct, frozen=True):
    """The reports of a folder, newest first."""

    folder: str | None
    reports: list[ReportInfo]
