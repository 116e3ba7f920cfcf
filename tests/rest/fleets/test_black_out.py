"""A black-out takes a site whole; a battery with a backup goes on."""

import trio
from trio.testing import wait_all_tasks_blocked

from tests.rest.client import Client
from tests.rest.rig import Service
from tests.rest.test_devices import DEVICES
from tests.simulated_time import simulated_time

pytestmark = simulated_time


async def test_a_black_out_takes_a_site_whole_but_for_what_a_battery_feeds(
    client: Client, service: Service
) -> None:
    await client.post("/api/v1/sites", {"name": "h", "kind": "home", "count": 30, "seed": 7})
    await wait_all_tasks_blocked()
    supervisor = service.system.supervisor
    battery = next(one for one in supervisor if one.device_id.startswith("h-battery"))
    place = battery.model.spec.location
    await trio.sleep(30)
    body = {"fault": "black_out", "selector": {"location": place}, "duration": 120}
    assert (await client.post("/api/v1/faults", body)).status == 201
    await trio.sleep(30)
    there = [one for one in supervisor if one.model.spec.location == place]
    elsewhere = [one for one in supervisor if one.model.spec.location != place]
    assert len(there) > 3
    found = {
        one.device_id.split("-")[1]: (
            await client.get(f"{DEVICES}/{one.device_id}/readings")
        ).content
        for one in there
    }
    meter, lamp = found["meter"], found["lamp"]
    assert (meter["status"], meter["power"], meter["voltage"]) == ("offline", 0, 0)
    assert (lamp["status"], lamp["voltage"] > 200.0) == ("online", True)
    assert (found["battery"]["status"], found["battery"]["voltage"] > 200.0) == ("online", True)
    assert round(sum(one["power"] for one in found.values()), 4) == 0.0
    assert {one.model.status for one in elsewhere} == {"online"}
    await trio.sleep(180)
    assert {one.model.status for one in there} == {"online"}
    back = next(one for one in there if one.device_id.startswith("h-meter"))
    assert back.model.meter.power_kw != 0.0


async def test_a_black_out_without_a_battery_takes_all(client: Client, service: Service) -> None:
    await client.post("/api/v1/sites", {"name": "h", "kind": "office", "count": 1, "seed": 7})
    await wait_all_tasks_blocked()
    body = {"fault": "black_out", "selector": {"location": "h-000001"}, "duration": 120}
    assert (await client.post("/api/v1/faults", body)).status == 201
    await trio.sleep(30)
    for one in service.system.supervisor:
        reading = (await client.get(f"{DEVICES}/{one.device_id}/readings")).content
        seen = (reading["power"], reading["status"], reading["voltage"], reading["current"])
        assert seen == (0.0, "offline", 0, 0)


async def test_an_islanded_battery_that_is_deleted_leaves_the_site_dark(
    client: Client, service: Service
) -> None:
    await client.post("/api/v1/sites", {"name": "h", "kind": "home", "count": 30, "seed": 7})
    await wait_all_tasks_blocked()
    battery = next(
        one for one in service.system.supervisor if one.device_id.startswith("h-battery")
    )
    number = battery.device_id.rpartition("-")[2]
    await client.post(
        "/api/v1/faults", {"fault": "black_out", "selector": {"location": f"h-{number}"}}
    )
    await trio.sleep(30)
    lamp = f"{DEVICES}/h-lamp-{number}"
    assert (await client.get(lamp)).content["status"] == "online"
    assert (await client.delete(f"{DEVICES}/{battery.device_id}")).status == 204
    await trio.sleep(30)
    assert (await client.get(lamp)).content["status"] == "offline"
