"""The stream over HTTP: what comes, to whom, for how long."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec
import pytest
import trio
from attrs import frozen

from iotmock.actors.stream.listener import CAPACITY, Listener
from iotmock.rest.server import Limits
from tests.patience import SLACK, within
from tests.rest.client import Client
from tests.rest.http2 import http2
from tests.rest.rig import Served, assemble_service, serving
from tests.rest.server.peers import connected, read_to_end, wait_for_none_open, wait_until
from tests.rest.test_devices import create

pytestmark = pytest.mark.trio
STREAM = "/api/v1/stream"


@frozen
class Told:
    """One event as it came."""

    kind: str
    id: str
    data: Any


@frozen
class Stream:
    """An open stream."""

    response: httpx.Response
    lines: AsyncIterator[str]

    async def next(self) -> Told:
        """Wait for the next event."""
        fields: dict[str, str] = {}
        with within(10):
            async for line in self.lines:
                name, _, value = line.partition(": ")
                if not line and "data" in fields:
                    data = msgspec.json.decode(fields["data"])
                    return Told(fields["event"], fields["id"], data)
                if line and name:
                    fields[name] = value
        raise AssertionError("the stream has ended")


@asynccontextmanager
async def listening(
    served: Served, query: str = "", headers: dict[str, str] | None = None
) -> AsyncIterator[Stream]:
    """Listen, and be sure that the hub knows."""
    async with (
        httpx.AsyncClient(trust_env=False, timeout=10 * SLACK) as client,
        client.stream("GET", f"{served.url}{STREAM}{query}", headers=headers) as response,
    ):
        lines = response.aiter_lines()
        with within(10):
            assert await anext(lines) == "retry: 2000"
        yield Stream(response, lines)


def listeners(served: Served) -> set[Listener]:
    return served.service.system.hub.audience.listeners


def happen(served: Served, times: int = 1, data: bytes = b"{}") -> None:
    for _ in range(times):
        served.service.system.hub._add("status", "d", data)


async def test_what_happens_is_told_as_it_happens(served: Served) -> None:
    async with listening(served) as stream:
        device = await create(Client(served.service.app))
        told = await stream.next()
    assert stream.response.headers["Content-Type"] == "text/event-stream"
    assert stream.response.headers["Cache-Control"] == "no-store"
    assert told.kind == "status"
    assert told.id == f"{served.service.system.hub.life}-1"
    assert told.data["device_id"] == device
    assert told.data["status"] == "online"


async def test_a_command_over_rest_is_told_with_its_result(served: Served) -> None:
    client = Client(served.service.app)
    device = await create(client)
    async with listening(served, "?kind=command") as stream:
        got = await client.post(f"/api/v1/devices/{device}/command", {"command": "reset_energy"})
        told = await stream.next()
    assert (told.kind, told.data) == ("command", got.content)


async def test_a_summary_comes_where_nothing_happens(served: Served) -> None:
    async with listening(served, "?kind=summary") as stream:
        await served.service.system.summaries.sum_up()
        told = await stream.next()
    assert told.kind == "summary"
    assert told.data["devices"]["total"] == 0


async def test_kinds_and_devices_may_be_there_again_or_with_commas(served: Served) -> None:
    hub = served.service.system.hub
    query = "?kind=status&kind=fault,command&device_id=a,b&device_id=c"
    async with listening(served, query) as stream:
        for device_id in ("x", "a", "c"):
            hub._add("status", device_id, b"{}")
        hub._add("reading", "a", b"{}")
        hub._add("fault", "b", b"{}")
        told = [(await stream.next()).id.rpartition("-")[2] for _ in range(3)]
    assert told == ["2", "3", "5"]


@pytest.mark.parametrize(
    ("query", "faulty"),
    [
        ("kind=nonsense", "kind"),
        ("kind=status,", "kind"),
        ("device_id=a%20b", "device_id"),
        ("device_type=toaster", "device_type"),
        ("location=a&location=b", "location"),
        ("colour=red", "colour"),
    ],
)
async def test_what_nobody_can_listen_to_is_a_problem(
    served: Served, query: str, faulty: str
) -> None:
    got = await Client(served.service.app).get(f"{STREAM}?{query}")
    assert got.status == 422
    assert got.media_type == "application/problem+json"
    assert got.faulty == [faulty]


async def test_what_a_fault_has_spoilt_is_still_one_line_of_json(served: Served) -> None:
    async with listening(served, "?kind=status") as stream:
        happen(served, data=b'{"power": \xff\n')
        assert (await stream.next()).data == '{"power": \ufffd\n'


@pytest.mark.parametrize("way", ["header", "query"])
async def test_who_comes_back_goes_on_from_its_last_event(served: Served, way: str) -> None:
    async with listening(served, "?kind=status") as stream:
        happen(served)
        last = (await stream.next()).id
    happen(served, 2)
    query = f"&last_event_id={last}" if way == "query" else ""
    headers = {"Last-Event-ID": last} if way == "header" else None
    async with listening(served, f"?kind=status{query}", headers) as stream:
        told = [await stream.next() for _ in range(2)]
    life = served.service.system.hub.life
    assert [one.id for one in told] == [f"{life}-2", f"{life}-3"]


async def test_who_comes_back_to_another_life_is_told_so(served: Served) -> None:
    async with listening(served, headers={"Last-Event-ID": "0123abcd-7"}) as stream:
        told = await stream.next()
    assert (told.kind, told.data) == ("dropped", {"dropped": None, "since": "0123abcd-7"})


async def test_who_reads_too_slowly_is_told_how_much_it_has_missed(served: Served) -> None:
    async with listening(served, "?kind=status") as stream:
        happen(served, CAPACITY + 50)
        dropped, first = await stream.next(), await stream.next()
    life = served.service.system.hub.life
    assert (dropped.kind, dropped.data) == ("dropped", {"dropped": 50, "since": f"{life}-0"})
    assert first.id == f"{life}-51"


async def test_one_more_than_may_listen_is_asked_to_come_again(served: Served) -> None:
    served.service.system.hub.audience.most = 1
    async with listening(served):
        got = await Client(served.service.app).get(STREAM)
    assert got.status == 503
    assert got.headers["Retry-After"]
    assert got.content["type"] == "urn:iotmock:problem:too-many-listeners"
    await wait_until(lambda: not listeners(served))
    async with listening(served):
        assert len(listeners(served)) == 1


async def test_a_hundred_listen_at_once_and_each_is_told_and_none_is_left_behind(
    served: Served,
) -> None:
    heard = set[int]()

    async def listen(number: int) -> None:
        async with listening(served, "?kind=status") as stream:
            await stream.next()
            heard.add(number)

    with within(30):
        async with trio.open_nursery() as nursery:
            for number in range(100):
                nursery.start_soon(listen, number)
            await wait_until(lambda: len(listeners(served)) == 100)
            happen(served)
    assert len(heard) == 100
    await wait_until(lambda: not listeners(served))


async def test_who_does_not_read_costs_a_bounded_place_and_is_sent_away() -> None:
    async with (
        serving(assemble_service(), Limits(write_s=0.5)) as served,
        connected(served) as peer,
    ):
        peer.setsockopt(trio.socket.SOL_SOCKET, trio.socket.SO_RCVBUF, 4_096)
        await peer.send_all(f"GET {STREAM}?kind=status HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        await wait_until(lambda: len(listeners(served)) == 1)
        (listener,) = listeners(served)
        data = b'"' + b"x" * 10_000 + b'"'
        with within(20):
            while listeners(served):
                happen(served, 2_000, data)
                assert len(listener._waiting) <= CAPACITY
                await trio.sleep(0.05)
        await wait_for_none_open(served)


async def test_a_client_that_leaves_is_listened_for_no_more(served: Served) -> None:
    async with listening(served):
        assert len(listeners(served)) == 1
    await wait_until(lambda: not listeners(served))
    await wait_for_none_open(served)


async def test_the_end_of_the_service_ends_streams_at_once() -> None:
    async with (
        serving(assemble_service(), Limits(grace_s=60.0)) as served,
        connected(served) as peer,
    ):
        await peer.send_all(f"GET {STREAM} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        await wait_until(lambda: len(listeners(served)) == 1)
        with within(5):
            served.end.set()
            received = await read_to_end(peer)
            await served.ended.wait()
    assert received.endswith(b"0\r\n\r\n")  # not cut off, but at its end


async def test_head_says_what_would_come_and_does_not_listen(served: Served) -> None:
    got = await Client(served.service.app).send("HEAD", STREAM)
    assert (got.status, got.media_type, got.body) == (200, "text/event-stream", b"")
    assert not listeners(served)


async def test_over_http2_too_who_does_not_read_is_sent_away_alone() -> None:
    async with (
        serving(assemble_service(), Limits(write_s=0.5)) as served,
        http2(served.port, window=1_000) as client,
    ):
        number = await client.ask("GET", f"{STREAM}?kind=status")
        await wait_until(lambda: len(listeners(served)) == 1)
        with within(20):
            while listeners(served):
                happen(served, 2_000)
                await trio.sleep(0.05)
        assert await client.get("/livez") == 200
        assert client.answers[number].reset is not None
