"""The service's health, for people and for orchestrators."""

import trio

from iotmock.actors.health import STALLED_S
from iotmock.actors.links.link import Link
from iotmock.actors.links.links import not_open
from tests.rest.client import Client
from tests.rest.rig import Service
from tests.rest.test_devices import DEVICES, create
from tests.simulated_time import simulated_time

pytestmark = simulated_time


async def test_health_is_degraded_without_a_broker(client: Client) -> None:
    await create(client)
    got = await client.get("/health")
    assert got.status == 200
    assert got.content == {
        "status": "degraded",
        "mqtt": "connecting",
        "devices": 1,
        "version": "1.2.3",
        "problems": [not_open("no connection", "mqtt://nowhere:1883", None)],
    }


def connect(service: Service) -> None:
    assert isinstance(service.system.links, Link)
    service.system.links.state = "connected"


async def test_health_is_healthy_with_a_broker(client: Client, service: Service) -> None:
    connect(service)
    assert (await client.get("/health")).content == {
        "status": "healthy",
        "mqtt": "connected",
        "devices": 0,
        "version": "1.2.3",
        "problems": [],
    }


async def test_health_is_degraded_while_the_state_file_can_not_be_written(
    client: Client, service: Service
) -> None:
    connect(service)
    service.rig.file.failure = OSError("disk full")
    await client.post(DEVICES, {"device_type": "hvac", "name": "H"})
    got = (await client.get("/health")).content
    assert got["status"] == "degraded"
    [problem] = got["problems"]
    assert problem.startswith("the state file can not be written: disk full; make room")
    service.rig.file.failure = None
    await trio.sleep(10)
    assert (await client.get("/health")).content["status"] == "healthy"


async def test_a_service_without_a_broker_is_alive_and_ready(
    client: Client, service: Service
) -> None:
    for path, status in (("/livez", "alive"), ("/readyz", "ready")):
        got = await client.get(path)
        assert (got.status, got.content) == (200, {"status": status})


async def test_a_service_that_is_ending_is_alive_and_not_ready(
    client: Client, service: Service
) -> None:
    service.ready.on = False
    assert (await client.get("/livez")).status == 200
    assert (await client.get("/readyz")).status == 503


async def test_a_pacer_that_does_not_move_on_is_not_alive(client: Client, service: Service) -> None:
    await create(client)
    service.rig.pacing.cancel()
    await trio.sleep(STALLED_S)
    assert (await client.get("/livez")).status == 200
    await trio.sleep(10)
    assert (await client.get("/livez")).status == 503
    assert (await client.get("/readyz")).status == 503


async def test_a_simulation_that_is_stopped_is_alive(client: Client, service: Service) -> None:
    await create(client)
    await client.post("/api/v1/simulation/stop")
    await trio.sleep(1_000)
    assert (await client.get("/livez")).status == 200
