"""Fleets over REST."""

import pytest
from trio.testing import wait_all_tasks_blocked

from tests.actors.rig import MOST_IN_FLEETS
from tests.rest.client import Client, Got
from tests.rest.rig import Service
from tests.rest.test_devices import DEVICES
from tests.simulated_time import simulated_time

pytestmark = simulated_time
FLEETS = "/api/v1/fleets"
ROOF = {"name": "roof", "device_type": "hvac", "count": 4}
LAMPS = {"device_type": "lighting", "count": 3}


async def found(client: Client, *groups: object, **more: object) -> Got:
    got = await client.post(FLEETS, {"name": "soak", "groups": groups or [ROOF, LAMPS]} | more)
    await wait_all_tasks_blocked()
    return got


async def soak(client: Client) -> Got:
    return await client.get(f"{FLEETS}/soak")


async def test_a_fleet_is_accepted_and_then_stands(client: Client) -> None:
    group = ROOF | {"profile": "split", "location": "Roof", "interval": 2.0, "base_power": 3.0}
    got = await found(client, group | {"base_power_spread": 0.2, "base_voltage": 230.0}, seed=7)
    assert got.status == 202
    assert got.headers["Location"] == f"{FLEETS}/soak"
    assert got.content["state"] == "creating"
    assert got.content["devices"] == {"wanted": 4, "present": 0}
    assert (await soak(client)).content == {
        "name": "soak",
        "state": "ready",
        "problem": None,
        "seed": 7,
        "dialect": None,
        "reading": None,
        "created_at": "2025-08-11T12:00:00Z",
        "devices": {"wanted": 4, "present": 4},
        "groups": [
            {
                "name": "roof",
                "device_type": "hvac",
                "profile": "split",
                "location": "Roof",
                "interval": 2.0,
                "base_power": 3.0,
                "base_power_spread": 0.2,
                "base_voltage": 230.0,
                "wanted": 4,
                "present": 4,
                "deleted": 0,
            }
        ],
    }
    device = (await client.get(f"{DEVICES}/soak-roof-000004")).content
    assert (device["name"], device["location"]) == ("soak-roof-000004", "Roof")
    assert 2.4 <= device["base_power"] <= 3.6


async def test_fleets_are_listed(client: Client) -> None:
    assert (await client.get(FLEETS)).content == {"fleets": [], "total": 0}
    await found(client)
    listed = (await client.get(FLEETS)).content
    assert listed == {"fleets": [(await soak(client)).content], "total": 1}


async def test_a_fleet_is_scaled(client: Client) -> None:
    await found(client)
    got = await client.send("PATCH", f"{FLEETS}/soak", {"groups": {"roof": 1, "lighting": 5}})
    assert (got.status, got.content["state"]) == (202, "scaling")
    assert got.content["devices"]["wanted"] == 6
    await wait_all_tasks_blocked()
    content = (await soak(client)).content
    assert content["state"] == "ready"
    assert [group["present"] for group in content["groups"]] == [1, 5]
    assert (await client.get(f"{DEVICES}/soak-roof-000002")).status == 404


async def test_a_fleet_is_taken_down(client: Client) -> None:
    await found(client)
    got = await client.delete(f"{FLEETS}/soak")
    assert (got.status, got.content["state"]) == (202, "deleting")
    await wait_all_tasks_blocked()
    assert (await soak(client)).status == 404
    assert (await client.get(DEVICES)).content["total"] == 0


async def test_its_devices_are_devices_like_others(client: Client) -> None:
    await found(client)
    one = f"{DEVICES}/soak-lighting-000002"
    assert (await client.put(one, {"name": "Door"})).content["name"] == "Door"
    sent = {"command": "set_brightness", "parameters": {"percent": 40}}
    assert (await client.post(f"{one}/command", sent)).content["status"] == "applied"
    assert (await client.delete(one)).status == 204
    group = (await soak(client)).content["groups"][1]
    assert (group["wanted"], group["present"], group["deleted"]) == (2, 2, 1)
    again = {"device_type": "hvac", "name": "x", "device_id": "soak-lighting-000002"}
    assert (await client.post(DEVICES, again)).status == 409


