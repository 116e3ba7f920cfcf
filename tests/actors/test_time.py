"""Simulated time: faster, flat out, history up to now, and a wall clock that jumps."""

from array import array
from itertools import pairwise
from math import nan

import pytest
import trio
from structlog.testing import capture_logs
from trio.testing import MockClock

from iotmock.actors.definitions.file import BlockKey, SavedBlock, SavedFleets
from iotmock.actors.messages import Kind
from iotmock.actors.records.last_seen import LastSeen
from iotmock.actors.time.clock import Clock
from iotmock.model.fleet import FleetRecord, GroupRecord, GroupSpec
from iotmock.model.spec import DeviceRecord, DeviceSpec, DeviceState
from tests.actors.rig import NOON, RememberedConnection, Rig, assemble, running

pytestmark = pytest.mark.trio
DAY_S = 86_400.0


class Wall:
    """The time of day, which a test sets."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return NOON + trio.current_time() + self.ahead


def stamps(rig: Rig, device_id: str) -> list[str]:
    return [message["timestamp"] for message in rig.sent(Kind.DATA, device_id)]


async def test_a_minute_a_second(autojump_clock: MockClock) -> None:
    rig = assemble()
    rig.clock.set_speed(60.0)
    async with running(rig):
        await rig.supervisor.create("plain", name="P", device_id="p", interval=60.0)
        begin = rig.clock.now()
        await trio.sleep(60)
        assert rig.clock.now() - begin == pytest.approx(3600.0)
        assert len(stamps(rig, "p")) == 60
        energy = rig.sent(Kind.DATA, "p")[-1]["energy"]
        assert energy == pytest.approx(10.0, abs=10.0 / 60)


async def test_another_speed_goes_on_from_where_time_is(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        await trio.sleep(60)
        before = rig.clock.now()
        await rig.pacer.set_speed(100.0)
        assert rig.clock.now() == pytest.approx(before, abs=1.0)
        await trio.sleep(60)
        await rig.pacer.set_speed(1.0)
        await trio.sleep(60)
        assert rig.clock.now() - before == pytest.approx(6060.0, abs=101.0)
        sent = stamps(rig, "p")
        assert sent == sorted(set(sent))
        assert len(sent) == pytest.approx(6120 / 5, abs=21)


async def test_counters_have_reserves_for_a_speed_before_it_ticks(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        await trio.sleep(60)
        await rig.pacer.set_speed(10_000.0)
        (saved,) = list(rig.file.batches[-1].energies)
        await trio.sleep(3.9)
        assert device.model.meter.energy_kwh > saved.energy_kwh + 50.0
        assert device.model.meter.energy_kwh <= saved.reserved_kwh


async def test_flat_out_every_tick_is_lived_through_and_reserved(
    autojump_clock: MockClock,
) -> None:
    rig = assemble(backlog=400)
    connection = RememberedConnection()
    async with running(rig, paced=False), trio.open_nursery() as nursery:
        devices = [await rig.supervisor.create("plain", name="P") for _ in range(20)]
        await rig.pacer.set_speed(0.0)
        nursery.start_soon(rig.publisher.pump, connection)
        nursery.start_soon(rig.pacer.run)
        begin = rig.clock.now()
        while rig.clock.now() < begin + 3600.0:
            await trio.lowlevel.checkpoint()
            highest = max(device.model.meter.energy_kwh for device in devices)
            saved = [count for batch in rig.file.batches for count in batch.energies]
            assert highest <= max((count.reserved_kwh for count in saved), default=0.0)
        nursery.cancel_scope.cancel()
    data = [message for message in connection.taken if message.kind is Kind.DATA]
    statistics = rig.publisher.statistics()
    assert rig.pacer.statistics().coalesced == 0
    assert statistics.dropped == 0
    assert len(data) + statistics.backlog == pytest.approx(20 * 720, abs=40)


async def test_flat_out_waits_while_the_broker_is_away(autojump_clock: MockClock) -> None:
    rig = assemble(backlog=400)
    async with running(rig):
        await rig.supervisor.create("plain", name="P")
        await rig.pacer.set_speed(0.0)
        await trio.sleep(60)
        stands = rig.clock.now()
        await trio.sleep(60)
        assert rig.clock.now() == stands
        assert rig.publisher.statistics().dropped == 0
        assert rig.publisher.statistics().backlog == 200


def with_history(days: float, wall: Wall) -> Rig:
    rig = assemble()
    rig.clock.wall = wall
    rig.clock.begin_history(NOON - days * DAY_S)
    return rig


async def test_history_goes_over_into_live_without_a_seam(autojump_clock: MockClock) -> None:
    rig = with_history(0.5, Wall())
    async with running(rig):
        device = await rig.supervisor.create("plain", name="P", device_id="p", interval=60.0)
        assert device.created_at == NOON - 0.5 * DAY_S
        await trio.sleep(600)
        sent = rig.sent(Kind.DATA, "p")
        assert not rig.clock.catches_up
        assert rig.clock.now() == pytest.approx(NOON + 600.0, abs=1.0)
        assert len(sent) == 720 + 10
        assert len({message["timestamp"] for message in sent}) == len(sent)
        energies = [message["energy"] for message in sent]
        steps = [later - earlier for earlier, later in pairwise(energies)]
        assert min(steps) == pytest.approx(max(steps), abs=0.002)


async def test_what_was_lived_through_is_not_lived_through_again(
    autojump_clock: MockClock,
) -> None:
    rig = with_history(0.5, Wall())
    spec = DeviceSpec("p", "plain", "P", 10.0, 240.0, interval=60.0)
    state = DeviceState(energy_kwh=5.0, last_seen=NOON - 600.0)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(rig.registry.run, rig.supervisor.counters)
        await nursery.start(rig.supervisor.run, [DeviceRecord(spec, NOON - DAY_S, state)])
        nursery.start_soon(rig.pacer.run)
        await trio.sleep(1)
        sent = rig.sent(Kind.DATA, "p")
        assert len(sent) == 10
        assert sent[-1]["energy"] == pytest.approx(5.0 + 10.0 * 600.0 / 3600.0, abs=0.2)
        nursery.cancel_scope.cancel()


async def test_a_speed_that_is_asked_for_during_history_comes_after_it(
    autojump_clock: MockClock,
) -> None:
    rig = with_history(0.5, Wall())
    async with running(rig, paced=False), trio.open_nursery() as nursery:
        await rig.supervisor.create("plain", name="P", device_id="p", interval=60.0)
        await rig.pacer.set_speed(60.0)
        assert rig.clock.catches_up
        nursery.start_soon(rig.pacer.run)
        await trio.sleep(10)
        assert rig.clock.now() == pytest.approx(NOON + 600.0, abs=60.0)
        nursery.cancel_scope.cancel()


async def test_stop_holds_history_and_start_goes_on(autojump_clock: MockClock) -> None:
    rig = with_history(0.5, Wall())
    async with running(rig, paced=False), trio.open_nursery() as nursery:
        await rig.supervisor.create("plain", name="P", device_id="p", interval=60.0)
        rig.pacer.stop()
        nursery.start_soon(rig.pacer.run)
        await trio.sleep(10)
        assert stamps(rig, "p") == []
        rig.pacer.start()
        await trio.sleep(1)
        assert len(stamps(rig, "p")) == 720
        nursery.cancel_scope.cancel()


async def test_a_step_of_the_time_of_day_is_a_pause(autojump_clock: MockClock) -> None:
    rig, wall = assemble(), Wall()
    rig.clock.wall = wall
    async with running(rig):
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        await trio.sleep(60)
        before = device.model.meter.energy_kwh
        wall.ahead = 3600.0
        await trio.sleep(60)
        assert rig.clock.now() == pytest.approx(wall(), abs=0.1)
        used = device.model.meter.energy_kwh - before
        assert used == pytest.approx(10.0 * 60 / 3600, abs=10.0 * 10 / 3600)


async def test_time_never_goes_back(autojump_clock: MockClock) -> None:
    rig, wall = assemble(), Wall()
    rig.clock.wall = wall
    async with running(rig):
        await rig.supervisor.create("plain", name="P", device_id="p")
        await trio.sleep(60)
        wall.ahead = -3600.0
        await trio.sleep(60)
        sent = stamps(rig, "p")
        assert sent == sorted(set(sent))
        assert len(sent) == 24


async def test_a_clock_that_changed_speed_does_not_take_its_own_time_for_a_step(
    autojump_clock: MockClock,
) -> None:
    wall = Wall()
    clock = Clock(NOON - trio.current_time(), wall=wall)
    clock.set_speed(60.0)
    await trio.sleep(60)
    clock.set_speed(1.0)
    assert clock.behind_wall == 0.0
    wall.ahead = 30.0
    assert clock.behind_wall == 30.0


FUTURE = DeviceSpec("p", "plain", "P", 10.0, 240.0)
A_DAY_AHEAD = DeviceState(energy_kwh=5.0, last_seen=NOON + DAY_S)


async def begun_again(rig: Rig, nursery: trio.Nursery) -> None:
    """Run a second life with a device that the first has seen a day from now."""
    record = DeviceRecord(FUTURE, NOON - DAY_S, A_DAY_AHEAD)
    rig.pacer.time_of_day.look_back(LastSeen.of([record], SavedFleets()))
    nursery.start_soon(rig.registry.run, rig.supervisor.counters)
    await nursery.start(rig.supervisor.run, [record])
    await rig.registry.write_now(rig.supervisor.counters)
    nursery.start_soon(rig.pacer.run)


async def test_a_clock_behind_what_devices_have_seen_is_no_silence(
    autojump_clock: MockClock,
) -> None:
    rig = assemble()
    rig.clock.wall = Wall()
    with capture_logs() as logs:
        async with trio.open_nursery() as nursery:
            await begun_again(rig, nursery)
            await trio.sleep(59)
            (problem,) = rig.pacer.time_of_day.problems()
            assert problem.startswith("the time of day is up to 86,400 s behind what 1 devices")
            await trio.sleep(2)
            assert list(rig.pacer.time_of_day.problems()) == []
            nursery.cancel_scope.cancel()
    sent = rig.sent(Kind.DATA, "p")
    assert len(sent) == 12
    assert sent[0]["timestamp"] < "2025-08-11T12:00:06Z"
    assert sent[-1]["energy"] == pytest.approx(5.0 + 10.0 * 60 / 3600, abs=0.02)
    (warning,) = [line for line in logs if line["log_level"] == "warning"]
    assert (warning["seconds"], warning["devices"]) == (86_400, 1)


async def test_history_of_a_device_from_the_future_is_over_at_once(
    autojump_clock: MockClock,
) -> None:
    rig = with_history(0.5, Wall())
    async with trio.open_nursery() as nursery:
        await begun_again(rig, nursery)
        await trio.sleep(60)
        assert not rig.clock.catches_up
        sent = stamps(rig, "p")
        assert len(sent) == pytest.approx(12, abs=1)
        assert "2025-08-11T12:00:00Z" <= sent[0] < sent[-1] <= "2025-08-11T12:01:01Z"
        nursery.cancel_scope.cancel()


async def test_history_begins_where_the_first_device_was_last_seen() -> None:
    def seen(*moments: float | None) -> list[DeviceRecord]:
        return [DeviceRecord(FUTURE, 0.0, DeviceState(last_seen=moment)) for moment in moments]

    group = GroupSpec("g", "plain", 10.0, 240.0)
    fleet = FleetRecord("f", 1, 0.0, (GroupRecord(group, 3, 3, frozenset({2})),))
    arrays = array("d", [1.0] * 3), array("d", [NOON - 50.0, nan, NOON - 20.0])
    saved = SavedFleets([fleet], {BlockKey("f", "g", 0): SavedBlock(*arrays)})
    start = NOON - DAY_S
    assert LastSeen.of([], SavedFleets()).beginning(start, NOON) == start
    assert LastSeen.of(seen(None, NOON - 9.0), SavedFleets()).beginning(start, NOON) == start
    assert LastSeen.of(seen(NOON - 9.0), saved).beginning(start, NOON) == NOON - 50.0
    assert LastSeen.of(seen(NOON + 9.0), SavedFleets()).beginning(start, NOON) == NOON
    assert LastSeen.of(seen(start - 9.0), saved).beginning(start, NOON) == start
    unbuilt = SavedFleets([fleet], {})
    assert LastSeen.of(seen(NOON - 9.0), unbuilt).beginning(start, NOON) == start
    assert LastSeen.of(seen(NOON + 9.0), saved).after(NOON - 30.0) == (2, 39.0)


@pytest.mark.parametrize("running_now", [True, False])
async def test_resync_goes_back_to_the_time_of_day(
    autojump_clock: MockClock, *, running_now: bool
) -> None:
    rig, wall = assemble(), Wall()
    rig.clock.wall = wall
    async with running(rig):
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        await rig.pacer.set_speed(600.0)
        await trio.sleep(60)
        await rig.pacer.set_speed(1.0)
        assert rig.clock.now() - wall() == pytest.approx(599 * 60.0)
        if not running_now:
            rig.pacer.stop()
        await trio.sleep(10)
        before, sent = device.model.meter.energy_kwh, len(stamps(rig, "p"))
        await rig.pacer.resync()
        rig.pacer.start()
        assert rig.clock.now() == pytest.approx(wall())
        (problem,) = rig.pacer.time_of_day.problems()
        assert problem.startswith("simulated time went back by 35,940 s to the time of day")
        await trio.sleep(60)
        after = stamps(rig, "p")[sent:]
        assert len(after) == pytest.approx(12, abs=1)
        assert after == sorted(set(after))
        assert after[-1] < "2025-08-11T12:03:00Z"
        used = device.model.meter.energy_kwh - before
        assert used == pytest.approx(10.0 * 60 / 3600, abs=10.0 * 10 / 3600)


async def test_resync_during_history_goes_live_without_the_rest(
    autojump_clock: MockClock,
) -> None:
    rig = with_history(0.5, Wall())
    async with running(rig):
        device = await rig.supervisor.create("plain", name="P", device_id="p", interval=60.0)
        rig.pacer.stop()
        await rig.pacer.resync()
        rig.pacer.start()
        await trio.sleep(600)
        assert not rig.clock.catches_up
        assert 9 <= len(stamps(rig, "p")) <= 11
        assert device.model.meter.energy_kwh < 2.0


async def test_each_step_of_the_time_of_day_is_a_problem_for_a_minute(
    autojump_clock: MockClock,
) -> None:
    rig, wall = assemble(), Wall()
    rig.clock.wall = wall
    problems = rig.pacer.time_of_day.problems
    async with running(rig):
        await rig.supervisor.create("plain", name="P", device_id="p")
        for ahead, what in ((-100.0, "set back by 100 s"), (0.0, ""), (-200.0, "by 200 s")):
            wall.ahead = ahead
            await trio.sleep(10)
            assert [what in problem for problem in problems()] == [True] * bool(what)
            await trio.sleep(60)
            assert list(problems()) == []
        await rig.pacer.resync()
        assert rig.clock.now() == pytest.approx(wall())
        wall.ahead = 300.0
        await trio.sleep(10)
        assert ["has jumped ahead by 500 s" in problem for problem in problems()] == [True]
