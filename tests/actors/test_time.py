"""Simulated time: faster, flat out, history up to now, and a wall clock that jumps."""

from itertools import pairwise

import pytest
import trio
from trio.testing import MockClock

from iotmock.actors.clock import Clock
from iotmock.actors.messages import Kind
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
