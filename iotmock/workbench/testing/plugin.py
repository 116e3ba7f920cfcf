"""Fixtures: `iotmock` for a test, `iotmock_service` and `broker` for a session, `iotmock_soak`.

Nothing of ours is imported before a test asks for a fixture: who does not use them does not wait.
"""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from iotmock.client import Client
    from iotmock.workbench.broker import Broker
    from iotmock.workbench.run import Running
    from iotmock.workbench.testing.bench import Bench
    from iotmock.workbench.testing.soak import Soak

_SETTINGS = "iotmock_settings"
_SAID = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `pytest.ini` have settings of the service."""
    what = "settings of iotmock's service, as simulation_interval=1.0, a line each"
    parser.addini(_SETTINGS, what, "linelist", default=[])


@pytest.fixture(scope="session")
def iotmock_service(request: pytest.FixtureRequest) -> "Iterator[Running[Client]]":
    """A service without devices, in a process of its own, with a broker of its own.

    One for each worker of pytest-xdist; it ends with the worker, however that ends.
    """
    from iotmock.workbench.run import run
    from iotmock.workbench.testing.settings import settings_of

    lines = request.config.getini(_SETTINGS)
    usual: dict[str, Any] = {"default_devices": False, "simulation_interval": 1.0}
    with run(**{**usual, **settings_of(lines, _SETTINGS)}) as running:
        yield running


@pytest.fixture(scope="session")
def broker(iotmock_service: "Running[Client]") -> "Broker":
    """The broker of `iotmock_service`: mosquitto where it is installed, else the embedded one."""
    return iotmock_service.broker


@pytest.fixture
def iotmock(iotmock_service: "Running[Client]") -> "Iterator[Bench]":
    """Devices of this test alone, on the service that all tests share; they go with the test."""
    from iotmock.workbench.testing.bench import Bench

    if (reason := iotmock_service.process.end_reason) is not None:
        pytest.fail(reason, pytrace=False)
    bench = Bench(iotmock_service)
    try:
        yield bench
    finally:
        bench.clear()


@pytest.fixture
def iotmock_soak(request: pytest.FixtureRequest, tmp_path: Path) -> "Soak":
    """Runs soak tests; what their reports say stands below a test that fails."""
    from iotmock.workbench.testing.soak import Soak

    soak = Soak(tmp_path)
    request.node.stash[_SAID] = soak.said
    return soak


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put the verdicts of soak tests below a failure."""
    report = yield
    for text in item.stash.get(_SAID, []) if report.failed else ():
        report.sections.append(("iotmock soak", text))
    return report
