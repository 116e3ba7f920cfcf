"""A black-out takes a site whole; a battery with a backup goes on."""

import trio
from trio.testing import wait_all_tasks_blocked

from tests.rest.client import Client
from tests.rest.rig import Service
from tests.rest.test_devices import DEVICES
from tests.simulated_time import simulated_time

pytestmark = simulated_time


async def test_a_black_out_takes_a_site_whole_but_for_a_battery_with_a_backup(
    client: Client, service: Service
) -> None:
    await client.post("/api/v1/sites", {"name": "h", "kind": "home", "count": 30, "seed": 7})
    await wait_all_tasks_blocked()
    supervisor = service.system.supervisor
    battery = next(one for one in supervisor if one.device_id.startswith("h-battery"))
    place = battery.model.spec.location
    battery.model.family.restore({"backup": True})
    await trio.sleep(30)
    body = {"fault": "black_out", "selector": {"location": place}, "duration": 120}
    assert (await client.post("/api/v1/faults", body)).status == 201
    await trio.sleep(30)
    there = [one for one in supervisor if one.model.spec.location == place]
    elsewhere = [one for one in supervisor if one.model.spec.location != place]
    assert len(there) > 3
    for one in there:
        reading = (await client.get(f"{DEVICES}/{one.device_id}/readings")).content
        assert reading["power"] == 0.0
        if one is battery:
            assert (reading["status"], reading["voltage"] > 200.0) == ("online", True)
        else:
            assert (reading["status"], reading["voltage"], reading["current"]) == ("offline", 0, 0)
    assert {one.model.status for one in elsewhere} == {"online"}
    await trio.sleep(180)
    assert {one.model.status for one in there} == {"online"}
    meter = next(one for one in there if one.device_id.startswith("h-meter"))
    assert meter.model.meter.power_kw != 0.0
