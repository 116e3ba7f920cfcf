"""One request for many devices."""

from typing import Any

import pytest

from iotmock.rest.many import routes
from tests.rest.client import Client
from tests.rest.rig import Service
from tests.rest.test_devices import DEVICES, create
from tests.simulated_time import simulated_time

pytestmark = simulated_time
BATCH = f"{DEVICES}:batch"


async def batch(client: Client, *operations: dict[str, Any]) -> Any:
    return await client.post(BATCH, {"operations": operations})


async def ids(client: Client) -> set[str]:
    return {device["device_id"] for device in (await client.get(DEVICES)).content["devices"]}


async def make(client: Client, *names: str, **fields: str) -> None:
    for name in names:
        await create(client, device_id=name, **fields)


async def test_each_operation_of_a_batch_has_its_own_result(client: Client) -> None:
    await make(client, "old", "gone")
    got = await batch(
        client,
        {"op": "create", "device_type": "plain", "name": "N", "device_id": "new"},
        {"op": "create", "device_type": "plain", "name": "O", "device_id": "old"},
        {"op": "update", "device_id": "old", "base_power": 3.0},
        {"op": "update", "device_id": "nobody", "base_power": 3.0},
        {"op": "delete", "device_id": "gone"},
    )
    assert (got.status, got.content["succeeded"], got.content["failed"]) == (200, 3, 2)
    results = got.content["results"]
    assert [result["status"] for result in results] == [201, 409, 200, 404, 204]
    assert results[0]["device"]["device_id"] == "new"
    assert results[2]["device"]["base_power"] == 3.0
    assert results[1]["problem"]["type"] == "urn:iotmock:problem:device-exists"
    assert await ids(client) == {"new", "old"}


async def test_operations_of_one_device_are_carried_out_in_their_order(client: Client) -> None:
    steps = [{"op": "update", "device_id": "a", "base_power": float(n)} for n in range(1, 100)]
    new = {"op": "create", "device_type": "plain", "name": "A", "device_id": "a"}
    got = await batch(client, new, *steps)
    assert [result["status"] for result in got.content["results"]] == [201] + [200] * 99
    assert (await client.get(f"{DEVICES}/a")).content["base_power"] == 99.0


async def test_devices_without_an_id_are_numbered_in_the_order_of_the_batch(client: Client) -> None:
    news = [{"op": "create", "device_type": "plain", "name": f"n{n}"} for n in range(100)]
    results = (await batch(client, *news)).content["results"]
    made = [result["device_id"] for result in results]
    assert made == [f"mock-plain-{number:03}" for number in range(1, 101)]


async def test_a_batch_that_is_not_in_order_does_nothing_and_names_all(client: Client) -> None:
    await make(client, "a")
    got = await batch(
        client,
        {"op": "delete", "device_id": "a"},
        {"op": "create", "name": "N"},
        {"op": "update", "base_power": 0.0},
        {"op": "delete", "device_id": "a", "name": "N"},
        {"op": "explode"},
    )
    assert got.status == 422
    assert {
        "operations[1].device_type", "operations[2].base_power",
        "operations[3].name", "operations[4].op",
    } <= set(got.faulty)  # fmt: skip
    assert await ids(client) == {"a"}


@pytest.mark.parametrize("operations", [[], [{"op": "delete", "device_id": "a"}] * 501])
async def test_a_batch_has_one_operation_at_least_and_500_at_most(
    client: Client, operations: list[dict[str, Any]]
) -> None:
    assert (await batch(client, *operations)).faulty == ["operations"]


async def test_many_are_deleted_by_what_they_have_in_common(client: Client) -> None:
    await make(client, "a", "b", location="Roof")
    await make(client, "c", "d", "e")
    got = await client.delete(f"{DEVICES}?location=Roof")
    assert (got.status, got.content) == (200, {"deleted": 2, "failed": 0, "failures": []})
    assert await ids(client) == {"c", "d", "e"}
    await client.delete(f"{DEVICES}?ids=c,d")
    assert await ids(client) == {"e"}
    await client.delete(f"{DEVICES}?all=true")
    assert await ids(client) == set()


