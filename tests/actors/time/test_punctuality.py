"""What a pacer says of itself: behind, too small a machine, or stood still."""

import pytest
import trio
from structlog.testing import capture_logs
from trio.testing import MockClock

from iotmock.actors.time.punctuality import WINDOW_S
from tests.actors.rig import NOON
from tests.actors.time.paced import Paced, make_pacer, pace


@pytest.mark.trio
async def test_a_machine_that_is_too_small_says_so(autojump_clock: MockClock) -> None:
    pacer, device = make_pacer(), Paced("a", deaf=True)
    pacer.add(device)
    with capture_logs() as logs:
        await pace(pacer, 600)
    assert pacer.counts.overloaded
    complaints = [line for line in logs if line["log_level"] == "warning"]
    assert 5 <= len(complaints) <= 10
    assert complaints[0]["devices"] == 1
    assert complaints[-1]["behind"] == complaints[-1]["due"] > 0


@pytest.mark.trio
async def test_a_machine_that_keeps_up_again_says_so(autojump_clock: MockClock) -> None:
    pacer, device = make_pacer(), Paced("a", deaf=True)
    pacer.add(device)
    await pace(pacer, 60)
    assert pacer.counts.overloaded
    device.deaf = device.tick_waits = False
    await pace(pacer, 3 * WINDOW_S)
    assert not pacer.counts.overloaded
    assert pacer.statistics().coalesced > 0


@pytest.mark.trio
async def test_a_tick_later_than_half_its_interval_is_behind(autojump_clock: MockClock) -> None:
    pacer, devices = make_pacer(), [Paced(str(number)) for number in range(100)]
    pacer.counts.cpu = trio.current_time  # it is at work all the time
    for device in devices:
        pacer.add(device)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(pacer.run)
        for _ in range(50):  # at each turn, more than half of the interval is lost
            await trio.sleep(0.01)
            autojump_clock.jump(4.9)
        nursery.cancel_scope.cancel()
    counts = pacer.statistics()
    assert pacer.counts.overloaded
    assert counts.lateness_p50_s <= counts.lateness_p99_s <= counts.lateness_max_s < 5
    assert counts.lateness_p99_s > 2.5


@pytest.mark.trio
@pytest.mark.parametrize(("at_work", "overloaded"), [(0.0, False), (0.5, True)])
async def test_a_process_that_stood_still_is_no_machine_that_is_too_small(
    autojump_clock: MockClock, at_work: float, *, overloaded: bool
) -> None:
    pacer, device = make_pacer(), Paced("a", interval=1.0)
    pacer.counts.cpu = lambda: at_work * trio.current_time()
    pacer.add(device)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(pacer.run)
        with capture_logs() as logs:
            await trio.sleep(10)
            autojump_clock.jump(20)
            await trio.sleep(WINDOW_S / 2)
        nursery.cancel_scope.cancel()
    warnings = [line["event"] for line in logs if line["log_level"] == "warning"]
    assert pacer.counts.overloaded == overloaded
    stood_still = [line for line in warnings if line.startswith("the process stood still")]
    assert len(stood_still) == (0 if overloaded else 1)
    assert pacer.statistics().coalesced >= 19
    assert sum(tick.dt_s for tick in device.ticks) == pytest.approx(device.ticks[-1].now - NOON)


@pytest.mark.trio
@pytest.mark.parametrize(("jumps", "blamed"), [(1, 0), (4, 1)])
async def test_a_machine_that_was_busy_for_a_moment_is_not_called_too_small(
    autojump_clock: MockClock, jumps: int, blamed: int
) -> None:
    pacer, device = make_pacer(), Paced("a", interval=1.0)
    pacer.counts.cpu = trio.current_time  # it is at work all the time
    pacer.add(device)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(pacer.run)
        with capture_logs() as logs:
            for _ in range(jumps):
                await trio.sleep(WINDOW_S / 2)
                autojump_clock.jump(5)
            await trio.sleep(2 * WINDOW_S)
        nursery.cancel_scope.cancel()
    assert sum("too small" in line["event"] for line in logs) == blamed
