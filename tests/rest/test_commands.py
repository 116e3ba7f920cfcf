"""Readings, commands and samples of one device over REST."""

import pytest
import trio

from iotmock.actors.messages import Kind
from iotmock.model.commands import COMMON_COMMANDS
from tests.rest.client import Client
from tests.rest.rig import Service
from tests.rest.test_devices import DEVICES, create
from tests.simulated_time import simulated_time

pytestmark = simulated_time
PARAMETERS: dict[str, dict[str, object]] = {
    "inject_fault": {"fault": "stuck", "duration": 0.001},
    "set_power": {"power": 1},
    "set_base_power": {"power": 1},
    "set_voltage": {"voltage": 230},
    "set_enabled": {"enabled": True},
    "set_online": {"online": True},
    "set_interval": {"interval": 1},
    "set_setpoint": {"temperature": 20},
    "set_brightness": {"percent": 50},
    "set_load": {"percent": 50},
    "start_cycle": {"program": "oven"},
    "set_background": {"percent": 50},
    "set_limit": {"percent": 50},
    "set_limit_power": {"power": 1},
    "set_charge": {"power": 1},
    "set_strategy": {"strategy": "tariff"},
    "set_reserve": {"percent": 20},
    "set_backup": {"enabled": True},
    "set_current_limit": {"current": 10},
    "set_water_temperature": {"temperature": 65},
    "set_mode": {"mode": "once"},
    "set_fill_gaps": {"enabled": True},
}
DATA_FIELDS = [
    "device_id", "timestamp", "power", "voltage", "current", "energy", "status", "enabled",
]  # fmt: skip


async def test_readings_are_the_data_message_and_do_not_advance(
    client: Client, service: Service
) -> None:
    device = await create(client)
    await trio.sleep(60)
    published = service.rig.sent(Kind.DATA, device)
    readings = [(await client.get(f"{DEVICES}/{device}/readings")).content for _ in range(3)]
    assert list(readings[0]) == DATA_FIELDS
    assert readings[0] == readings[2]
    assert readings[0] == published[-1] | {"timestamp": readings[0]["timestamp"]}
    assert service.rig.sent(Kind.DATA, device) == published


async def test_a_command_is_answered_once_the_device_has_handled_it(client: Client) -> None:
    device = await create(client)
    body = {"command": "set_power", "parameters": {"power": 30}, "id": "c-1"}
    got = await client.post(f"{DEVICES}/{device}/command", body)
    assert (got.status, got.media_type) == (200, "application/json")
    assert got.content == {
        "id": "c-1",
        "device_id": device,
        "command": "set_power",
        "status": "applied",
        "reason": None,
        "timestamp": "2025-08-11T12:00:00Z",
        "changes": {"base_power": [10.0, 30.0]},
    }
    assert (await client.get(f"{DEVICES}/{device}")).content["base_power"] == 30.0


async def test_every_command_that_device_types_lists_can_be_sent(client: Client) -> None:
    listed = (await client.get("/api/v1/device-types")).content["device_types"]
    for kind in listed:
        device = await create(client, kind["device_type"])
        for command in kind["commands"]:
            name = command["command"]
            body = {"command": name, "parameters": PARAMETERS.get(name, {})}
            got = await client.post(f"{DEVICES}/{device}/command", body)
            assert (got.status, got.content.get("detail")) == (200, None)


async def test_a_rejected_command_is_a_problem_with_the_result_of_the_device(
    client: Client,
) -> None:
    device = await create(client)
    body = {"command": "set_power", "parameters": {"power": "abc"}, "id": "c-2"}
    got = await client.post(f"{DEVICES}/{device}/command", body)
    assert (got.status, got.media_type) == (422, "application/problem+json")
    assert got.content["type"] == "urn:iotmock:problem:command-rejected"
    assert got.content["result"] == {
        "id": "c-2",
        "device_id": device,
        "command": "set_power",
        "status": "rejected",
        "reason": got.content["detail"],
        "timestamp": "2025-08-11T12:00:00Z",
    }
    assert "power" in got.content["detail"]
    assert (await client.get(f"{DEVICES}/{device}")).content["base_power"] == 10.0


