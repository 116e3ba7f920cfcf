"""The connector: opens, serves and closes the devices' links, a few at a time."""

import random
from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count
from math import ceil, inf

import structlog
import trio
from attrs import define, field

from iotmock.actors.devices.sides.status import entry_of
from iotmock.actors.errors import WireDownError
from iotmock.actors.links.connect_rate import ConnectRate
from iotmock.actors.links.device_link import DeviceLink
from iotmock.actors.links.device_links import DeviceLinks
from iotmock.actors.links.host import Host
from iotmock.actors.links.link import Link
from iotmock.actors.links.links import TOO_MANY, Complaints, Links, LinkStatistics, not_open
from iotmock.actors.links.survey import Survey
from iotmock.actors.messages import Incoming, IncomingHost
from iotmock.actors.ports.line import Line
from iotmock.actors.routers.own_connection import route_own
from iotmock.actors.routers.rebirths import announce_one

log = structlog.get_logger()

_SIGNS_OF_LIFE_S = 1.0
_SLICE = 1_000
_TURN = 256
"""So many lines are read, or written to, before others have their turn."""


@define(eq=False)
class DeviceConnector(Links):
    """One task connects in turn, one reads from all that are up, one writes, one keeps all alive.

    A link that is down waits in a heap for its next attempt. Long because it is the one place that
    changes a link's state: connecting, reading, writing and losing a line are each a step in that.
    """

    carrier: DeviceLinks
    service: Link
    rate: ConnectRate
    most: int
    """How many connections may be open at once: so many files as the system allows."""
    connected: int = 0
    connects: int = 0
    complaints: Complaints = field(factory=Complaints)
    host: Host = field(factory=Host)
    _due: list[tuple[float, int, DeviceLink]] = field(factory=list)
    _numbers: "count[int]" = field(factory=count)
    _opened: int = 0
    _up: dict[Line, DeviceLink] = field(factory=dict)
    """Whose line is open."""
    _queued: trio.Event = field(factory=trio.Event)

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """See `Links.run`."""
        async with trio.open_nursery() as nursery:
            await nursery.start(self.service.run)
            nursery.start_soon(self._keep_alive)
            nursery.start_soon(self._serve)
            nursery.start_soon(self._send)
            nursery.start_soon(self._look_at_changes, nursery)
            nursery.start_soon(self._connect_in_turn, nursery)
            task_status.started()

    # Which links should be up

    async def _look_at_changes(self, nursery: trio.Nursery) -> None:
        carrier = self.carrier
        while True:
            await carrier.work.wait()
            # The device that asked has its say to the end first, as the result of its reboot.
            await trio.lowlevel.checkpoint()
            carrier.work = trio.Event()
            links, carrier.changed = carrier.changed, []
            for link in links:
                self._look_at(link, nursery)

    def _look_at(self, link: DeviceLink, nursery: trio.Nursery) -> None:
        if link.open:
            link.close_if_done()
            if link.line.blocked and not link.draining:
                link.draining = True
                nursery.start_soon(self._drain, link)
        elif link.wanted and link.state == "down":
            self._queue(link, 0.0)

    def _queue(self, link: DeviceLink, delay_s: float) -> None:
        link.state = "queued"
        heappush(self._due, (trio.current_time() + delay_s, next(self._numbers), link))
        self._queued.set()

    async def _connect_in_turn(self, nursery: trio.Nursery) -> None:
        while True:
            link = await self._next_due()
            await self.rate.turn()
            if not link.wanted:
                link.state = "down"
            elif self._opened >= self.most:
                self._note_down(link, WireDownError(TOO_MANY.format(self.most)))
            else:
                self._opened += 1
                link.state = "opening"
                nursery.start_soon(self._bring_up, link)

    async def _next_due(self) -> DeviceLink:
        while not self._due or self._due[0][0] > trio.current_time():
            self._queued = trio.Event()
            with trio.move_on_at(self._due[0][0] if self._due else inf):
                await self._queued.wait()
        return heappop(self._due)[2]

    # The life of a link

    async def _bring_up(self, link: DeviceLink) -> None:
        try:
            await self._open(link)
        except WireDownError as error:
            self._opened -= 1
            self._note_down(link, error)
        except trio.Cancelled:
            link.line.leave()  # the service ends, and has said so itself
            raise
        else:
            self._up[link.line] = link
            self._read(link, trio.current_time())  # what came with the last answer

    async def _open(self, link: DeviceLink) -> None:
        if link.leaving:
            raise WireDownError("the device is gone")
        device = self.service.router.supervisor.get(link.device_id)
        entry = entry_of(device.around, device.model, link.attempts)
        link.attempts += 1
        await link.line.open(entry)
        link.backoff.note_up()
        self._note_up(link)
        if entry.waits:
            link.state = "silent"
        else:
            self._speak(link)

    def _speak(self, link: DeviceLink) -> None:
        if link.wanted:  # while it is not up: so all of it goes before what waited, in order
            announce_one(self.service.router.supervisor, link.device_id)
        link.state = "up"
        self.carrier.flush(link)

    def _note_up(self, link: DeviceLink) -> None:
        self.connected, self.connects = self.connected + 1, self.connects + 1
        was_renewed, link.renewing = link.renewing, False
        if self.connected == self.carrier.wanted and not was_renewed:
            self.complaints.clear()
            log.info("every device is connected", devices=self.connected)

    async def _serve(self) -> None:
        carrier, wire, up = self.carrier, self.carrier.wire, self._up
        try:
            while True:
                lines = await wire.wait_ready()
                now = trio.current_time()
                for number, line in enumerate(lines, start=1):
                    if (link := up.get(line)) is not None:
                        self._read(link, now)
                    if number % _TURN == 0:
                        await trio.lowlevel.checkpoint()
                carrier.backlog.note_move()
        finally:
            for link in up.values():
                link.line.leave()  # the service ends, and has said so itself
            wire.close()

    async def _send(self) -> None:
        # One after another: the kernel's part of the code is warm from the second on.
        carrier = self.carrier
        while True:
            await carrier.speaks.wait()
            carrier.speaks = trio.Event()
            links, carrier.spoken = carrier.spoken, []
            now = trio.current_time()
            for number, link in enumerate(links, start=1):
                self._flush(link, now)
                if number % _TURN == 0:
                    await trio.lowlevel.checkpoint()
            carrier.backlog.note_move()

    def _flush(self, link: DeviceLink, now: float) -> None:
        link.spoken = False
        link.line.flush(now)
        if link.line.blocked or not link.wanted:
            self.carrier.ask_for(link)

    def _read(self, link: DeviceLink, now: float) -> None:
        try:
            for message in link.line.read(now):
                self._hear(link, message)
        except WireDownError as error:
            self._opened -= 1
            self._note_down(link, error)
            return
        self.carrier.flush(link)
        if not link.wanted:
            link.close_if_done()

    def _hear(self, link: DeviceLink, message: Incoming) -> None:
        if isinstance(message, IncomingHost):
            self._heed(link, message)
        else:
            route_own(self.service.router, link.device_id, message)

    def _heed(self, link: DeviceLink, news: IncomingHost) -> None:
        self.host.note(news)
        if self.host.is_there and link.state == "silent":
            self._speak(link)
        elif not self.host.is_there and link.up:
            link.line.abort()  # as one that speaks to nobody: its will says so

    async def _drain(self, link: DeviceLink) -> None:
        await link.line.drain()
        link.draining = False
        if link.up:
            self.carrier.flush(link)
            self.carrier.ask_for(link)
        self.carrier.backlog.note_move()

    def _note_down(self, link: DeviceLink, error: WireDownError) -> None:
        was_up = link.open
        link.line.abort()
        self._up.pop(link.line, None)
        self.connected -= was_up
        link.state, link.renewing = "down", link.renewing and was_up
        if link.leaving:
            self.carrier.give_up(link)
        elif link.renewing:
            self._queue(link, 0.0)
        elif not link.severed:
            self.complaints.add(str(error), lost=was_up, device=link.device_id)
            self._queue(link, link.backoff.next_delay())
        self.carrier.backlog.note_move()

    async def _keep_alive(self) -> None:
        while True:
            await trio.sleep(_SIGNS_OF_LIFE_S)
            self.carrier.survey = await self._survey(trio.current_time())

    async def _survey(self, now: float) -> Survey:
        survey = Survey()
        for number, link in enumerate(tuple(self.carrier.links.values()), start=1):
            link.line.show_life(now)
            if link.leave_to_renew(now):
                self._opened -= 1
                self._note_down(link, WireDownError("what let it in expires"))
            survey.note(link, now)
            if number % _SLICE == 0:
                await trio.lowlevel.checkpoint()
        return survey

    # What others ask

    def drop(self, share: float = 1.0) -> None:
        """See `Links.drop`."""
        links = list(self.carrier.links.values())
        for link in random.sample(links, ceil(share * len(links))):
            link.line.abort()

    def hear_more(self) -> None:
        """See `Links.hear_more`: the devices that speak it have yet to connect."""
        self.service.hear_more()

    def statistics(self) -> LinkStatistics:
        """See `Links.statistics`."""
        service = self.service.statistics()
        return LinkStatistics(
            "per-device",
            service.state,
            service.broker,
            self.carrier.wanted,
            self.connected,
            self.connects,
            self.complaints.failures + service.connect_failures,
            service.last_error or self.complaints.last,
            service.incoming_dropped,
            service.terms,
        )

    def problems(self) -> Iterator[str]:
        """See `Part`."""
        yield from self.service.problems()
        renewing = sum(link.renewing for link in self.carrier.links.values())
        if (missing := self.carrier.wanted - self.connected - renewing) > 0:
            what = f"{missing} of {self.carrier.wanted} devices' connections not open"
            yield not_open(what, self.service.wire.address, self.complaints.last)
