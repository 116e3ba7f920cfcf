"""Devices over REST: create, list, get, change, delete."""

import pytest
import trio

from iotmock.actors.messages import Kind
from tests.rest.client import Client
from tests.rest.rig import Service
from tests.simulated_time import simulated_time

pytestmark = simulated_time
DEVICES = "/api/v1/devices"


async def create(client: Client, device_type: str = "plain", **fields: object) -> str:
    got = await client.post(DEVICES, {"device_type": device_type, "name": "D"} | fields)
    assert got.status == 201, got.content
    device_id: str = got.content["device_id"]
    return device_id


async def test_a_device_is_made_with_the_defaults_of_its_type(client: Client) -> None:
    got = await client.post(DEVICES, {"device_type": "hvac", "name": "Roof"})
    assert got.status == 201
    assert got.headers["Location"] == f"{DEVICES}/mock-hvac-001"
    assert got.content == {
        "device_id": "mock-hvac-001",
        "device_type": "hvac",
        "name": "Roof",
        "location": "",
        "base_power": 25.0,
        "base_voltage": 240.0,
        "interval": 5.0,
        "status": "online",
        "enabled": True,
        "profile": "rooftop",
        "simulation": {"phases": 3, "power_factor": got.content["simulation"]["power_factor"]},
        "created_at": "2025-08-11T12:00:00Z",
        "last_seen": None,
        "readings": got.content["readings"],
    }
    assert set(got.content["readings"]) == {"power", "voltage", "current", "energy"}


async def test_a_profile_brings_its_own_defaults(client: Client) -> None:
    body = {"device_type": "appliance", "name": "F", "profile": "fridge"}
    got = await client.post(DEVICES, body)
    kinds = (await client.get("/api/v1/device-types")).content["device_types"]
    (kind,) = [kind for kind in kinds if kind["device_type"] == "appliance"]
    (fridge,) = [profile for profile in kind["profiles"] if profile["profile"] == "fridge"]
    assert (got.status, got.content["profile"]) == (201, "fridge")
    assert got.content["base_power"] == fridge["defaults"]["base_power"] < 1.0


async def test_a_profile_that_the_type_has_not_is_refused(client: Client) -> None:
    got = await client.post(DEVICES, {"device_type": "hvac", "name": "x", "profile": "fridge"})
    assert got.status == 422
    assert got.content["errors"][0]["field"] == "profile"
    assert "rooftop" in got.content["errors"][0]["message"]


async def test_a_preview_shows_a_day_and_disturbs_nothing(client: Client) -> None:
    await client.post(DEVICES, {"device_type": "server", "name": "S", "device_id": "s"})
    before = (await client.get(f"{DEVICES}/s/readings")).content
    shown = (await client.get(f"{DEVICES}/s/preview?hours=24&step=300")).content["readings"]
    assert len(shown) == 288
    assert shown[0]["energy"] < shown[-1]["energy"]
    assert (await client.get(f"{DEVICES}/s/readings")).content == before


async def test_previews_leave_others_their_turns_however_many_there_are(client: Client) -> None:
    await client.post(DEVICES, {"device_type": "server", "name": "S", "device_id": "s"})
    turns = 0

    async def take_turns() -> None:
        nonlocal turns
        while True:
            await trio.lowlevel.checkpoint()
            turns += 1

    async with trio.open_nursery() as nursery:
        nursery.start_soon(take_turns)
        async with trio.open_nursery() as asking:
            for _ in range(4):
                asking.start_soon(client.get, f"{DEVICES}/s/preview?hours=10&step=60")
        nursery.cancel_scope.cancel()
    assert turns > 4 * 600 / 25


@pytest.mark.parametrize("query", ["hours=0", "hours=169", "step=0", "hours=168&step=1", "x=1"])
async def test_a_preview_that_can_not_be_is_refused(client: Client, query: str) -> None:
    await client.post(DEVICES, {"device_type": "server", "name": "S", "device_id": "s"})
    assert (await client.get(f"{DEVICES}/s/preview?{query}")).status == 422


async def test_a_device_is_made_with_what_the_client_says(client: Client) -> None:
    fields = {
        "device_type": "server", "name": "Räck ☃", "location": "Hall 2", "base_power": 7,
        "base_voltage": 480, "device_id": "my.rack-1_A", "interval": 0.5,
    }  # fmt: skip
    got = await client.post(DEVICES, fields)
    assert got.status == 201
    assert {name: got.content[name] for name in fields} == fields


