"""The application around real actors, with a broker that is never there."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
import trio
from attrs import define, field, frozen
from quart_trio import QuartTrio
from trio.testing import MockClock

from iotmock.actors.errors import WireDownError
from iotmock.actors.link import Link
from iotmock.actors.platform_mirror import PlatformMirror
from iotmock.actors.ports import Connection
from iotmock.actors.system import System
from iotmock.rest.app import make_app
from tests.actors.rig import Rig, assemble, running
from tests.rest.client import Client


@frozen
class AbsentBroker:
    """A wire that never connects."""

    address: str = "mqtt://nowhere:1883"

    def connect(self) -> AbstractAsyncContextManager[Connection]:
        return self._refuse()

    @asynccontextmanager
    async def _refuse(self) -> AsyncIterator[Connection]:
        await trio.lowlevel.checkpoint()
        raise WireDownError("nobody listens")
        yield


@define(eq=False)
class Service:
    """The application with what is behind it."""

    rig: Rig
    system: System
    app: QuartTrio
    client: Client
    ready: bool = True


def system_of(rig: Rig) -> System:
    mirror = PlatformMirror(rig.supervisor)
    link = Link(AbsentBroker(), rig.publisher, rig.router, mirror)
    return System(
        rig.clock, rig.registry, rig.publisher, rig.pacer, rig.supervisor, rig.router, mirror, link
    )


@pytest.fixture
async def service(autojump_clock: MockClock) -> AsyncIterator[Service]:
    """A running service without devices."""
    rig = assemble()
    async with running(rig):
        system = system_of(rig)
        app = make_app(system, version="1.2.3", ready=lambda: service.ready)
        service = Service(rig, system, app, Client(app))
        yield service


@pytest.fixture
def client(service: Service) -> Client:
    return service.client
