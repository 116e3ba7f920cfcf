"""Faults find their devices: one, those of a location, a share of the fleet."""

import pytest
from attrs import evolve
from trio.testing import MockClock

from iotmock.actors.definitions.roster import Group
from iotmock.actors.errors import (
    DeviceFailedError,
    FaultExistsError,
    UnknownDeviceError,
    UnknownFaultError,
)
from iotmock.actors.ports.ledger_file import OpenFault
from iotmock.actors.routers.fault_router import known_faults
from iotmock.actors.routers.selector import Selector
from iotmock.actors.turns import Turns
from iotmock.model.faults.request import FaultRequest, InvalidFaultError
from iotmock.model.fleet import GroupRecord, GroupSpec
from iotmock.model.spec import DeviceRecord
from tests.actors.rig import NOON, assemble, running

pytestmark = pytest.mark.trio
PAST = "2020-01-01T00:00:00Z"


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


async def test_a_location_whose_device_can_not_have_it_is_spared(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble(), paced=False) as rig:
        a, b = [
            await rig.supervisor.create("plain", name="D", device_id=name, location="hall")
            for name in "ab"
        ]
        with pytest.raises(InvalidFaultError, match="is in the past"):
            await rig.faults.inject("a", FaultRequest("gateway_outage", start=PAST))
        a.model.failed = True
        with pytest.raises(DeviceFailedError):
            await rig.faults.inject("a", FaultRequest("gateway_outage"))
        assert known_faults(a) == known_faults(b) == []


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


async def test_faults_of_a_fleets_device_go_on_once_it_is_made(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="D", device_id="d")
        injection = await rig.faults.inject("d", FaultRequest("stuck", duration=3600.0))
        spec = GroupSpec("g", "plain", 10.0, 230.0)
        group = Group.of("f", 1, NOON, GroupRecord(spec, 3, 3, frozenset({2})), Turns())
        rig.supervisor.roster.add(group)
        names = [f"f-g-{number:06d}" for number in (1, 2, 3, 4)]
        faults = [OpenFault(evolve(injection, device_id=name), {}) for name in names]
        # The second was deleted, the fourth is not wanted.
        left = rig.faults.resume(faults)
        assert [fault.injection.device_id for fault in left] == [names[1], names[3]]
        rig.supervisor.children.bring(DeviceRecord(spec.device(names[0], 1), NOON))
        (going_on,) = known_faults(rig.supervisor.get(names[0]))
        assert (going_on.device_id, going_on.end) == (names[0], injection.end)
        rig.supervisor.children.take_down(names[2])
        assert rig.supervisor.children.awaited.by_id == {}
        assert known_faults(device) == [injection]


async def test_an_id_is_taken_once(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="D", device_id="d")
        injection = await rig.faults.inject("d", FaultRequest("stuck"))
        with pytest.raises(FaultExistsError):
            await rig.faults._inject_one(device, injection)
