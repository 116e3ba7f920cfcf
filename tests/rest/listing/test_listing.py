"""Which devices a list has, in which order, how much of each, and where the other pages are."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

import pytest

from iotmock.rest.http.links import links as query_links
from iotmock.rest.listing import selection
from tests.rest.client import Client, Got
from tests.rest.rig import Service
from tests.rest.test_devices import DEVICES, create
from tests.simulated_time import simulated_time

pytestmark = simulated_time
RELATIONS = ("first", "prev", "next", "last")

FLEET: Sequence[dict[str, Any]] = (
    {"device_id": "roof-2", "name": "Roof unit", "location": "Hall 2", "base_power": 30.0},
    {"device_id": "roof-1", "name": "ROOF UNIT", "location": "Hall 1", "base_power": 20.0},
    {"device_id": "lamp-1", "name": "Straße", "location": "Hall 1", "base_power": 0.5},
    {"device_id": "lamp-2", "name": "roof lamp", "location": "", "base_power": 0.5},
)


@pytest.fixture
async def fleet(client: Client) -> None:
    for fields in FLEET:
        await create(client, **fields)


def ids(got: Got) -> list[str]:
    return [device["device_id"] for device in got.content["devices"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("location=Hall 1", ["roof-1", "lamp-1"]),
        ("location=hall 1", []),
        ("name=roof", ["roof-2", "roof-1", "lamp-2"]),
        ("name=strasse", ["lamp-1"]),
        ("id_prefix=roof", ["roof-2", "roof-1"]),
        ("id_prefix=roof&location=Hall 1", ["roof-1"]),
        ("id_prefix=roof&location=Hall 1&status=offline", []),
        ("location=", ["roof-2", "roof-1", "lamp-1", "lamp-2"]),
        ("sort=device_id", ["lamp-1", "lamp-2", "roof-1", "roof-2"]),
        ("sort=-device_id", ["roof-2", "roof-1", "lamp-2", "lamp-1"]),
        ("sort=base_power", ["lamp-1", "lamp-2", "roof-1", "roof-2"]),
        ("sort=-base_power", ["roof-2", "roof-1", "lamp-1", "lamp-2"]),
        ("sort=location", ["lamp-2", "roof-1", "lamp-1", "roof-2"]),
        ("sort=status&limit=2&offset=1", ["roof-1", "lamp-1"]),
        ("sort=name&name=roof&offset=1", ["roof-2", "lamp-2"]),
    ],
)
async def test_a_list_has_what_was_asked_for(
    client: Client, fleet: None, query: str, expected: list[str]
) -> None:
    assert ids(await client.get(f"{DEVICES}?{query}")) == expected


async def test_the_total_counts_all_that_match(client: Client, fleet: None) -> None:
    got = await client.get(f"{DEVICES}?name=roof&limit=1")
    assert (len(ids(got)), got.content["total"]) == (1, 3)


async def test_a_list_has_only_the_fields_that_were_asked_for(client: Client, fleet: None) -> None:
    got = await client.get(f"{DEVICES}?fields=name,device_id&sort=device_id&limit=1")
    assert got.content == {"devices": [{"device_id": "lamp-1", "name": "Straße"}], "total": 4}


@pytest.mark.parametrize(
    ("query", "field"),
    [("sort=colour", "sort"), ("sort=name,status", "sort"), ("fields=colour", "fields"),
     ("fields=name,", "fields"), (f"fields=name{15 * ',name'}", "fields"),
     ("id_prefix=a/b", "id_prefix"), ("locations=x", "locations"),
     # Where `$` stands before a last line break too.
     ("sort=name%0A", "sort"), ("fields=name%0A", "fields"), ("id_prefix=a%0A", "id_prefix")],
)  # fmt: skip
async def test_what_a_list_can_not_be_is_said_with_what_it_can(
    client: Client, query: str, field: str
) -> None:
    got = await client.get(f"{DEVICES}?{query}")
    assert (got.status, got.faulty) == (422, [field])


def links(got: Got) -> dict[str, str]:
    found = {}
    for link in got.headers["Link"].split(", "):
        target, _, rel = link.partition("; ")
        found[rel.removeprefix('rel="').removesuffix('"')] = target.strip("<>")
    return found


async def test_links_lead_from_page_to_page(client: Client, fleet: None) -> None:
    start = f"{DEVICES}?name=roof&sort=device_id&limit=2"
    first = await client.get(start)
    assert set(links(first)) == {"first", "next", "last"}
    last = await client.get(urljoin(start, links(first)["next"]))
    assert set(links(last)) == {"first", "prev", "last"}
    assert links(first)["next"] == links(first)["last"] == links(last)["last"]
    assert ids(first) + ids(last) == ["lamp-2", "roof-1", "roof-2"]
    assert ids(await client.get(urljoin(start, links(last)["prev"]))) == ids(first)


async def test_links_of_an_empty_list_and_from_behind_the_end(client: Client) -> None:
    empty = await client.get(DEVICES)
    assert links(empty) == {"first": "?limit=100&offset=0", "last": "?limit=100&offset=0"}
    await create(client)
    behind = await client.get(f"{DEVICES}?limit=10&offset=1000")
    assert links(behind)["prev"] == "?limit=10&offset=0"
    assert "next" not in links(behind)


@pytest.mark.parametrize(
    ("bytes_", "left"),
    [
        (600, {"first", "prev", "next", "last"}),
        (900, {"first", "prev", "next"}),
        (1_400, {"prev", "next"}),
        (2_900, {"next"}),
        (3_000, set()),
    ],
)
async def test_of_a_long_query_there_are_fewer_links_next_to_the_last(
    bytes_: int, left: set[str]
) -> None:
    said = query_links({"name": "漢" * (bytes_ // 9)}, 1, 1, 9).get("Link", "")
    assert len(said) < 3_100
    assert {rel for rel in RELATIONS if f'rel="{rel}"' in said} == left


async def test_the_ledger_has_links_too(client: Client) -> None:
    device = await create(client)
    for _ in range(3):
        await client.post(f"{DEVICES}/{device}/faults", {"fault": "gap"})
    got = await client.get(f"/api/v1/faults?device_id={device}&limit=1")
    assert links(got)["next"] == f"?device_id={device}&limit=1&offset=1"


async def test_an_order_of_thousands_is_that_of_all_of_them(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "_WALK", 200)
    for number in range(2_003):
        name, place = f"{number * 7_919 % 2_003:05}", f"Hall {number % 3}"
        device_id = f"d{number:05}"
        await service.rig.supervisor.create("plain", device_id=device_id, name=name, location=place)
    got = await client.get(f"{DEVICES}?sort=-name&location=Hall 1&limit=300&offset=100")
    numbers = [n for n in range(2_003) if n % 3 == 1]
    numbers.sort(key=lambda n: n * 7_919 % 2_003, reverse=True)
    assert ids(got) == [f"d{number:05}" for number in numbers[100:400]]
    assert got.content["total"] == len(numbers)
