"""Faults in living devices: routed, followed by status, kept over a restart, put on record."""

import msgspec
import pytest
import trio
from attrs import evolve
from trio.testing import MockClock, wait_all_tasks_blocked

from iotmock.actors.errors import FaultExistsError, UnknownDeviceError, UnknownFaultError
from iotmock.actors.messages import IncomingCommand, Kind
from iotmock.actors.ports.ledger_file import OpenFault
from iotmock.actors.records.ledger import Ledger
from iotmock.actors.routers.fault_router import known_faults
from iotmock.actors.routers.selector import Selector
from iotmock.model.faults.notes import Affected, Closed, Opened
from iotmock.model.faults.plan import FaultProfile
from iotmock.model.faults.request import FaultRequest, InvalidFaultError
from tests.actors.rig import NOON, RememberedLedger, Rig, assemble, running

pytestmark = pytest.mark.trio


def statuses(rig: Rig, device_id: str = "d") -> list[str]:
    return [message["status"] for message in rig.sent(Kind.STATUS, device_id) if message]


async def noted(rig: Rig) -> list[object]:
    await rig.ledger.write_now()
    return list(rig.ledger_file.notes)


async def send(rig: Rig, name: str, id_: str | None = None, **parameters: object) -> None:
    content = {"command": name, "parameters": parameters} | ({"id": id_} if id_ else {})
    rig.router.route(IncomingCommand("d", msgspec.json.encode(content)))
    await wait_all_tasks_blocked()


