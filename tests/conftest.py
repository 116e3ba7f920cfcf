"""What every test may use."""

import os
import signal
from collections.abc import Generator, Iterator

import pytest
import structlog
from hypothesis import settings

from tests.asked import unmet

pytest_plugins = ["pytester"]
"""Of pytest's own: the plugin is tried by tests within tests."""

structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(key_order=["event"]),
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
)


# How long an example takes is the machine's. The suite tries the same examples each time; `make
# search` looks for new ones, and what it finds becomes a test.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest; what is left at the end is short for each worker.

    The others keep the order that pytest-randomly gave them.
    """
    items.sort(key=_seconds, reverse=True)


@pytest.fixture
def hangups_heeded() -> Iterator[None]:
    """Who is started heeds SIGHUP, also where the whole suite was started by `nohup`."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def _seconds(item: pytest.Item) -> float:
    mark = item.get_closest_marker("long")
    return 0.0 if mark is None else float(mark.args[0])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything is asked for, a test that lacks a program fails."""
    report = yield
    if reason := unmet(report):
        report.outcome, report.longrepr = "failed", reason
    return report