@pytest.mark.parametrize(
    "query", ["", "?all=false", "?seed=7", "?share=1", "?location=", "?device_type=&ids="]
)
async def test_nobody_deletes_all_by_accident(client: Client, query: str) -> None:
    await make(client, "a")
    got = await client.delete(f"{DEVICES}{query}")
    assert (got.status, got.faulty) == (422, ["query"])
    assert "all=true" in got.content["detail"]
    assert await ids(client) == {"a"}


async def test_an_id_of_nobody_deletes_nothing(client: Client) -> None:
    await make(client, "a")
    assert (await client.delete(f"{DEVICES}?ids=a,b")).status == 404
    assert await ids(client) == {"a"}


async def test_what_could_not_be_deleted_is_named(client: Client, service: Service) -> None:
    await make(client, "a", "b")
    service.rig.file.failure = OSError("the disk is full")
    got = (await client.delete(f"{DEVICES}?all=true")).content
    assert (got["deleted"], got["failed"], len(got["failures"])) == (0, 2, 2)
    assert "the disk is full" in got["failures"][0]["reason"]
    assert await ids(client) == {"a", "b"}


async def test_many_carry_out_a_command(client: Client) -> None:
    await make(client, "a", "b", location="Roof")
    await make(client, "c")
    body = {
        "selector": {"location": "Roof"},
        "command": "set_base_power",
        "parameters": {"power": 3.0},
    }
    got = await client.post(f"{DEVICES}/command", body)
    content = got.content
    assert (got.status, content["applied"], content["rejected"], content["failed"]) == (
        200,
        2,
        0,
        0,
    )
    changes = {result["device_id"]: result["changes"] for result in content["results"]}
    assert changes == {name: {"base_power": [10.0, 3.0]} for name in "ab"}
    assert (await client.get(f"{DEVICES}/c")).content["base_power"] == 10.0


async def test_a_command_for_many_is_for_somebody(client: Client) -> None:
    await make(client, "a")
    got = await client.post(f"{DEVICES}/command", {"selector": {}, "command": "reboot"})
    assert (got.status, got.faulty) == (422, ["selector"])
    got = await client.post(f"{DEVICES}/command", {"command": "reboot"})
    assert (got.status, got.faulty) == (422, ["selector"])
    body = {"selector": {"all": True}, "command": "explode"}
    assert (await client.post(f"{DEVICES}/command", body)).content["rejected"] == 1


@pytest.mark.parametrize("selector", [{"location": ""}, {"device_type": "", "location": "Roof"}])
async def test_what_is_empty_does_not_choose_everybody(
    client: Client, selector: dict[str, str]
) -> None:
    await make(client, "a", location="Roof")
    body = {"selector": selector, "command": "reboot"}
    got = await client.post(f"{DEVICES}/command", body)
    assert got.status == 422 or got.content["applied"] == 0


async def test_a_request_is_for_so_many_and_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "MOST_CHOSEN", 2)
    await make(client, "a", "b", "c")
    got = await client.delete(f"{DEVICES}?all=true")
    assert (got.status, got.faulty) == (422, ["query"])
    assert await ids(client) == {"a", "b", "c"}


async def test_a_device_may_be_called_command(client: Client) -> None:
    await make(client, "command")
    assert (await client.get(f"{DEVICES}/command")).content["device_id"] == "command"
    assert (await client.delete(f"{DEVICES}/command")).status == 204


@pytest.mark.parametrize("seed", ["9" * 20, "-" + "9" * 20, "9" * 4_200])
async def test_a_seed_is_not_longer_than_it_is_written_for_each_device(
    client: Client, seed: str
) -> None:
    await make(client, "a")
    assert (await client.delete(f"{DEVICES}?share=0.5&seed={seed}")).faulty == ["seed"]
    for path, more in ((f"{DEVICES}/command", "reboot"), ("/api/v1/faults", "gap")):
        what = "command" if more == "reboot" else "fault"
        body = f'{{"selector": {{"share": 0.5, "seed": {seed}}}, "{what}": "{more}"}}'
        assert (await client.send("POST", path, data=body.encode())).faulty == ["selector.seed"]
