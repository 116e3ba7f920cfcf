"""What the fleet draws is summed up without being asked for all at once."""

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from iotmock.actors.definitions.draft import GroupDraft
from iotmock.actors.summary import census as census_module
from iotmock.actors.summary.census import Census
from iotmock.actors.summary.power import power_of
from tests.actors.rig import Rig, assemble, running
from tests.simulated_time import simulated_time

pytestmark = simulated_time


def true_power(rig: Rig) -> dict[tuple[str, str], float]:
    sums: dict[tuple[str, str], float] = {}
    for device in rig.supervisor:
        spec = device.model.spec
        place = spec.device_type, spec.location
        sums[place] = sums.get(place, 0.0) + device.model.meter.power_kw
    return sums


async def test_the_sums_are_those_of_the_meters() -> None:
    async with running(assemble()) as rig:
        for number in range(20):
            kind, location = ("hvac", "plain")[number % 2], f"L{number % 3}"
            await rig.supervisor.create(kind, name="D", location=location)
        census = Census(rig.supervisor)
        await trio.sleep(60)
        await census.look(1.0)
        assert census.power == pytest.approx(true_power(rig))
        await trio.sleep(60)
        await census.look(1.0)
        assert census.power == pytest.approx(true_power(rig))


async def test_a_large_fleet_is_asked_in_parts_and_each_device_once_a_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(census_module, "_SMALL", 10)
    monkeypatch.setattr(census_module, "_SLICE", 10)
    async with running(assemble(), paced=False) as rig:
        await rig.fleets.create("big", [GroupDraft("hvac", 100)])
        await wait_all_tasks_blocked()
        assert len(rig.supervisor) == 100
        census = Census(rig.supervisor)
        await census.look(0.1)
        for device in rig.supervisor:
            device.model.meter.power_kw += 1.0
        before = sum(census.power.values())
        seen = []
        for _ in range(10):
            await census.look(0.1)
            seen.append(round(sum(census.power.values()) - before))
        assert seen == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]


async def test_a_device_that_moves_or_goes_takes_its_power_along() -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="D", device_id="a", location="North")
        await rig.supervisor.create("plain", name="D", device_id="b", location="North")
        census = Census(rig.supervisor)
        await census.look(1.0)
        await rig.supervisor.update("a", location="South")
        await rig.supervisor.delete("b")
        await census.look(1.0)
        assert set(census.power) == {("plain", "South")}


async def test_beyond_a_hundred_locations_the_rest_is_one() -> None:
    places = {("hvac", f"L{number}"): float(number) for number in range(150)}
    places["hvac", "other"] = 200.0
    power = power_of(places)
    assert len(power.by_location) == 100
    assert power.by_location["other"] == 200e3  # which is a location like any
    assert power.other_locations_w == 1e3 * sum(range(51))
    assert power.total_w == power.by_family["hvac"] == 1e3 * (200 + sum(range(150)))
    assert sum(power.by_location.values()) + power.other_locations_w == power.total_w
