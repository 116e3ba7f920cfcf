"""A time of day that jumps, and the way back to it."""

import pytest
import trio
from structlog.testing import capture_logs
from trio.testing import MockClock

from iotmock.actors.messages import Kind
from iotmock.actors.time.clock import Clock
from tests.actors.rig import NOON, assemble, running
from tests.actors.time.lives import Wall, begun_again, stamps

pytestmark = pytest.mark.trio


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
