"""Faults over REST: what a request may say, and how what is wrong with it is named."""

from typing import Any

import pytest

from tests.rest.client import Client
from tests.rest.rig import Service

pytestmark = pytest.mark.trio
DEVICES, FAULTS = "/api/v1/devices", "/api/v1/faults"


async def create(client: Client, device_id: str) -> None:
    body = {"device_type": "hvac", "name": "H", "device_id": device_id, "location": "north"}
    assert (await client.post(DEVICES, body)).status == 201


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=2025-01-01T00:00:00Z&to=2035-01-01T00:00:00Z", 200),
        ("from=2025-01-01T00:00:00Z&device_id=a&fault=stuck&limit=5&offset=0", 200),
        ("from=yesterday", 422),
        ("to=yesterday", 422),
        ("begin=2025-01-01T00:00:00Z", 422),
        ("limit=0", 422),
    ],
)
async def test_the_query_of_the_ledger(
    client: Client, service: Service, query: str, status: int
) -> None:
    await create(client, "a")
    got = await client.get(f"{FAULTS}?{query}")
    assert got.status == status, got.content
    if status == 422:
        assert got.content["errors"][0]["field"] == query.partition("=")[0]


@pytest.mark.parametrize(
    ("selector", "field"),
    [
        ({"share": 2}, "selector.share"),
        ({"share": 0.5, "seed": "x"}, "selector.seed"),
        ({"ids": "a"}, "selector.ids"),
        ({"kind": "hvac"}, "selector.kind"),
        ([], "selector"),
    ],
)
async def test_what_is_wrong_with_a_selector_is_named(
    client: Client, service: Service, selector: Any, field: str
) -> None:
    got = await client.post(FAULTS, {"fault": "stuck", "selector": selector})
    assert got.status == 422
    assert [error["field"] for error in got.content["errors"]] == [field]


async def test_a_selector_chooses_by_all_that_it_says(client: Client, service: Service) -> None:
    for name in ("a", "b"):
        await create(client, name)
    body = {"fault": "stuck", "selector": {"ids": ["a"], "location": "north"}, "duration": 60}
    got = await client.post(FAULTS, body)
    assert (got.status, got.content["injected"]) == (201, 1)
    listed = await client.get(f"{DEVICES}/a/faults")
    assert [one["fault"] for one in listed.content["faults"]] == ["stuck"]


async def test_a_ledger_that_can_not_be_read_is_told_as_that(
    client: Client, service: Service
) -> None:
    service.rig.ledger_file.unreadable = OSError("fault 'f': begin: must be a time")
    got = await client.get(FAULTS)
    assert (got.status, got.content["type"]) == (503, "urn:iotmock:problem:unreadable")
    assert got.content["title"] == "What is kept can not be read"
    assert "begin: must be a time" in got.content["detail"]