@pytest.mark.parametrize(
    ("body", "faulty"),
    [
        ({}, ["command"]),
        ({"command": ""}, ["command"]),
        ({"command": "x" * 65}, ["command"]),
        ({"command": 5}, ["command"]),
        ({"command": "reboot", "parameters": None}, ["parameters"]),
        ({"command": "reboot", "parameters": []}, ["parameters"]),
        ({"command": "reboot", "id": 5}, ["id"]),
        ({"command": "reboot", "id": "x" * 65}, ["id"]),
        ({"command": "reboot", "qos": 1}, ["qos"]),
    ],
)
async def test_what_is_no_command_never_reaches_the_device(
    client: Client, body: dict[str, object], faulty: list[str]
) -> None:
    device = await create(client)
    got = await client.post(f"{DEVICES}/{device}/command", body)
    assert (got.status, got.faulty) == (422, faulty)
    assert (await client.get(f"{DEVICES}/{device}")).content["status"] == "online"


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"1" * 5000])
async def test_a_number_beyond_all_floats_is_refused_where_it_is(
    client: Client, number: bytes
) -> None:
    device = await create(client)
    body = b'{"command": "set_power", "parameters": {"power": ' + number + b"}}"
    got = await client.send("POST", f"{DEVICES}/{device}/command", data=body)
    assert (got.status, got.faulty) == (422, ["parameters"])
    got = await client.send("PUT", f"{DEVICES}/{device}", data=b'{"interval": ' + number + b"}")
    assert (got.status, got.faulty) == (422, ["interval"])


async def test_an_unknown_command_is_rejected_by_the_device(client: Client) -> None:
    device = await create(client)
    got = await client.post(f"{DEVICES}/{device}/command", {"command": "ex\u0000plode"})
    assert (got.status, got.content["result"]["status"]) == (422, "rejected")


async def test_the_same_id_is_applied_once(client: Client) -> None:
    device = await create(client)
    path, bodies = f"{DEVICES}/{device}/command", []
    for power in (30, 40):
        body = {"command": "set_power", "parameters": {"power": power}, "id": "x" * 64}
        bodies.append((await client.post(path, body)).content)
    assert bodies[0] == bodies[1]
    assert (await client.get(f"{DEVICES}/{device}")).content["base_power"] == 30.0


async def test_simulate_takes_and_publishes_a_reading(client: Client, service: Service) -> None:
    device = await create(client)
    await trio.sleep(62)
    count = len(service.rig.sent(Kind.DATA, device))
    got = await client.post(f"{DEVICES}/{device}/simulate")
    assert (got.status, list(got.content)) == (200, DATA_FIELDS)
    assert service.rig.sent(Kind.DATA, device)[count:] == [got.content]


async def test_simulate_works_while_the_simulation_is_stopped(client: Client) -> None:
    device = await create(client, base_power=72.0)
    await client.post("/api/v1/simulation/stop")
    before = (await client.get(f"{DEVICES}/{device}/readings")).content["energy"]
    await trio.sleep(600)
    got = await client.post(f"{DEVICES}/{device}/simulate")
    assert got.content["energy"] == pytest.approx(before + 72.0 * 5.0 / 3600.0)


async def test_a_body_that_nobody_asked_for_is_ignored(client: Client) -> None:
    device = await create(client)
    got = await client.send("POST", f"{DEVICES}/{device}/simulate", data=b"{{{")
    assert got.status == 200
    assert (await client.send("GET", DEVICES, data=b"\xff")).status == 200


async def test_device_types_say_what_there_is_and_what_it_understands(client: Client) -> None:
    kinds = (await client.get("/api/v1/device-types")).content["device_types"]
    assert [kind["device_type"] for kind in kinds][:5] == [
        "hvac", "lighting", "server", "industrial", "appliance",
    ]  # fmt: skip
    hvac = kinds[0]
    assert hvac["defaults"] == {"base_power": 25.0, "base_voltage": 240.0, "phases": 3}
    names = [command["command"] for command in hvac["commands"]]
    assert names == [*(command.name for command in COMMON_COMMANDS), "set_setpoint"]
    setpoint = hvac["commands"][-1]
    assert "room temperature" in setpoint["description"]
    assert setpoint["parameters"]["type"] == "object"
    assert setpoint["parameters"]["required"] == ["temperature"]
    assert setpoint["parameters"]["properties"]["temperature"]["maximum"] == 35
