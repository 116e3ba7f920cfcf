"""What a run of the tests is asked for by its environment."""

import os

import pytest

EVERYTHING = "IOTMOCK_REQUIRE_ALL"
"""With it a test fails that would skip because something is not installed."""
_INSTALLS = "IOTMOCK_REQUIRE_INSTALLS"


def only_if_installs_are_asked_for() -> None:
    """Skip a test that fills a virtual environment from a package index: a minute each."""
    if not os.environ.get(_INSTALLS):
        pytest.skip(f"it installs from a package index: only with {_INSTALLS}=1")


def unmet(report: pytest.TestReport) -> str | None:
    """Return why a test was skipped, if all it lacks is a program and everything is asked for."""
    if not (report.skipped and os.environ.get(EVERYTHING) and isinstance(report.longrepr, tuple)):
        return None
    reason = report.longrepr[2]
    return f"{reason}, and {EVERYTHING} is set" if "not installed" in reason else None
