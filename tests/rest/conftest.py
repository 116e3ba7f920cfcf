"""Running services to test."""

from collections.abc import AsyncIterator

import pytest

from iotmock.rest.gate.gate import Gate
from tests.actors.rig import running
from tests.rest.client import Client
from tests.rest.rig import Served, Service, assemble_service, serving


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """A running service without devices."""
    service = assemble_service()
    async with running(service.rig):
        yield service


@pytest.fixture
def client(service: Service) -> Client:
    return Client(service.app)


@pytest.fixture
def gate() -> Gate | None:
    """Who may use the served service; tests of the gate have another."""
    return None


@pytest.fixture
async def served(gate: Gate | None) -> AsyncIterator[Served]:
    """A running service behind a port."""
    async with serving(assemble_service(gate)) as served:
        yield served
