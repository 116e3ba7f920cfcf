"""Entity tags: no change over somebody else's, and nothing sent that is known."""

import pytest
from werkzeug.datastructures import Headers

from tests.rest.client import Client
from tests.rest.rig import Service
from tests.rest.test_devices import DEVICES, create
from tests.simulated_time import simulated_time

pytestmark = simulated_time


async def test_a_tag_goes_with_what_describes_the_device(client: Client) -> None:
    made = await client.post(DEVICES, {"device_type": "plain", "name": "P", "device_id": "p"})
    one = f"{DEVICES}/p"
    tags = [made.headers["ETag"], (await client.get(one)).headers["ETag"]]
    await client.post(f"{one}/simulate")
    tags.append((await client.get(one)).headers["ETag"])
    assert len(set(tags)) == 1
    tags.append((await client.put(one, {"location": "Hall 2"})).headers["ETag"])
    await client.post(f"{one}/command", {"command": "set_power", "parameters": {"power": 3}})
    tags.append((await client.get(one)).headers["ETag"])
    await client.post(f"{one}/command", {"command": "set_online", "parameters": {"online": False}})
    tags.append((await client.get(one)).headers["ETag"])
    assert len(set(tags)) == 4


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_a_change_of_another_version_is_412_and_changes_nothing(
    client: Client, method: str
) -> None:
    one = f"{DEVICES}/{await create(client)}"
    old = (await client.get(one)).headers["ETag"]
    await client.put(one, {"name": "mine"})
    body = None if method == "DELETE" else {"name": "yours"}
    got = await client.send(method, one, body, headers={"If-Match": old})
    assert (got.status, got.content["type"]) == (412, "urn:iotmock:problem:device-changed")
    now = await client.get(one)
    assert now.content["name"] == "mine"
    got = await client.send(method, one, body, headers={"If-Match": f'"x", {now.headers["ETag"]}'})
    assert got.status in {200, 204}


async def test_a_change_of_any_version_and_of_none(client: Client) -> None:
    one = f"{DEVICES}/{await create(client)}"
    any_ = await client.send("PUT", one, {"name": "N"}, headers={"If-Match": "*"})
    gone = await client.send("PUT", f"{DEVICES}/none", {"name": "N"}, headers={"If-Match": "*"})
    weak = f"W/{any_.headers['ETag']}"  # RFC 9110, 13.1.1: never equal where a change depends on it
    refused = await client.send("PUT", one, {"name": "N"}, headers={"If-Match": weak})
    assert (any_.status, gone.status, refused.status) == (200, 404, 412)


async def test_tags_may_come_on_several_lines(client: Client) -> None:
    one = f"{DEVICES}/{await create(client)}"
    tag = (await client.get(one)).headers["ETag"]
    for lines in ((tag, '"x"'), ('"x"', tag)):
        only_if = Headers([("If-Match", line) for line in lines])
        assert (await client.send("PUT", one, {}, headers=only_if)).status == 200
        unless = Headers([("If-None-Match", line) for line in lines])
        assert (await client.send("GET", one, headers=unless)).status == 304


async def test_a_command_before_it_in_the_inbox_makes_a_change_412(
    client: Client, service: Service
) -> None:
    device = await create(client)
    one = f"{DEVICES}/{device}"
    old = (await client.get(one)).headers["ETag"]
    await client.post(f"{one}/command", {"command": "set_power", "parameters": {"power": 3}})
    got = await client.send("PATCH", one, {"base_power": 5}, headers={"If-Match": old})
    assert got.status == 412
    assert service.rig.supervisor.get(device).model.spec.base_power == 3.0


async def test_what_a_client_has_is_not_sent_again(client: Client) -> None:
    one = f"{DEVICES}/{await create(client)}"
    tag = (await client.get(one)).headers["ETag"]
    for said in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        got = await client.send("GET", one, headers={"If-None-Match": said})
        assert (got.status, got.body, got.headers["ETag"]) == (304, b"", tag)
    for said in ('"x"', "nonsense", ""):
        assert (await client.send("GET", one, headers={"If-None-Match": said})).status == 200
    # A browser's cache would show the readings of long ago.
    assert (await client.get(one)).headers["Cache-Control"] == "no-store"


async def test_a_patch_changes_what_it_names(client: Client) -> None:
    one = f"{DEVICES}/{await create(client, location='Hall 1', base_power=7.0)}"
    before = (await client.get(one)).content
    got = await client.send("PATCH", one, {"name": "N", "enabled": False})
    assert got.status == 200
    changed = {name for name in before if before[name] != got.content[name]}
    assert changed - {"readings", "simulation"} == {"name", "enabled"}


async def test_a_patch_with_null_sets_fields_back(client: Client) -> None:
    made = (await client.post(DEVICES, {"device_type": "hvac", "name": "H"})).content
    one = f"{DEVICES}/{made['device_id']}"
    fields = {"location": "Hall 1", "base_power": 7.0, "base_voltage": 400.0, "interval": 9.0}
    await client.put(one, fields)
    body = b'{"location": null, "base_power": null, "base_voltage": null, "interval": null}'
    got = await client.send("PATCH", one, data=body, content_type="application/merge-patch+json")
    assert {name: got.content[name] for name in fields} == {name: made[name] for name in fields}


@pytest.mark.parametrize(("body", "faulty"), [
    ({"name": None}, ["name"]), ({"enabled": None}, ["enabled"]),
    ({"device_type": "x"}, ["device_type"]),
    ({"base_power": 0, "interval": "x"}, ["base_power", "interval"]),
])  # fmt: skip
async def test_a_patch_that_can_not_be_says_all_that_is_wrong(
    client: Client, body: object, faulty: list[str]
) -> None:
    got = await client.send("PATCH", f"{DEVICES}/{await create(client)}", body)
    assert (got.status, got.faulty) == (422, faulty)
