"""Sites by rule over REST."""

from typing import Any

import pytest
from trio.testing import wait_all_tasks_blocked

from iotmock.model.site_kinds import KINDS
from tests.model.site_balance import digits
from tests.rest.client import Client, Got
from tests.rest.rig import Service
from tests.rest.test_devices import DEVICES
from tests.simulated_time import simulated_time

pytestmark = simulated_time
SITES = "/api/v1/sites"


async def made(client: Client, count: int = 20, **more: object) -> Got:
    body = {"name": "homes", "kind": "home", "count": count, "seed": 7} | more
    got = await client.post(SITES, body)
    await wait_all_tasks_blocked()
    return got


async def devices_at(client: Client, location: str) -> list[dict[str, Any]]:
    got = await client.get(f"{DEVICES}?location={location}&limit=1000")
    devices: list[dict[str, Any]] = got.content["devices"]
    return devices


async def test_sites_are_accepted_and_then_stand(client: Client) -> None:
    got = await made(client)
    assert got.status == 202
    assert got.headers["Location"] == f"{SITES}/homes"
    homes = (await client.get(f"{SITES}/homes")).content
    assert (homes["state"], homes["kind"], homes["sites"], homes["seed"]) == (
        "ready",
        "home",
        20,
        7,
    )
    assert homes["devices"]["wanted"] == homes["devices"]["present"] > 40
    assert homes["types"]["meter"] == 20
    assert (await client.get(SITES)).content["total"] == 1


async def test_each_site_is_a_location_with_a_main_meter_and_no_two_are_alike(
    client: Client,
) -> None:
    await made(client)
    seen = set()
    for number in range(1, 21):
        found = await devices_at(client, f"homes-{number:06d}")
        kinds = [one["device_type"] for one in found]
        assert kinds.count("meter") == 1
        assert all(one["device_id"].endswith(f"-{number:06d}") for one in found)
        assert ("battery" in kinds) <= ("solar" in kinds)
        seen.add(tuple(sorted(kinds)))
    assert len(seen) > 4


async def test_a_site_ticks_together_and_its_meter_shows_the_sum(
    client: Client, service: Service
) -> None:
    await made(client, 5)
    for number in range(1, 6):
        location = f"homes-{number:06d}"
        supervisor = service.system.supervisor
        meter = supervisor.get(f"homes-meter-{number:06d}")
        device_ids = [one["device_id"] for one in await devices_at(client, location)]
        cohorts = service.system.pacer.cohorts.homes
        assert len({id(cohorts[supervisor.get(device_id)]) for device_id in device_ids}) == 1
        background = meter.model.meter.branch  # type: ignore[attr-defined]
        others = [name for name in device_ids if name != meter.device_id]
        for name in [*others, meter.device_id]:
            reading = (await client.post(f"{DEVICES}/{name}/simulate")).content
        total = sum(supervisor.get(name).model.meter.told()[0] for name in others)
        assert digits(reading["power"]) - background.power == total


async def test_more_sites_change_none_and_fewer_take_the_last(client: Client) -> None:
    await made(client, 10)
    before = [await devices_at(client, f"homes-{number:06d}") for number in range(1, 11)]
    ids = [[one["device_id"] for one in found] for found in before]
    for count in (14, 6):
        assert (await client.send("PATCH", f"{SITES}/homes", {"count": count})).status == 202
        await wait_all_tasks_blocked()
        assert (await client.get(f"{SITES}/homes")).content["sites"] == count
        for number in range(1, 11):
            found = await devices_at(client, f"homes-{number:06d}")
            expected = ids[number - 1] if number <= count else []
            assert [one["device_id"] for one in found] == expected
    assert not await devices_at(client, "homes-000014")


async def test_another_seed_gives_other_sites_and_the_same_the_same(client: Client) -> None:
    found = []
    for name, seed in (("a", 1), ("b", 2)):
        await made(client, 30, name=name, seed=seed)
        found.append((await client.get(f"{SITES}/{name}")).content["types"])
    assert found[0] != found[1]
    await client.delete(f"{SITES}/a")
    await wait_all_tasks_blocked()
    await made(client, 30, name="a", seed=1)
    assert (await client.get(f"{SITES}/a")).content["types"] == found[0]


