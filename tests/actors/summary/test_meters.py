"""What single devices showed is kept: of all where they are few, else of those looked at."""

from itertools import pairwise

import pytest
import trio

from iotmock.actors.summary import meters as meters_module
from iotmock.actors.summary.meters import Meters
from tests.actors.rig import assemble, running
from tests.rest.client import Client
from tests.rest.rig import assemble_service
from tests.simulated_time import simulated_time

pytestmark = simulated_time


async def test_a_device_s_last_readings_are_kept_once_each_and_not_for_ever() -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("hvac", name="D", device_id="a", interval=10.0)
        meters = Meters(rig.supervisor)
        for _ in range(400):
            await trio.sleep(5)
            meters.look()
        kept = list(meters.shown_by("a"))
        assert len(kept) == 180
        times = [one.at for one in kept]
        assert [late - early for early, late in pairwise(times)] == [10.0] * 179
        assert kept[-1].at == device.last_seen
        assert kept[-1].power == device.reading(0.0).power
        assert kept[-1].energy > kept[0].energy
        await rig.supervisor.delete("a")
        meters.look()
        assert list(meters.shown_by("a")) == []


async def test_of_a_large_fleet_only_those_are_kept_that_somebody_looks_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(meters_module, "_FEW", 2)
    async with running(assemble()) as rig:
        for name in "abc":
            await rig.supervisor.create("hvac", name="D", device_id=name, interval=1.0)
        rig.supervisor.around.hub.watches.look("b")
        meters = Meters(rig.supervisor)
        await trio.sleep(2)
        meters.look()
        assert [len(list(meters.shown_by(name))) for name in "abc"] == [0, 1, 0]


async def test_time_that_is_set_back_begins_anew() -> None:
    async with running(assemble(), paced=False) as rig:
        device = await rig.supervisor.create("hvac", name="D", device_id="a")
        meters = Meters(rig.supervisor)
        for device.last_seen in (1_000.0, 1_010.0, 400.0):
            meters.look()
        assert [one.at for one in meters.shown_by("a")] == [400.0]


async def test_the_record_is_to_be_had_over_http() -> None:
    service = assemble_service()
    async with running(service.rig) as rig:
        await rig.supervisor.create("hvac", name="D", device_id="a", interval=1.0)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(service.system.summaries.run)
            await trio.sleep(21)
            nursery.cancel_scope.cancel()
        got = await Client(service.app).get("/api/v1/devices/a/history")
        assert (await Client(service.app).get("/api/v1/devices/b/history")).status == 404
    assert got.content["step_s"] == 5.0
    assert len(got.content["readings"]) == 4
    assert set(got.content["readings"][0]) == {"timestamp", "power", "voltage", "current", "energy"}
