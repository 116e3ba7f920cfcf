"""What the log says of requests: one line each, with who, how and what, and no secrets."""

from typing import Any

from trio.testing import wait_all_tasks_blocked

from iotmock.actors.messages import IncomingCommand
from tests.actors.test_journal import said
from tests.rest.client import Client
from tests.rest.rig import Service
from tests.rest.test_devices import DEVICES
from tests.simulated_time import simulated_time

pytestmark = simulated_time
NEW = {"device_type": "plain", "name": "P", "device_id": "p"}
COMMAND = {"command": "set_base_power", "parameters": {"power": 3.0}}


def facts(line: Any, *names: str) -> list[Any]:
    return [line["event"], *(line.get(name) for name in names)]


async def test_each_change_is_a_line(client: Client) -> None:
    with said() as lines:
        await client.post(DEVICES, NEW)
        await client.put(f"{DEVICES}/p", {"name": "Q"})
        await client.post(f"{DEVICES}/p/command", COMMAND)
        await client.post(f"{DEVICES}/p/faults", {"fault": "stuck"})
        await client.delete(f"{DEVICES}/p")
        await client.get(DEVICES)
    assert [facts(line, "device", "status", "over") for line in lines] == [
        ["a device was created", "p", 201, "rest"],
        ["a device was changed", "p", 200, "rest"],
        ["a command was applied", "p", 200, "rest"],
        ["a fault was injected", "p", 201, "rest"],
        ["a device was deleted", "p", 204, "rest"],
    ]
    assert lines[2]["command"] == "set_base_power"
    assert lines[3]["fault"] == "stuck"
    assert {line["principal"] for line in lines} == {"anybody"}
    assert all(line["by"] for line in lines)


async def test_what_was_refused_is_a_line_with_the_reason(client: Client) -> None:
    with said() as lines:
        await client.post(DEVICES, {"device_type": "plain"})
        await client.send("POST", DEVICES, data=b"{")
        await client.delete(f"{DEVICES}/nobody")
        await client.post(DEVICES, NEW)
        await client.post(f"{DEVICES}/p/command", {"command": "explode"})
    told = [facts(line, "what", "device") for line in lines if "created" not in line["event"]]
    assert told == [
        ["a request was refused", "create_device", None],
        ["a request was refused", "create_device", None],
        ["a request was refused", "delete_device", "nobody"],
        ["a command was rejected", None, "p"],
    ]
    assert "name: is required" in lines[0]["reason"]
    assert "explode" in lines[-1]["reason"]


async def test_requests_for_many_say_how_many(client: Client) -> None:
    with said() as lines:
        await client.post(f"{DEVICES}:batch", {"operations": [{"op": "create"} | NEW]})
        await client.post(f"{DEVICES}/command", COMMAND | {"selector": {"all": True}})
        await client.delete(f"{DEVICES}?all=true")
    assert [facts(line, "succeeded", "applied", "deleted", "failed") for line in lines] == [
        ["a batch was carried out", 1, None, None, 0],
        ["a command for many was carried out", None, 1, None, 0],
        ["devices were deleted", None, None, 1, 0],
    ]


async def test_a_command_over_mqtt_names_its_topic(client: Client, service: Service) -> None:
    await client.post(DEVICES, NEW)
    topic = "energy/devices/p/commands"
    with said() as lines:
        for payload in (b'{"command": "reset_energy", "id": "7"}', b"nonsense"):
            service.rig.router.route(IncomingCommand("p", payload, topic=topic))
            await wait_all_tasks_blocked()
    assert [facts(line, "over", "topic", "device", "command", "id") for line in lines] == [
        ["a command was applied", "mqtt", topic, "p", "reset_energy", "7"],
        ["a command was rejected", "mqtt", topic, "p", None, None],
    ]


async def test_parameters_stay_unsaid(client: Client) -> None:
    await client.post(DEVICES, NEW)
    secret = {"command": "reboot", "parameters": {}, "id": "x"}
    with said() as lines:
        got = await client.send(
            "POST", f"{DEVICES}/p/command", secret, headers={"Authorization": "Bearer s3cret"}
        )
    assert got.status == 200
    assert "s3cret" not in str(lines)