async def test_sites_are_taken_down(client: Client) -> None:
    await made(client, 3)
    assert (await client.delete(f"{SITES}/homes")).status == 202
    await wait_all_tasks_blocked()
    assert (await client.get(f"{SITES}/homes")).status == 404
    assert (await client.get(DEVICES)).content["total"] == 0


async def test_a_device_of_a_site_that_is_deleted_stays_away(client: Client) -> None:
    await made(client, 3)
    before = (await client.get(f"{SITES}/homes")).content["devices"]["wanted"]
    assert (await client.delete(f"{DEVICES}/homes-lamp-000002")).status == 204
    await client.send("PATCH", f"{SITES}/homes", {"count": 3})
    await wait_all_tasks_blocked()
    assert (await client.get(f"{DEVICES}/homes-lamp-000002")).status == 404
    after = (await client.get(f"{SITES}/homes")).content["devices"]
    assert after["wanted"] == after["present"] == before - 1


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_has_a_plausible_set_of_devices(client: Client, kind: str) -> None:
    await made(client, 4, kind=kind)
    sites = (await client.get(f"{SITES}/homes")).content
    assert sites["state"] == "ready"
    assert sites["types"]["meter"] == 4
    assert len([name for name, count in sites["types"].items() if count]) >= 3


@pytest.mark.parametrize("path", [f"{SITES}/none", f"{SITES}/soak"])
async def test_a_fleet_that_is_no_sites_is_not_found_among_them(client: Client, path: str) -> None:
    groups = [{"device_type": "hvac", "count": 1}]
    await client.post("/api/v1/fleets", {"name": "soak", "groups": groups})
    await wait_all_tasks_blocked()
    for method in ("GET", "DELETE"):
        assert (await client.send(method, path)).status == 404


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "castle"}, "kind"),
        ({"name": "a b"}, "name"),
        ({"count": -1}, "count"),
        ({"count": 1_000_000}, "count"),
        ({"reading": "some"}, "reading"),
        ({"country": "XX"}, "country"),
        ({"country": ""}, "country"),
        ({"country": "Deutschland"}, "country"),
        ({"country": "DE", "region": "CA"}, "region"),
        ({"region": "BY"}, "region"),
        ({"country": 7}, "country"),
    ],
)
async def test_what_can_not_be_is_refused_by_field(
    client: Client, more: dict[str, Any], field: str
) -> None:
    got = await made(client, **more)
    assert got.status == 422
    assert field in {fault["field"] for fault in got.content["errors"]}


async def test_sites_of_a_country_have_its_days_and_its_mains(
    client: Client, service: Service
) -> None:
    got = await made(client, 3, country="us", region="CA")
    assert (got.content["country"], got.content["region"]) == ("US", "CA")
    sites = service.system.supervisor.sites
    assert sites.at("homes-000001").weather.region.zone.key == "America/Los_Angeles"
    volts = {
        one["device_type"]: one["base_voltage"] for one in await devices_at(client, "homes-000001")
    }
    assert (volts["lighting"], volts["meter"]) == (120.0, 208.0)
    await made(client, 3, name="others")
    assert (await client.get(f"{SITES}/others")).content["country"] is None
    assert sites.at("others-000001").weather.region is sites.region


async def test_a_name_is_free_of_its_country_when_its_sites_are_gone(
    client: Client, service: Service
) -> None:
    sites = service.system.supervisor.sites
    for country, zone in (("FR", "Europe/Paris"), ("JP", "Asia/Tokyo")):
        assert (await made(client, 2, country=country)).status == 202
        assert sites.at("homes-000002").weather.region.zone.key == zone
        await client.delete(f"{SITES}/homes")
        await wait_all_tasks_blocked()
    assert sites.at("homes-000002").weather.region is sites.region


async def test_a_name_that_is_taken_is_a_conflict(client: Client) -> None:
    await made(client, 1)
    assert (await made(client, 1)).status == 409
