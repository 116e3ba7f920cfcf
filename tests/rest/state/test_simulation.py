"""The simulation as a whole."""

import pytest
import trio

from iotmock.actors.messages import IncomingCommand
from tests.rest.client import Client
from tests.rest.rig import Service
from tests.rest.test_devices import DEVICES, create
from tests.simulated_time import simulated_time

pytestmark = simulated_time
STATUS = "/api/v1/simulation/status"
SPEED = "/api/v1/simulation/speed"


async def test_the_status_counts_devices_messages_and_ticks(
    client: Client, service: Service
) -> None:
    for _ in range(3):
        device = await create(client)
    await client.put(f"{DEVICES}/{device}", {"enabled": False})
    await trio.sleep(60)
    got = (await client.get(STATUS)).content
    assert got["running"] is True
    assert got["interval"] == 5.0
    assert got["since"] == "2025-08-11T12:00:00Z"
    assert got["devices"] == {"total": 3, "online": 3, "enabled": 2, "error": 0}
    assert got["messages"]["accepted"] == got["messages"]["waiting"] == 3 + 1 + 2 * 12
    assert got["messages"]["backlog"] == got["messages"]["waiting"]
    assert got["ticks"]["done"] == got["ticks"]["due"] == 3 * 12
    assert got["ticks"]["lateness_p50_s"] <= got["ticks"]["lateness_p99_s"] < 1
    assert got["overloaded"] is False


async def test_the_status_counts_commands_that_came_over_mqtt(
    client: Client, service: Service
) -> None:
    device = await create(client)
    for payload in (b'{"command": "reboot"}', b"nonsense"):
        service.rig.router.route(IncomingCommand(device, payload))
    service.rig.router.route(IncomingCommand("not-ours", b""))
    await trio.testing.wait_all_tasks_blocked()
    assert (await client.get(STATUS)).content["messages"]["commands"] == {
        "received": 3,
        "applied": 1,
        "rejected": 1,
        "unknown_device": 1,
        "ignored_offline": 0,
        "results_lost": 0,
    }


async def test_the_status_says_why_there_is_no_broker(client: Client, service: Service) -> None:
    with trio.move_on_after(1):
        await service.system.links.run()
    mqtt = (await client.get(STATUS)).content["mqtt"]
    assert mqtt.pop("connect_failures") > 0
    assert mqtt == {
        "connected": False,
        "state": "connecting",
        "broker": "mqtt://nowhere:1883",
        "model": "shared",
        "connections": 1,
        "open": 0,
        "connects": 0,
        "last_error": "nobody listens",
        "qos": 1,
        "retained": True,
        "refusals": {},
    }


@pytest.mark.parametrize("speed", ["1e-6", "5e-324", "-1", "100000.1"])
async def test_a_speed_at_which_nobody_sees_time_move_is_refused(
    client: Client, speed: str
) -> None:
    got = await client.send("POST", SPEED, data=f'{{"speed": {speed}}}'.encode())
    assert got.status == 422
    assert got.content["errors"][0]["field"] == "speed"
    assert (await client.get(STATUS)).content["speed"] == 1.0


async def test_a_speed_has_no_sign_before_nothing(client: Client) -> None:
    got = await client.send("POST", SPEED, data=b'{"speed": -0.0}')
    assert (got.status, str(got.content["speed"])) == (200, "0.0")


async def test_stop_and_start_can_be_said_twice(client: Client) -> None:
    await create(client)
    for _ in range(2):
        got = await client.post("/api/v1/simulation/stop")
        assert (got.status, got.content["running"]) == (200, False)
    await trio.sleep(60)
    assert (await client.get(STATUS)).content["ticks"]["done"] == 0
    for _ in range(2):
        got = await client.post("/api/v1/simulation/start")
        assert (got.status, got.content["running"]) == (200, True)
    assert got.content["since"] == "2025-08-11T12:01:00Z"
    await trio.sleep(60)
    assert (await client.get(STATUS)).content["ticks"]["done"] == 12