async def test_the_location_of_a_new_device_is_the_device(client: Client) -> None:
    made = await client.post(DEVICES, {"device_type": "plain", "name": "P"})
    assert (await client.get(made.headers["Location"])).content == made.content


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({}, ["device_type", "name"]),
        ({"device_type": "plain"}, ["name"]),
        ({"device_type": "nonsense/#", "name": "x"}, ["device_type"]),
        ({"device_type": "plain", "name": ""}, ["name"]),
        ({"device_type": "plain", "name": "x" * 101}, ["name"]),
        ({"device_type": "plain", "name": "x", "location": "x" * 201}, ["location"]),
        ({"device_type": "plain", "name": "x", "location": None}, ["location"]),
        ({"device_type": "plain", "name": "x", "base_power": 0.0009}, ["base_power"]),
        ({"device_type": "plain", "name": "x", "base_power": 10_000.1}, ["base_power"]),
        ({"device_type": "plain", "name": "x", "base_power": "25"}, ["base_power"]),
        ({"device_type": "plain", "name": "x", "base_power": True}, ["base_power"]),
        ({"device_type": "plain", "name": "x", "base_power": 10**400}, ["base_power"]),
        ({"device_type": "plain", "name": "x", "base_voltage": 99.9}, ["base_voltage"]),
        ({"device_type": "plain", "name": "x", "base_voltage": 1_000.1}, ["base_voltage"]),
        ({"device_type": "plain", "name": "x", "interval": 0}, ["interval"]),
        ({"device_type": "plain", "name": "x", "interval": 86_401}, ["interval"]),
        ({"device_type": "plain", "name": "x", "device_id": ""}, ["device_id"]),
        ({"device_type": "plain", "name": "x", "device_id": "x" * 65}, ["device_id"]),
        ({"device_type": "plain", "name": "x", "device_id": "a/b"}, ["device_id"]),
        ({"device_type": "plain", "name": "x", "device_id": "a\n"}, ["device_id"]),
        ({"device_type": "plain", "name": "x", "device_id": "ä"}, ["device_id"]),
        ({"device_type": "plain", "name": "x", "enabled": True}, ["enabled"]),
        ({"device_type": 1, "name": 2, "extra": 3}, ["extra", "device_type", "name"]),
    ],
)
async def test_a_device_that_can_not_be_is_refused_with_every_wrong_field(
    client: Client, fields: dict[str, object], faulty: list[str]
) -> None:
    got = await client.post(DEVICES, fields)
    assert (got.status, got.media_type) == (422, "application/problem+json")
    assert got.faulty == faulty
    assert (await client.get(DEVICES)).content["total"] == 0


async def test_an_id_is_given_once(client: Client) -> None:
    await create(client, device_id="one")
    got = await client.post(DEVICES, {"device_type": "hvac", "name": "H", "device_id": "one"})
    assert got.status == 409
    assert got.content["type"] == "urn:iotmock:problem:device-exists"
    assert (await client.get(f"{DEVICES}/one")).content["device_type"] == "plain"


async def test_the_limits_of_a_device_are_allowed(client: Client) -> None:
    least = {"base_power": 0.001, "base_voltage": 100, "interval": 0.1, "name": "x"}
    most = {"base_power": 10_000, "base_voltage": 1_000, "interval": 86_400, "name": "x" * 100}
    for limits in (least, most):
        got = await client.post(DEVICES, {"device_type": "hvac"} | limits)
        assert (got.status, got.content["base_power"]) == (201, limits["base_power"])


async def test_a_list_is_a_page_of_the_fleet_in_order(client: Client) -> None:
    ids = [await create(client) for _ in range(5)]
    got = (await client.get(f"{DEVICES}?limit=2&offset=1")).content
    assert [device["device_id"] for device in got["devices"]] == ids[1:3]
    assert got["total"] == 5
    assert (await client.get(f"{DEVICES}?offset=1000000000")).content == {"devices": [], "total": 5}


async def test_a_list_is_of_a_hundred_unless_the_client_says_otherwise(client: Client) -> None:
    for _ in range(101):
        await create(client)
    assert len((await client.get(DEVICES)).content["devices"]) == 100
    assert len((await client.get(f"{DEVICES}?limit=1000")).content["devices"]) == 101
    assert len((await client.get(f"{DEVICES}?limit=&status=")).content["devices"]) == 100