async def test_the_status_follows_a_fault_at_once_and_back(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("hvac", name="D", device_id="d")
        await rig.faults.inject("d", FaultRequest("trip", duration=12.0))
        assert statuses(rig) == ["online", "error"]
        await trio.sleep(20)
        assert statuses(rig) == ["online", "error", "online"]
        outage = await rig.faults.inject("d", FaultRequest("outage"))
        assert statuses(rig)[-1] == "offline"
        await rig.faults.clear("d", outage.fault_id)
        assert statuses(rig)[-1] == "online"


async def test_a_fault_of_a_location_takes_its_devices_and_no_others(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        for name, place in [("a", "hall"), ("b", "hall"), ("c", "yard"), ("d", "")]:
            await rig.supervisor.create("plain", name="D", device_id=name, location=place)
        one = await rig.faults.inject("a", FaultRequest("gateway_outage", duration=60.0))
        down = [device.device_id for device in rig.supervisor if device.model.status == "offline"]
        assert down == ["a", "b"]
        assert await rig.faults.clear_group(one.group or "") == 2
        with pytest.raises(InvalidFaultError, match="location"):
            await rig.faults.inject("d", FaultRequest("gateway_outage"))


async def test_a_share_of_the_fleet_is_the_same_share_every_time(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        for number in range(200):
            await rig.supervisor.create("plain", name="D", device_id=f"d{number}")
        request, chosen = FaultRequest("gap"), Selector(share=0.25, seed=3)
        first = await rig.faults.inject_where(chosen, request)
        second = await rig.faults.inject_where(chosen, request)
        ids = [injection.device_id for injection in first.faults]
        assert [injection.device_id for injection in second.faults] == ids
        assert 25 < len(ids) < 75
        other = await rig.faults.inject_where(Selector(share=0.25, seed=4), request)
        assert [injection.device_id for injection in other.faults] != ids


async def test_those_that_can_not_have_it_are_refused_with_the_reason(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("hvac", name="H", device_id="h")
        await rig.supervisor.create("server", name="S", device_id="s")
        injected = await rig.faults.inject_where(Selector(), FaultRequest("fan_failure"))
        assert [injection.device_id for injection in injected.faults] == ["s"]
        assert injected.refused == [("h", "fault: fan_failure befalls server, not hvac")]
        with pytest.raises(UnknownDeviceError):
            await rig.faults.inject_where(Selector(ids=("h", "x")), FaultRequest("gap"))
        assert known_faults(rig.supervisor.get("h")) == []


async def test_a_fault_that_is_not_there_can_not_be_cleared(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("hvac", name="D", device_id="d")
        with pytest.raises(UnknownFaultError):
            await rig.faults.clear("d", "nothing")
        with pytest.raises(UnknownDeviceError):
            await rig.faults.clear("x", "nothing")


async def test_a_deleted_device_leaves_no_open_fault(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("hvac", name="D", device_id="d")
        await rig.faults.inject("d", FaultRequest("stuck"))
        await rig.faults.inject("d", FaultRequest("gap", start="2025-08-11T13:00:00Z"))
        await rig.supervisor.delete("d")
        notes = await noted(rig)
        opened = {one.injection.fault_id for one in notes if isinstance(one, Opened)}
        closed = {one.injection.fault_id for one in notes if isinstance(one, Closed)}
        assert opened == closed
        assert len(closed) == 2


async def test_a_device_that_fails_keeps_its_faults(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="D", device_id="d")
        await trio.sleep(60)
        await rig.faults.inject("d", FaultRequest("counter_reset"))
        shown = device.reading(rig.clock.now()).energy
        rig.failing.append(RuntimeError("the test wants it"))
        await trio.sleep(rig.pacer.cohorts.next_due(device) - rig.clock.now() + 0.001)
        assert device.crashes
        rig.failing.clear()
        await trio.sleep(60)
        (kept,) = known_faults(device)
        assert kept.fault.name == "counter_reset"
        after = device.reading(rig.clock.now()).energy
        assert shown == 0.0
        assert 0.1 < after == pytest.approx(10.0 * 65 / 3600, abs=0.02)


async def test_faults_of_an_earlier_life_go_on(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="D", device_id="d")
        injection = await rig.faults.inject("d", FaultRequest("counter_reset", duration=3600.0))
        await rig.faults.clear("d", injection.fault_id)
        begun = evolve(injection, begin=NOON - 60.0)
        gone = evolve(injection, device_id="gone")
        left = rig.faults.resume([OpenFault(begun, {"kwh": 0.5}), OpenFault(gone, {})])
        assert [fault.injection.device_id for fault in left] == ["gone"]
        device.model.meter.energy_kwh = device.model.meter.ceiling_kwh = 2.0
        assert device.reading(rig.clock.now()).energy == 1.5


async def test_a_disabled_or_offline_device_has_faults_that_touch_nothing(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("hvac", name="D", device_id="d")
        await send(rig, "set_enabled", enabled=False)
        await rig.faults.inject("d", FaultRequest("false_zero", duration=30.0))
        await trio.sleep(60)
        notes = await noted(rig)
        assert not [one for one in notes if isinstance(one, Affected)]
        assert [one for one in notes if isinstance(one, Closed)]


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


async def test_mqtt_brings_back_a_device_that_a_fault_took_offline(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="D", device_id="d")
        await send(rig, "inject_fault", fault="outage", fault_id="mine")
        await send(rig, "set_power", power=30.0)
        assert [result["command"] for result in rig.sent(Kind.RESULT, "d")] == ["inject_fault"]
        await send(rig, "clear_fault", fault_id="mine")
        await send(rig, "set_power", power=30.0)
        assert rig.sent(Kind.RESULT, "d")[-1]["command"] == "set_power"


async def test_an_id_is_taken_once(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="D", device_id="d")
        injection = await rig.faults.inject("d", FaultRequest("stuck"))
        with pytest.raises(FaultExistsError):
            await rig.faults._inject_one(device, injection)


async def test_the_topic_of_faults_tells_begin_and_end(autojump_clock: MockClock) -> None:
    rig = assemble()
    rig.supervisor.around.announces_faults = True
    async with running(rig):
        await rig.supervisor.create("plain", name="D", device_id="d")
        await rig.faults.inject("d", FaultRequest("trip", duration=7.0))
        await trio.sleep(20)
        told = rig.sent(Kind.FAULT, "d")
        assert [entry["state"] for entry in told] == ["scheduled", "active", "ended"]
        assert len({entry["fault_id"] for entry in told}) == 1


async def test_faults_by_themselves_are_the_same_for_the_same_seed(
    autojump_clock: MockClock,
) -> None:
    async def life() -> list[object]:
        rig = assemble()
        rig.supervisor.children.models.fault_profile = FaultProfile.HARSH
        begin = rig.clock.now()
        async with running(rig):
            await rig.supervisor.create("hvac", name="D", device_id="d")
            await trio.sleep(6 * 3600)
            notes = await noted(rig)
        opened = [one.injection for one in notes if isinstance(one, Opened)]
        return [(one.fault_id, one.fault.name, one.begin - begin) for one in opened]

    first = await life()
    trio_time = trio.current_time()
    assert trio_time >= 6 * 3600
    assert len(first) > 100
    assert first == await life()


async def test_a_ledger_that_can_not_be_written_keeps_its_notes(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="D", device_id="d")
        await rig.faults.inject("d", FaultRequest("gap", duration=30.0))
        rig.ledger_file.failure = OSError("disk full")
        await trio.sleep(60)
        await rig.ledger.write_now()
        assert rig.ledger.failing == "disk full"
        rig.ledger_file.failure = None
        notes = await noted(rig)
        assert rig.ledger.failing is None
        assert len([one for one in notes if isinstance(one, Affected)]) == 6


async def test_a_full_ledger_leaves_out_messages_and_counts_them() -> None:
    file = RememberedLedger()
    ledger = Ledger(file, capacity=10)
    ledger.tell(Affected("f", float(number), "t", "missing") for number in range(25))
    await ledger.write_now()
    assert (len(file.notes), ledger.unnoted) == (10, 15)
