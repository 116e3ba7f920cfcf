"""Running services to test."""

import logging
from collections.abc import AsyncIterator
from functools import partial

import pytest
import trio
from hypercorn.config import Config
from hypercorn.trio import serve

from iotmock.rest.gate.gate import Gate
from tests.actors.rig import running
from tests.rest.client import Client
from tests.rest.rig import Served, Service, assemble_service


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
    service = assemble_service(gate)
    config, end = Config(), trio.Event()
    config.bind, config.errorlog = ["127.0.0.1:0"], logging.getLogger("hypercorn.error")
    async with running(service.rig), trio.open_nursery() as nursery:
        serving = partial(serve, service.app, config, shutdown_trigger=end.wait)
        [bound] = await nursery.start(serving)
        yield Served(service, int(bound.rpartition(":")[2]))
        end.set()