async def test_a_list_can_be_of_one_type_and_status(client: Client) -> None:
    await create(client, "hvac")
    on, off = [await create(client) for _ in range(2)]
    await client.post(
        f"{DEVICES}/{off}/command", {"command": "set_online", "parameters": {"online": False}}
    )

    async def listed(query: str) -> list[str]:
        got = (await client.get(f"{DEVICES}?{query}")).content
        assert got["total"] == 1
        return [device["device_id"] for device in got["devices"]]

    assert await listed("device_type=hvac") == ["mock-hvac-001"]
    assert await listed("status=offline") == [off]
    assert await listed("device_type=plain&status=online") == [on]
    beyond = (await client.get(f"{DEVICES}?device_type=plain&offset=2&limit=1")).content
    assert beyond == {"devices": [], "total": 2}


@pytest.mark.parametrize(
    ("query", "faulty"),
    [
        ("limit=0", ["limit"]),
        ("limit=1001", ["limit"]),
        ("limit=ten", ["limit"]),
        ("limit=1.5", ["limit"]),
        ("limit=" + "9" * 5000, ["limit"]),
        ("offset=-1", ["offset"]),
        ("offset=1000000001", ["offset"]),
        ("offset=%00", ["offset"]),
        ("status=ONLINE", ["status"]),
        ("status=%ff", ["status"]),
        ("device_type=nonsense/%23", ["device_type"]),
        ("limit=1&limit=2", ["limit"]),
        ("page=2", ["page"]),
        ("limit=0&offset=-1", ["limit", "offset"]),
    ],
)
async def test_a_query_that_can_not_be_answered_is_refused(
    client: Client, query: str, faulty: list[str]
) -> None:
    got = await client.get(f"{DEVICES}?{query}")
    assert (got.status, got.faulty) == (422, faulty)


async def test_any_subset_of_the_fields_that_can_change_changes(client: Client) -> None:
    device = await create(client)
    changes = {
        "name": "N", "location": "L", "base_power": 3.0, "base_voltage": 400.0, "interval": 60.0,
        "enabled": False,
    }  # fmt: skip
    before = (await client.get(f"{DEVICES}/{device}")).content
    for name, value in changes.items():
        got = await client.put(f"{DEVICES}/{device}", {name: value})
        assert (got.status, got.content) == (200, before | {name: value})
        before = got.content
    got = await client.put(f"{DEVICES}/{device}", {})
    assert (got.status, got.content) == (200, before)


@pytest.mark.parametrize(
    ("changes", "faulty"),
    [
        ({"device_type": "hvac"}, ["device_type"]),
        ({"device_id": "other"}, ["device_id"]),
        ({"name": None}, ["name"]),
        ({"enabled": 1}, ["enabled"]),
        ({"interval": None}, ["interval"]),
        ({"color": "red"}, ["color"]),
        ({"name": "new", "base_power": -1, "base_voltage": 1e9}, ["base_power", "base_voltage"]),
    ],
)
async def test_a_change_that_can_not_be_is_refused_whole(
    client: Client, changes: dict[str, object], faulty: list[str]
) -> None:
    device = await create(client)
    before = (await client.get(f"{DEVICES}/{device}")).content
    got = await client.put(f"{DEVICES}/{device}", changes)
    assert (got.status, got.faulty) == (422, faulty)
    assert (await client.get(f"{DEVICES}/{device}")).content == before


async def test_a_deleted_device_is_gone_and_its_retained_status_is_cleared(
    client: Client, service: Service
) -> None:
    device = await create(client)
    got = await client.delete(f"{DEVICES}/{device}")
    assert (got.status, got.body) == (204, b"")
    assert (await client.get(f"{DEVICES}/{device}")).status == 404
    assert (await client.delete(f"{DEVICES}/{device}")).status == 404
    assert service.rig.sent(Kind.STATUS, device)[-1] is None


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PUT", "", {}),
        ("DELETE", "", None),
        ("GET", "/readings", None),
        ("POST", "/command", {"command": "reboot"}),
        ("POST", "/simulate", None),
    ],
)
@pytest.mark.parametrize("device_id", ["nobody", "%00", "%ff", "%0d%0aX-A:1", "x" * 5000, "ä"])
async def test_there_is_no_device_but_those_that_were_made(
    client: Client, method: str, path: str, body: object, device_id: str
) -> None:
    got = await client.send(method, f"{DEVICES}/{device_id}{path}", body)
    assert (got.status, got.media_type) == (404, "application/problem+json")
    assert got.content["type"] == "urn:iotmock:problem:unknown-device"
    assert len(got.body) < 700
