"""Results of commands under a fault: lost, held back, and never without a bound."""

import pytest
import trio
from trio.testing import MockClock

from iotmock.actors.messages import CommandRequest, Kind
from iotmock.model.faults.notes import Affected
from iotmock.model.faults.request import FaultRequest
from tests.actors.faults import noted, send
from tests.actors.rig import assemble, running

pytestmark = pytest.mark.trio


async def test_a_lost_result_was_applied_and_is_told_at_the_second_try(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="D", device_id="d")
        fault = await rig.faults.inject("d", FaultRequest("lost_result"))
        await send(rig, "set_power", "one", power=30.0)
        assert device.model.spec.base_power == 30.0
        assert rig.sent(Kind.RESULT, "d") == []
        assert rig.router.statistics.results_lost == 1
        await rig.faults.clear("d", fault.fault_id)
        await send(rig, "set_power", "one", power=40.0)
        (result,) = rig.sent(Kind.RESULT, "d")
        assert (result["status"], device.model.spec.base_power) == ("applied", 30.0)
        (row,) = [one for one in await noted(rig) if isinstance(one, Affected)]
        assert row.effect == "result lost"


async def test_a_late_result_comes_with_the_first_tick_after_its_delay(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="D", device_id="d")
        await rig.faults.inject("d", FaultRequest("late_result", {"delay_s": 12.0}))
        await send(rig, "set_power", power=30.0)
        await trio.sleep(11)
        assert rig.sent(Kind.RESULT, "d") == []
        await trio.sleep(7)
        (result,) = rig.sent(Kind.RESULT, "d")
        assert result["status"] == "applied"


async def test_no_more_results_are_held_back_than_a_bound(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="D", device_id="d")
        await rig.faults.inject("d", FaultRequest("late_result", {"delay_s": 3600.0}))
        for number in range(103):
            await send(rig, "set_power", f"{number}", power=30.0)
        assert [result["id"] for result in rig.sent(Kind.RESULT, "d")] == ["0", "1", "2"]


async def test_who_asks_again_is_not_held_back_too(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="D", device_id="d")
        await rig.faults.inject("d", FaultRequest("late_result", {"delay_s": 3600.0}))
        await send(rig, "set_power", "one", power=30.0)
        with trio.fail_after(1):
            again = CommandRequest("set_power", {"power": 30.0}, "one")
            assert (await rig.supervisor.command("d", again)).status == "applied"
        assert rig.sent(Kind.RESULT, "d") == []
        await trio.sleep(3610)
        assert [result["id"] for result in rig.sent(Kind.RESULT, "d")] == ["one"]


async def test_who_waits_for_a_late_result_is_told_when_the_device_is_deleted(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="D", device_id="d")
        await rig.faults.inject("d", FaultRequest("late_result"))
        await send(rig, "set_power", power=30.0)
        await rig.supervisor.delete("d")
        (result,) = rig.sent(Kind.RESULT, "d")
        assert result["status"] == "rejected"
