"""The pacer: the grid, the pause, lateness without lost time."""

import pytest
import trio
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from trio.testing import MockClock

from iotmock.actors.messages import Tick
from iotmock.actors.time.clock import Clock
from iotmock.actors.time.cohorts import Cohort, phase_of
from iotmock.actors.time.pacer import Pacer
from iotmock.actors.time.punctuality import WINDOW_S
from iotmock.model.fleet import id_of
from tests.actors.rig import NOON


@define(eq=False)
class Paced:
    """Takes ticks at once, or never."""

    device_id: str
    interval: float = 5.0
    handed_to: float = NOON
    _waits: bool = False
    deaf: bool = False
    full: bool = False
    ticks: list[Tick] = field(factory=list)
    told: trio.Event = field(factory=trio.Event)

    @property
    def tick_waits(self) -> bool:
        return self._waits

    @tick_waits.setter
    def tick_waits(self, waits: bool) -> None:
        self._waits = waits and self.deaf

    @property
    def inbox(self) -> "Paced":
        return self

    def put(self, message: Tick) -> None:
        if self.full:
            raise trio.WouldBlock
        self.ticks.append(message)
        self.told.set()


async def pace(pacer: Pacer, seconds: float) -> None:
    with trio.move_on_after(seconds):
        await pacer.run()


def make_pacer() -> Pacer:
    return Pacer(Clock(NOON - trio.current_time()), 5.0)


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
async def test_a_fleet_is_spread_over_the_interval(autojump_clock: MockClock) -> None:
    phases = [phase_of(f"mock-{number}", 5.0) for number in range(10_000)]
    assert max(phases.count(phase) for phase in set(phases)) < 160
    assert len(set(phases)) == 100


def test_a_fleet_by_rule_is_spread_with_its_neighbours_together() -> None:
    phases = [phase_of(id_of("cli-hvac", number), 5.0) for number in range(1, 10_001)]
    counts = [phases.count(phase) for phase in set(phases)]
    assert len(counts) == 100
    assert max(counts) <= 4 * 32
    assert len(set(phases[:31])) == 1
    assert len(set(phases[:320])) == 11


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


@given(
    st.floats(1e9, 4e9),
    st.sampled_from([0.1, 0.3, 0.7, 1.1, 7.7, 45.2]) | st.floats(0.1, 86_400.0),
    st.text(max_size=8),
)
def test_the_next_due_time_is_always_later(moment: float, interval: float, name: str) -> None:
    cohort = Cohort(interval, phase_of(name, interval), 0.0)
    for _ in range(20):
        due = cohort.due_after(moment)
        assert moment < due <= moment + interval * 1.001
        moment = due


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


@pytest.mark.trio
async def test_a_pacer_that_was_held_up_joins_the_missed_ticks(autojump_clock: MockClock) -> None:
    pacer, device = make_pacer(), Paced("a")
    pacer.add(device)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(pacer.run)
        await trio.sleep(10)
        autojump_clock.jump(100)
        await trio.sleep(10)
        nursery.cancel_scope.cancel()
    counts = pacer.statistics()
    assert counts.due == 24
    assert counts.due - counts.done == counts.coalesced >= 19
    assert pacer.statistics().lateness_max_s > 90
    assert sum(tick.dt_s for tick in device.ticks) == pytest.approx(device.ticks[-1].now - NOON)


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
