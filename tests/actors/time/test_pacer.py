"""The pacer: the grid, the pause, lateness without lost time."""

import pytest
import trio
from trio.testing import MockClock

from iotmock.actors.time.clock import Clock
from iotmock.actors.time.cohorts import phase_of
from iotmock.actors.time.pacer import Pacer
from tests.actors.rig import NOON
from tests.actors.time.paced import Paced, make_pacer, pace


@pytest.mark.trio
async def test_ticks_come_on_a_grid_of_the_interval(autojump_clock: MockClock) -> None:
    pacer, device = make_pacer(), Paced("a")
    pacer.add(device)
    await pace(pacer, 50)
    moments = [tick.now for tick in device.ticks]
    assert len(moments) == 10
    for moment in moments:
        assert (moment - phase_of("a", 5.0)) % 5.0 == pytest.approx(0, abs=1e-6)
    assert sum(tick.dt_s for tick in device.ticks) == pytest.approx(moments[-1] - NOON)


@pytest.mark.trio
async def test_a_device_with_a_tick_in_its_inbox_gets_no_second_one(
    autojump_clock: MockClock,
) -> None:
    pacer, device = make_pacer(), Paced("a", deaf=True)
    pacer.add(device)
    await pace(pacer, 50)
    assert len(device.ticks) == 1
    assert (pacer.statistics().due, pacer.statistics().coalesced) == (10, 9)
    device.deaf = device.tick_waits = False
    await pace(pacer, 5)
    assert sum(tick.dt_s for tick in device.ticks) == pytest.approx(device.ticks[-1].now - NOON)


@pytest.mark.trio
async def test_a_full_inbox_loses_no_time(autojump_clock: MockClock) -> None:
    pacer, device = make_pacer(), Paced("a", full=True)
    pacer.add(device)
    await pace(pacer, 20)
    device.full = False
    await pace(pacer, 10)
    assert sum(tick.dt_s for tick in device.ticks) == pytest.approx(device.ticks[-1].now - NOON)


@pytest.mark.trio
async def test_a_pause_is_without_ticks_and_without_time(autojump_clock: MockClock) -> None:
    pacer, device = make_pacer(), Paced("a")
    pacer.add(device)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(pacer.run)
        await trio.sleep(50)
        pacer.stop()
        pacer.stop()
        await trio.sleep(1000)
        assert len(device.ticks) == 10
        pacer.start()
        pacer.start()
        await trio.sleep(50)
        nursery.cancel_scope.cancel()
    assert len(device.ticks) == 20
    open_end = NOON + 1100 - device.ticks[-1].now
    assert sum(tick.dt_s for tick in device.ticks) == pytest.approx(100 - open_end)
    assert pacer.statistics().coalesced == 0


async def pace_with_a_stall(pacer: Pacer, clock: MockClock) -> None:
    """Run it for 120 s, of which it stands still for 100."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(pacer.run)
        await trio.sleep(10)
        clock.jump(100)
        await trio.sleep(10)
        nursery.cancel_scope.cancel()


@pytest.mark.trio
async def test_a_pacer_that_was_held_up_joins_the_missed_ticks(autojump_clock: MockClock) -> None:
    pacer, device = make_pacer(), Paced("a")
    pacer.add(device)
    await pace_with_a_stall(pacer, autojump_clock)
    counts = pacer.statistics()
    assert counts.due == 24
    assert counts.due - counts.done == counts.coalesced >= 19
    assert pacer.statistics().lateness_max_s > 90
    assert sum(tick.dt_s for tick in device.ticks) == pytest.approx(device.ticks[-1].now - NOON)


@pytest.mark.trio
async def test_what_is_joined_does_not_go_beyond_the_end(autojump_clock: MockClock) -> None:
    pacer, device = make_pacer(), Paced("a")
    pacer.add(device)
    pacer.ends_at = NOON + 40
    await pace_with_a_stall(pacer, autojump_clock)
    assert pacer.statistics().due == 8
    assert NOON + 35 < device.ticks[-1].now <= NOON + 40
    assert pacer.has_ended


@pytest.mark.trio
async def test_a_device_that_left_is_not_ticked(autojump_clock: MockClock) -> None:
    pacer, device = make_pacer(), Paced("a")
    pacer.add(device)
    pacer.remove(device)
    pacer.remove(device)
    await pace(pacer, 20)
    assert device.ticks == []


@pytest.mark.trio
async def test_each_device_has_its_own_interval(autojump_clock: MockClock) -> None:
    pacer, quick, slow = make_pacer(), Paced("q", interval=0.5), Paced("s", interval=20.0)
    for device in (quick, slow):
        pacer.add(device)
    await pace(pacer, 40)
    assert (len(quick.ticks), len(slow.ticks)) == (80, 2)
    slow.interval = 1.0
    pacer.reseat(slow)
    await pace(pacer, 10)
    assert len(slow.ticks) == 12


@pytest.mark.trio
async def test_what_came_due_before_the_pacer_began_is_not_late(autojump_clock: MockClock) -> None:
    pacer, device = make_pacer(), Paced("a")
    pacer.add(device)
    await trio.sleep(100)
    await pace(pacer, 10)
    counts = pacer.statistics()
    assert (counts.due, counts.done) == (2, 2)
    assert not pacer.counts.overloaded
    assert counts.lateness_max_s < 1
    assert sum(tick.dt_s for tick in device.ticks) == pytest.approx(device.ticks[-1].now - NOON)


@pytest.mark.trio
async def test_resync_amid_the_ticks_of_a_moment_leaves_the_rest_of_them_out(
    autojump_clock: MockClock,
) -> None:
    began = trio.current_time()
    clock = Clock(NOON + 3600.0 - began, wall=lambda: NOON + trio.current_time() - began)
    clock.set_speed(1.0)
    pacer = Pacer(clock, 5.0)
    devices = [Paced("a", handed_to=NOON + 3600.0) for _ in range(600)]  # three slices
    for device in devices:
        pacer.add(device)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(pacer.run)
        await devices[0].told.wait()
        ticked = [device for device in devices if device.ticks]
        assert len(ticked) < len(devices)
        await pacer.resync()
        await trio.sleep(10)
        nursery.cancel_scope.cancel()
    untouched = [device for device in devices if device not in ticked]
    assert all(tick.now < NOON + 20.0 for device in untouched for tick in device.ticks)
    assert all(0.0 < tick.dt_s < 20.0 for device in devices for tick in device.ticks)
