"""A POST that is sent again under its key is answered again and not carried out again."""

from typing import Any

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from iotmock.rest.handle import idempotency
from tests.rest.client import Client, Got
from tests.rest.rig import Service
from tests.rest.test_devices import DEVICES, create
from tests.simulated_time import simulated_time

pytestmark = simulated_time
NEW = {"device_type": "plain", "name": "P"}
REPLAYED = "Idempotent-Replayed"


async def post(client: Client, key: str, json: object = NEW, path: str = DEVICES) -> Got:
    return await client.send("POST", path, json, headers={"Idempotency-Key": key})


async def total(client: Client) -> int:
    return int((await client.get(DEVICES)).content["total"])


async def test_the_same_key_gives_the_same_answer_and_does_nothing_more(client: Client) -> None:
    first = await post(client, "k-1")
    await trio.sleep(100)
    second = await post(client, "k-1", {"name": "P", "device_type": "plain"})
    assert (first.status, second.status) == (201, 201)
    assert first.body == second.body
    assert second.headers["Location"] == first.headers["Location"]
    assert (first.headers.get(REPLAYED), second.headers.get(REPLAYED)) == (None, "true")
    assert await total(client) == 1


async def test_another_key_another_path_and_no_key_are_other_requests(client: Client) -> None:
    device = await create(client)
    for key in ("k-1", "k-2"):
        assert (await post(client, key)).headers.get(REPLAYED) is None
    assert (await client.post(DEVICES, NEW)).status == 201
    got = await post(client, "k-1", {"command": "reboot"}, f"{DEVICES}/{device}/command")
    assert (got.status, got.headers.get(REPLAYED)) == (200, None)
    assert await total(client) == 4


async def test_a_key_for_another_body_is_refused(client: Client) -> None:
    await post(client, "k-1")
    got = await post(client, "k-1", NEW | {"name": "Q"})
    assert (got.status, got.faulty) == (422, ["Idempotency-Key"])
    assert await total(client) == 1


async def test_a_rejected_command_is_answered_again_too(client: Client) -> None:
    device = await create(client)
    path, body = f"{DEVICES}/{device}/command", {"command": "explode"}
    first, second = [await post(client, "k-1", body, path) for _ in range(2)]
    assert (first.status, first.body) == (422, second.body)
    assert (first.headers.get(REPLAYED), second.headers.get(REPLAYED)) == (None, "true")


async def test_what_was_refused_may_be_tried_again(client: Client, service: Service) -> None:
    service.rig.file.failure = OSError("the disk is full")
    assert (await post(client, "k-1")).status == 503
    service.rig.file.failure = None
    await trio.sleep(2)
    assert (await post(client, "k-1")).status == 201


async def test_what_was_done_all_the_same_is_not_done_again(
    client: Client, service: Service
) -> None:
    path = f"{DEVICES}/{await create(client)}/faults"
    service.rig.ledger_file.failure = OSError("the disk is full")
    first = await post(client, "k-1", {"fault": "gap"}, path)
    service.rig.ledger_file.failure = None
    await trio.sleep(2)
    second = await post(client, "k-1", {"fault": "gap"}, path)
    assert (first.status, first.content["type"]) == (503, "urn:iotmock:problem:unsaved")
    assert (second.status, second.body) == (503, first.body)
    assert second.headers[REPLAYED] == "true"
    assert len((await client.get(path)).content["faults"]) == 1


@pytest.mark.parametrize("key", ["x" * 256, "a b", ""])
async def test_a_key_has_a_form(client: Client, key: str) -> None:
    assert (await post(client, key)).faulty == ["Idempotency-Key"]


async def test_two_at_once_are_one(client: Client) -> None:
    got: list[Got] = []

    async def send() -> None:
        got.append(await post(client, "k-1"))

    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(send)
    assert len({one.body for one in got}) == 1
    assert sum(REPLAYED in one.headers for one in got) == 4
    assert await total(client) == 1


async def test_who_hangs_up_and_asks_again_has_made_one_device(
    client: Client, service: Service
) -> None:
    service.rig.file.hold = trio.Event()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(post, client, "k-1")
        await wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    service.rig.file.hold.set()
    service.rig.file.hold = None
    got = await post(client, "k-1")
    assert (got.status, got.headers.get(REPLAYED)) == (201, "true")
    assert await total(client) == 1


async def test_a_day_later_it_is_a_request_of_its_own(client: Client) -> None:
    await post(client, "k-1")
    await client.post("/api/v1/simulation/stop")
    await trio.sleep(idempotency.KEPT_S)
    await post(client, "k-1")
    assert await total(client) == 2


@pytest.mark.parametrize(("bound", "least"), [("MOST", 2), ("MOST_BYTES", 1_000)])
async def test_so_many_are_kept_and_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch, bound: str, least: int
) -> None:
    monkeypatch.setattr(idempotency, bound, least)
    for key in ("k-1", "k-2", "k-3"):
        await post(client, key)
    again: list[Any] = [(await post(client, key)).headers.get(REPLAYED) for key in ("k-3", "k-1")]
    assert again == ["true", None]