async def test_a_filtered_list_is_complete(client: Client) -> None:
    await found(client, ROOF | {"count": 600}, LAMPS | {"count": 4_000})
    page = (await client.get(f"{DEVICES}?device_type=lighting&limit=2&offset=3998")).content
    assert page["total"] == 4_000
    names = [device["device_id"] for device in page["devices"]]
    assert names == ["soak-lighting-003999", "soak-lighting-004000"]


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_a_fleet_that_is_not_there_is_not_found(client: Client, method: str) -> None:
    body = {"groups": {"roof": 1}} if method == "PATCH" else None
    got = await client.send(method, f"{FLEETS}/nowhere", body)
    assert (got.status, got.content["type"]) == (404, "urn:iotmock:problem:unknown-fleet")


async def test_a_name_or_an_id_that_is_taken_is_a_conflict(client: Client) -> None:
    device = {"device_type": "hvac", "name": "x", "device_id": "soak-roof-000002"}
    await client.post(DEVICES, device)
    got = await found(client)
    assert (got.status, got.content["type"]) == (409, "urn:iotmock:problem:fleet-exists")
    await client.delete(f"{DEVICES}/soak-roof-000002")
    assert (await found(client)).status == 202
    assert (await found(client)).status == 409


async def test_every_fault_is_named_by_its_path(client: Client) -> None:
    groups: list[object] = [
        {"device_type": "nonsense/#", "count": 1},
        {"device_type": "hvac", "count": 0.5, "profile": "fridge", "colour": "red"},
        "hvac",
        {"count": -1, "base_power_spread": 2, "interval": 0, "base_power": "much"},
        {"device_type": "hvac", "count": 1, "name": "a/b"},
        {"device_type": "hvac", "count": 1},
        {"device_type": "hvac", "count": 1},
        {"device_type": "hvac", "count": 1, "base_power": 9_000, "base_power_spread": 0.9},
    ]
    got = await found(client, *groups, seed=-1)
    assert got.status == 422
    assert sorted(got.faulty) == [
        "groups[0].device_type",
        "groups[1].colour",
        "groups[1].count",
        "groups[1].profile",
        "groups[2]",
        "groups[3].base_power",
        "groups[3].base_power_spread",
        "groups[3].count",
        "groups[3].device_type",
        "groups[3].interval",
        "groups[4].name",
        "groups[6].name",
        "groups[7].base_power_spread",
        "groups[7].name",
        "seed",
    ]
    assert (await soak(client)).status == 404


@pytest.mark.parametrize(
    ("body", "faulty"),
    [
        ({}, ["name", "groups"]),
        ({"name": "soak", "groups": []}, ["groups"]),
        ({"name": "soak", "groups": {"roof": 3}}, ["groups"]),
        ({"name": "a/b", "groups": [ROOF]}, ["name"]),
        ({"name": "f" * 54, "groups": [ROOF]}, ["groups[0].name"]),
        ({"name": "soak", "groups": [LAMPS] * 101}, ["groups"]),
        ({"name": "soak", "groups": [ROOF | {"count": 1_000_001}]}, ["groups[0].count"]),
        ({"name": "soak", "groups": [ROOF | {"count": MOST_IN_FLEETS + 1}]}, ["groups"]),
    ],
)
async def test_a_fleet_that_can_not_be_is_refused(
    client: Client, body: object, faulty: list[str]
) -> None:
    got = await client.post(FLEETS, body)
    assert got.status == 422
    assert got.faulty[: len(faulty)] == faulty


@pytest.mark.parametrize(
    ("groups", "faulty"),
    [
        ({"roof": -1, "lighting": "5"}, ["groups.roof", "groups.lighting"]),
        ({"roof": 1, "cellar": 5}, ["groups.cellar"]),
        ({}, ["groups"]),
        ([1], ["groups"]),
        ({"roof": MOST_IN_FLEETS}, ["groups"]),
    ],
)
async def test_a_scaling_that_can_not_be_is_refused(
    client: Client, groups: object, faulty: list[str]
) -> None:
    await found(client)
    got = await client.send("PATCH", f"{FLEETS}/soak", {"groups": groups})
    assert (got.status, got.faulty) == (422, faulty)


async def test_a_fleet_that_can_not_be_saved_is_not_there(client: Client, service: Service) -> None:
    service.rig.file.failure = OSError("disk full")
    got = await client.post(FLEETS, {"name": "soak", "groups": [ROOF]})
    assert got.status == 503
    assert (await soak(client)).status == 404
