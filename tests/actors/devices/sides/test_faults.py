"""Faults in living devices: followed by their status, kept over a restart, put on record."""

import pytest
import trio
from trio.testing import MockClock

from iotmock.actors.errors import DeviceRestartingError
from iotmock.actors.messages import Kind
from iotmock.actors.routers.fault_router import known_faults
from iotmock.actors.stream.hub import Hub
from iotmock.dialects.native.dialect import NativeVoice
from iotmock.model.faults.notes import Affected, Closed, Opened
from iotmock.model.faults.plan import FaultProfile
from iotmock.model.faults.request import FaultRequest
from tests.actors.faults import noted, send, statuses
from tests.actors.rig import assemble, running

pytestmark = pytest.mark.trio


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


async def test_faults_have_ids_of_their_own_while_time_stands(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="D", device_id="d")
        await send(rig, "inject_fault", fault="gap")
        (first,) = known_faults(device)
        await send(rig, "clear_fault", fault_id=first.fault_id)
        await send(rig, "inject_fault", fault="gap")
        (second,) = known_faults(device)
        assert second.begin == first.begin
        assert second.fault_id != first.fault_id


async def test_what_observers_fail_at_is_not_the_devices_affair(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="D", device_id="d")
        rig.supervisor.around.announces_faults = True
        monkeypatch.setattr(Hub, "noted", broken)
        monkeypatch.setattr(NativeVoice, "fault", broken)
        injection = await rig.faults.inject("d", FaultRequest("stuck"))
        await send(rig, "inject_fault", fault="gap")
        await rig.faults.clear("d", injection.fault_id)
        await trio.sleep(20)
        assert device.crashes == ()
        assert [fault.fault.name for fault in known_faults(device)] == ["gap"]
        assert len([one for one in await noted(rig) if isinstance(one, Closed)]) == 1


def broken(*_: object) -> None:
    raise RuntimeError("the test wants it")


async def test_a_fault_that_was_refused_leaves_nothing_behind(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="D", device_id="d")
        kept = await rig.faults.inject("d", FaultRequest("stuck"))
        with monkeypatch.context() as patch:
            patch.setattr(NativeVoice, "status", broken)
            with pytest.raises(DeviceRestartingError):
                await rig.faults.inject("d", FaultRequest("trip"))
            await trio.sleep(1)
            await send(rig, "inject_fault", fault="trip")
        await trio.sleep(20)
        assert len(device.crashes) == 2
        assert known_faults(device) == [kept]
        assert {one.injection for one in await noted(rig) if isinstance(one, Opened)} == {kept}


async def test_a_fault_that_ended_while_its_device_failed_has_ended(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="D", device_id="d")
        ended = await rig.faults.inject("d", FaultRequest("trip"))
        with monkeypatch.context() as patch:
            patch.setattr(NativeVoice, "status", broken)
            with pytest.raises(DeviceRestartingError):
                await rig.faults.clear("d", ended.fault_id)
        await trio.sleep(20)
        assert known_faults(device) == []
        assert [one.injection for one in await noted(rig) if isinstance(one, Closed)] == [ended]


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
