"""The application around real actors, with a broker that is never there."""

import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from math import inf

import trio
from attrs import define, field, frozen
from quart_trio import QuartTrio

from iotmock.actors.errors import WireDownError
from iotmock.actors.health import Health
from iotmock.actors.links.delivery import Delivery
from iotmock.actors.links.link import Link
from iotmock.actors.ports.wire import Connection, Terms
from iotmock.actors.routers.platform_mirror import PlatformMirror
from iotmock.actors.system import System
from iotmock.dialects.native.dialect import Native
from iotmock.metrics.http import HttpCounts
from iotmock.model.families import installed
from iotmock.rest.app import make_app
from iotmock.rest.document.asyncapi.document import Traffic, build_asyncapi
from iotmock.rest.document.asyncapi.servers import Broker
from iotmock.rest.gate.gate import Gate
from iotmock.rest.server import Limits, Server, listen
from tests.actors.rig import Rig, assemble, running
from tests.patience import within


@frozen
class AbsentBroker:
    """A wire that never connects."""

    address: str = "mqtt://nowhere:1883"
    is_heard: bool = True
    dropped: int = 0
    renews_at: float = inf
    terms: Terms = field(factory=Terms)

    def drop(self) -> None:
        """There is nothing to close."""

    def connect(self) -> AbstractAsyncContextManager[Connection]:
        return self._refuse()

    @asynccontextmanager
    async def _refuse(self) -> AsyncIterator[Connection]:
        await trio.lowlevel.checkpoint()
        raise WireDownError("nobody listens")
        yield


@define(eq=False)
class Switch:
    """Whether the service is ready."""

    on: bool = True

    def is_on(self) -> bool:
        return self.on


@define(eq=False)
class Service:
    """The application with what is behind it."""

    rig: Rig
    system: System
    app: QuartTrio
    ready: Switch


def assemble_service(gate: Gate | None = None, prefix: str = "") -> Service:
    rig = assemble()
    mirror = PlatformMirror(rig.supervisor)
    link = Link(AbsentBroker(), rig.publisher, rig.router, mirror)
    delivery = Delivery(rig.publisher, link)
    system = System(
        rig.clock,
        rig.registry,
        rig.publisher,
        rig.pacer,
        rig.supervisor,
        rig.router,
        mirror,
        link,
        rig.ledger,
        rig.faults,
        rig.fleets,
        delivery,
        Health((link, delivery, rig.registry, rig.ledger, rig.pacer.time_of_day), (rig.pacer,)),
    )
    ready = Switch()
    traffic = Traffic(Broker("nowhere:1883"))
    app = make_app(
        system,
        version="1.2.3",
        ready=ready.is_on,
        asyncapi=partial(build_asyncapi, [Native()], installed(), traffic, "1.2.3"),
        gate=gate,
        prefix=prefix,
    )
    return Service(rig, system, app, ready)


@frozen
class Served:
    """A service behind a port, in real time."""

    service: Service
    server: Server
    end: trio.Event = field(factory=trio.Event)
    ended: trio.Event = field(factory=trio.Event)

    async def serve(self, task_status: trio.TaskStatus[None]) -> None:
        async with self.server.serving(self.service.app):
            task_status.started()
            await self.end.wait()
            self.service.system.hub.close()
        self.ended.set()

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def exchange(self, sent: bytes) -> bytes:
        """Send bytes, and return all that comes until the server closes the connection."""
        received = bytearray()
        with within(10):
            async with await trio.open_tcp_stream("127.0.0.1", self.port) as stream:
                await stream.send_all(sent)
                async for part in stream:
                    received += part
        return bytes(received)


@asynccontextmanager
async def serving(service: Service, limits: Limits | None = None) -> AsyncIterator[Served]:
    """Run a service behind a port, until the block ends or `end` is set."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    served = Served(service, Server(listen(bound), limits or Limits(), HttpCounts()))
    async with running(service.rig), trio.open_nursery() as nursery:
        await nursery.start(served.serve)
        yield served
        served.end.set()
