"""The link: keeps one connection to the broker up, for ever, and says so in the log."""

import random
from collections.abc import Callable, Iterator
from contextlib import aclosing
from typing import Literal

import structlog
import trio
from attrs import define, field

from iotmock.actors.errors import WireDownError, leaves
from iotmock.actors.links.backoff import Backoff
from iotmock.actors.links.connect_rate import ConnectRate
from iotmock.actors.links.host import Host, HostAwayError
from iotmock.actors.links.links import (
    Complaints,
    Links,
    LinkStatistics,
    RenewalError,
    not_heard,
    not_open,
    renew_in_time,
)
from iotmock.actors.messages import (
    Incoming,
    IncomingBirths,
    IncomingEvent,
    IncomingGroupCommand,
    IncomingHost,
    ToDevice,
)
from iotmock.actors.outbox.publisher import Publisher
from iotmock.actors.ports.wire import Connection, Whose, Wire
from iotmock.actors.routers.command_router import CommandRouter
from iotmock.actors.routers.own_topics import OwnTopics
from iotmock.actors.routers.platform_mirror import PlatformMirror
from iotmock.actors.routers.rebirths import REST_S

log = structlog.get_logger()


def _all(device_id: str) -> bool:  # noqa: ARG001
    return True


def say_connected(broker: str) -> None:
    """Say that there is a connection; a pool says it once for all of its own."""
    log.info("connected to the broker", broker=broker)


@define(eq=False)
class Link(Links):
    """Connects, announces its devices, pumps the publisher and routes what arrives; for ever.

    Long because it is the whole life of a connection, and of the next one.
    """

    wire: Wire
    publisher: Publisher
    router: CommandRouter
    mirror: PlatformMirror
    rate: ConnectRate = field(factory=lambda: ConnectRate(0.0))
    carries: Callable[[str], bool] = _all
    """Whether a device is announced over this link."""
    say_up: Callable[[str], None] = say_connected
    """Called with the broker's address."""
    absent: str = "no connection"
    """What `/health` says there is as long as it is not up."""
    state: Literal["connecting", "connected"] = "connecting"
    connects: int = 0
    complaints: Complaints = field(factory=Complaints)
    _host: Host = field(factory=Host)
    _reborn: trio.Event = field(factory=trio.Event)
    """Set once births are asked for over this connection."""
    _more: trio.Event = field(factory=trio.Event)
    """Set once there is more to hear."""
    _backoff: Backoff = field(factory=Backoff)

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """See `Links.run`."""
        first_attempt = task_status
        while True:
            try:
                await self.rate.turn()
                async with self.wire.connect() as connection:
                    self._note_up()
                    first_attempt.started()
                    first_attempt = trio.TASK_STATUS_IGNORED
                    await self._serve(connection)
            except* WireDownError as group:
                self._note_down(next(leaves(group)))
            first_attempt.started()
            first_attempt = trio.TASK_STATUS_IGNORED
            await trio.sleep(self._backoff.next_delay())

    async def _serve(self, connection: Connection) -> None:
        self.publisher.silent = connection.waits
        if connection.waits:
            await self._wait_host(connection)
            self.publisher.silent = False
        await self._announce(connection)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.publisher.pump, connection)
            nursery.start_soon(self._announce_again, connection)
            nursery.start_soon(self._hear, connection, nursery)
            nursery.start_soon(renew_in_time, self.wire, connection)
            async for message in connection.incoming():
                await self._route(message)
                if connection.waits and not self._host.is_there:
                    raise HostAwayError

    async def _wait_host(self, connection: Connection) -> None:
        self._host.is_there = False
        async with aclosing(connection.incoming()) as incoming:
            async for message in incoming:
                if isinstance(message, IncomingHost):
                    self._host.note(message)
                if self._host.is_there:
                    return

    async def _announce(self, connection: Connection) -> None:
        self._reborn = trio.Event()
        await connection.introduce()
        await self.router.supervisor.children.announce(self.carries)

    async def _announce_again(self, connection: Connection) -> None:
        # However often it is asked for, and while it goes on no data overtakes a birth.
        while True:
            await self._reborn.wait()
            with self.publisher.holding():
                await self._announce(connection)
            await trio.sleep(REST_S)

    async def _hear(self, connection: Connection, nursery: trio.Nursery) -> None:
        followed: list[Whose] = []
        is_whole = self.wire.is_heard
        while True:
            for whose in [whose for whose in connection.unheard if whose not in followed]:
                followed.append(whose)
                nursery.start_soon(OwnTopics(self.router.supervisor, connection, whose).run)
            if is_whole:
                await self._more.wait()
            self._more = trio.Event()
            is_whole = await connection.hear_more()

    def hear_more(self) -> None:
        """See `Links.hear_more`."""
        self._more.set()

    async def _route(self, message: Incoming) -> None:
        match message:
            case _ if isinstance(message, ToDevice):
                self.router.route(message)  # it is acknowledged: not to be lost in a wait
                await self.router.publisher.wait_room_for_results()
            case IncomingGroupCommand():
                await self.router.route_group(message)
            case IncomingEvent():
                await self.mirror.tell(message)
            case IncomingHost():
                self._host.note(message)
            case IncomingBirths():
                self._have_born(message)

    def _have_born(self, request: IncomingBirths) -> None:
        if request.everywhere:
            self.router.rebirths.ask(request)
        elif request.device_id is not None:
            self.router.rebirths.own.ask(request.device_id)
        else:
            self._reborn.set()

    def _note_up(self) -> None:
        self.state = "connected"
        self.connects += 1
        self._backoff.note_up()
        self.complaints.clear()
        self.say_up(self.wire.address)

    def _note_down(self, error: WireDownError) -> None:
        if isinstance(error, HostAwayError):
            log.info("the host is away: nothing is said until it is back")
        elif not isinstance(error, RenewalError):
            self.complaints.add(str(error), lost=self.state == "connected")
        self.state = "connecting"

    def drop(self, share: float = 1.0) -> None:
        """See `Links.drop`."""
        if share >= random.random():  # noqa: S311
            self.wire.drop()

    def statistics(self) -> LinkStatistics:
        """See `Links.statistics`."""
        return LinkStatistics(
            "shared",
            self.state,
            self.wire.address,
            1,
            int(self.state == "connected"),
            self.connects,
            self.complaints.failures,
            self.complaints.last,
            self.wire.dropped,
            self.wire.terms,
        )

    def problems(self) -> Iterator[str]:
        """See `Part`."""
        if self.state == "connecting":
            yield not_open(self.absent, self.wire.address, self.complaints.last)
        elif not self.wire.is_heard:
            yield not_heard(self.wire.address)
