"""What arrives and is no command: births again, and whether the host is there."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
import trio
import trio.testing
from attrs import define, field

from iotmock.actors.links.link import Link
from iotmock.actors.messages import Incoming, IncomingBirths, IncomingHost, Kind
from iotmock.actors.ports.dialect import Entry
from iotmock.actors.ports.wire import Connection
from iotmock.actors.routers.platform_mirror import PlatformMirror
from iotmock.dialects.native.dialect import Native, NativeVoice
from iotmock.model.device import Device
from iotmock.model.reading import StatusMessage
from iotmock.model.spec import DeviceRecord, DeviceSpec
from tests.actors.links.remembered import Fleet, fleet, settle
from tests.actors.rig import NoPlace, RememberedConnection, Rig, assemble, running
from tests.outgoing import outgoing

pytestmark = pytest.mark.trio
Clock = trio.testing.MockClock


@define(eq=False)
class OneWire(NoPlace):
    """A wire that connects at once, each time with the next of its connections."""

    coming: list[RememberedConnection]
    connected: list[RememberedConnection] = field(factory=list)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Connection]:
        connection = self.coming.pop(0)
        self.connected.append(connection)
        yield connection


@asynccontextmanager
async def linked(
    *connections: RememberedConnection, names: Sequence[str] = ("a", "b")
) -> AsyncIterator[tuple[Rig, OneWire]]:
    rig, wire = assemble(), OneWire([*connections])
    link = Link(wire, rig.publisher, rig.router, PlatformMirror(rig.supervisor))
    specs = [DeviceSpec(name, "plain", name, 10.0, 240.0) for name in names]
    records = [DeviceRecord(spec, 0.0) for spec in specs]
    async with running(rig, paced=False, records=records), trio.open_nursery() as nursery:
        nursery.start_soon(rig.router.rebirths.run)
        await nursery.start(link.run)
        yield rig, wire
        nursery.cancel_scope.cancel()


@define(eq=False)
class Later(RememberedConnection):
    """A connection over which nothing arrives at once."""

    async def incoming(self) -> AsyncGenerator[Incoming, None]:
        await trio.sleep(1)
        async for message in super().incoming():
            yield message


def connection(*arrivals: Incoming, waits: bool = False) -> RememberedConnection:
    return Later(arrivals=arrivals, waits=waits)


def births(found: RememberedConnection) -> list[str]:
    return [one.device_id for one in found.taken if one.kind is Kind.STATUS]


async def test_a_connection_says_first_what_it_is_and_again_when_asked(
    autojump_clock: Clock,
) -> None:
    over = connection(IncomingBirths(), IncomingBirths(), IncomingBirths())
    async with linked(over):
        await trio.sleep(60)
        assert over.introduced == 2  # however often it was asked for meanwhile
        assert births(over) == ["a", "b"] * 2


async def test_one_device_says_again_what_it_is(autojump_clock: Clock) -> None:
    over = connection(IncomingBirths(device_id="b"), IncomingBirths(device_id="nobody"))
    async with linked(over):
        await trio.sleep(2)
        assert (over.introduced, births(over)) == (1, ["a", "b", "b"])


async def test_a_storm_of_requests_has_one_device_say_it_once_a_second(
    autojump_clock: Clock,
) -> None:
    over = connection(*[IncomingBirths(device_id="b")] * 1_000)
    async with linked(over):
        await trio.sleep(1.5)
        assert births(over) == ["a", "b", "b"]
        await trio.sleep(60)
        assert births(over) == ["a", "b", "b", "b"]


async def test_no_data_overtakes_births(autojump_clock: Clock) -> None:
    over = connection()
    async with linked(over) as (rig, _):
        await settle()
        with rig.publisher.holding():
            rig.publisher.tell(outgoing(Kind.DATA, "a", b"1"))
            rig.publisher.tell_first(outgoing(Kind.STATUS, "a", b"born"))
            await settle()
            assert over.taken[-1].payload == b"born"
        await settle()
        assert over.taken[-1].payload == b"1"


async def test_a_fleet_is_heard_once_for_many_requests_and_spread_over_time(
    autojump_clock: Clock,
) -> None:
    request = IncomingBirths(everywhere=True, spread_s=9)
    over = connection(request, request, request)
    async with linked(over, names=[f"{number}" for number in range(150)]):
        heard = []
        for _ in range(4):
            await trio.sleep(2.9)
            heard.append(len(births(over)) - 150)
        assert heard == [50, 100, 150, 150]
        await trio.sleep(600)
        assert len(births(over)) == 300


async def test_nothing_is_said_until_the_host_is_there(autojump_clock: Clock) -> None:
    over = connection(IncomingHost(False, 3), IncomingHost(True, 2), waits=True)
    async with linked(over) as (rig, _):
        rig.publisher.tell(outgoing(Kind.DATA, "a", b"1"))
        await trio.sleep(60)
        assert (over.introduced, over.taken) == (0, [])
        assert rig.publisher.withheld() == 1  # so nobody complains that it waits


async def test_a_host_that_goes_ends_the_connection_and_the_next_one_waits(
    autojump_clock: Clock,
) -> None:
    first = connection(IncomingHost(True, 1), IncomingHost(False, 2), waits=True)
    second = connection(IncomingHost(True, 3), waits=True)
    async with linked(first, second) as (_, wire):
        await trio.sleep(60)
        assert wire.connected == [first, second]
        assert (first.introduced, second.introduced) == (1, 1)
        assert births(second) == ["a", "b"]


class _WaitingVoice(NativeVoice):
    def entry(self, gone: StatusMessage, attempt: int) -> Entry:
        return Entry(None, (), waits=True)


class _Waiting(Native):
    def voice(self, device: Device) -> NativeVoice:
        return _WaitingVoice(device.spec.device_id, f"{device.spec.device_id}/data")


def arrive(f: Fleet, *messages: Incoming) -> None:
    line = f.wire.lines["a"]
    line.arrivals += messages
    f.wire.note_ready(line)


@asynccontextmanager
async def waiting() -> AsyncIterator[Fleet]:
    async with fleet() as f:
        f.rig.supervisor.around.dialect = _Waiting()
        await f.create("a")
        f.tell("a", b"1")
        await trio.sleep(1)
        yield f


def kinds(f: Fleet) -> Sequence[Kind]:
    return [one.kind for one in f.wire.lines["a"].taken]


async def test_a_devices_own_connection_waits_for_the_host(autojump_clock: Clock) -> None:
    async with waiting() as f:
        assert not kinds(f)
        assert f.connector.statistics().is_whole
        arrive(f, IncomingHost(True, 1))
        await settle()
        assert kinds(f) == [Kind.STATUS, Kind.DATA]
        arrive(f, IncomingBirths())
        await settle()
        assert kinds(f) == [Kind.STATUS, Kind.DATA, Kind.STATUS]


async def test_a_host_that_goes_ends_a_devices_connection_without_a_word(
    autojump_clock: Clock,
) -> None:
    async with waiting() as f:
        arrive(f, IncomingHost(True, 1), IncomingHost(False, 2))
        await trio.sleep(60)
        f.tell("a", b"2")
        await settle()
        line = f.wire.lines["a"]
        assert (line.how_it_ended, line.is_open) == (["aborted"], True)
        assert len(kinds(f)) == 2
        arrive(f, IncomingHost(True, 3))
        await settle()
        assert kinds(f)[2:] == [Kind.STATUS, Kind.DATA]


async def test_a_device_that_waits_for_the_host_can_be_deleted(autojump_clock: Clock) -> None:
    async with waiting() as f:
        await f.rig.supervisor.delete("a")
        await settle()
        assert f.wire.lines["a"].how_it_ended == ["left"]
