"""Locations over REST: each with a main meter, its devices, its power, its grid."""

from typing import Any

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from iotmock.model.families.battery import Battery
from tests.rest.client import Client
from tests.rest.rig import Service
from tests.rest.test_devices import DEVICES
from tests.simulated_time import simulated_time

pytestmark = simulated_time
LOCATIONS = "/api/v1/locations"


async def homes(client: Client, count: int = 12) -> None:
    body = {"name": "h", "kind": "home", "count": count, "seed": 7}
    await client.post("/api/v1/sites", body)
    await wait_all_tasks_blocked()


async def listed(client: Client, query: str = "") -> list[dict[str, Any]]:
    got = await client.get(f"{LOCATIONS}?{query}")
    assert got.status == 200
    found: list[dict[str, Any]] = got.content["locations"]
    return found


async def test_each_site_says_its_devices_and_what_passes_its_main_meter(client: Client) -> None:
    await homes(client)
    await trio.sleep(20)
    found = await listed(client)
    assert [one["location"] for one in found] == [f"h-{number:06d}" for number in range(1, 13)]
    for one in found:
        there = await client.get(f"{DEVICES}?location={one['location']}&limit=100")
        meter = (await client.get(f"{DEVICES}/{one['meter']}/readings")).content
        assert one["devices"] == there.content["total"]
        assert one["power"] == meter["power"]
        assert (one["black_out"], one["island"]) == (False, False)


async def test_a_location_without_a_main_meter_is_none(client: Client) -> None:
    await client.post(DEVICES, {"device_type": "hvac", "name": "a", "location": "Hall"})
    assert (await client.get(LOCATIONS)).content == {"locations": [], "total": 0}
    meter = {"device_type": "meter", "name": "m", "location": "Hall", "device_id": "m"}
    await client.post(DEVICES, meter)
    (hall,) = await listed(client)
    assert (hall["location"], hall["devices"], hall["meter"]) == ("Hall", 2, "m")
    await client.delete(f"{DEVICES}/m")
    assert await listed(client) == []


async def test_a_page_of_them_says_where_the_next_is(client: Client) -> None:
    await homes(client)
    got = await client.get(f"{LOCATIONS}?limit=5&offset=5")
    assert got.content["locations"][0]["location"] == "h-000006"
    assert got.content["total"] == 12
    assert 'rel="next"' in got.headers["Link"]
    assert [one["location"] for one in await listed(client, "name=h-00001")] == [
        "h-000010",
        "h-000011",
        "h-000012",
    ]


async def test_a_black_out_is_marked_and_whether_a_battery_feeds_an_island(
    client: Client, service: Service
) -> None:
    await homes(client, 30)
    supervisor = service.system.supervisor
    fed = next(one for one in supervisor if isinstance(one.model.family, Battery))
    place = fed.model.spec.location
    without = next(
        one["location"]
        for one in await listed(client)
        if not any(
            isinstance(device.model.family, Battery)
            for device in supervisor
            if device.model.spec.location == one["location"]
        )
    )
    for location in (place, without):
        body = {"fault": "black_out", "selector": {"location": location}, "duration": 60}
        await client.post("/api/v1/faults", body)
    await trio.sleep(20)
    marks = {one["location"]: (one["black_out"], one["island"]) for one in await listed(client)}
    assert (marks[place], marks[without]) == ((True, True), (True, False))
    assert sum(dark for dark, _ in marks.values()) == 2
    await trio.sleep(120)
    assert not any(one["black_out"] for one in await listed(client))


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "offset=-1", "place=x"])
async def test_a_query_that_can_not_be_is_refused(client: Client, query: str) -> None:
    assert (await client.get(f"{LOCATIONS}?{query}")).status == 422
