"""`iotmock devices`, send, inject and clear against a service that runs."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.line import Line
from tests.service.process import Service

HVAC = "mock-hvac-001"


@pytest.fixture
def roof(service: Service) -> Iterator[list[str]]:
    """Three devices of a location of their own."""
    location = f"roof-{uuid4().hex[:8]}"
    ids = [f"{location}-{number}" for number in range(3)]
    for device_id in ids:
        body = {"device_type": "hvac", "name": "Roof", "location": location, "device_id": device_id}
        assert service.request("POST", "/api/v1/devices", body)[0] == 201
    yield [location, *ids]
    for device_id in ids:
        service.request("DELETE", f"/api/v1/devices/{device_id}")


def test_the_list_has_a_line_for_each_device(line: Line) -> None:
    headings, *rows = line.says("devices").splitlines()
    assert headings.split() == [
        *("device", "type", "name", "location", "status", "kW", "V", "A", "kWh")
    ]
    row = next(row for row in rows if row.startswith(HVAC))
    assert row.split()[:4] == [HVAC, "hvac", "HVAC", "System"]
    assert row.index("online") == headings.index("status")
    assert rows[-1].endswith(" devices")


def test_filters_narrow_the_list(line: Line, roof: list[str]) -> None:
    location, *ids = roof
    found = line.json("devices", "--location", location)
    assert [device["device_id"] for device in found["devices"]] == ids
    assert found["total"] == 3
    assert line.json("devices", f"{location}-[01]")["total"] == 2
    assert line.json("devices", "--name", "production")["total"] == 1
    assert line.json("devices", "--type", "server")["total"] == 1
    assert line.json("devices", "--status", "error")["total"] == 0
    names = line.json("devices", "--location", location, "--sort", "-device_id")
    assert [device["device_id"] for device in names["devices"]] == ids[::-1]
    assert line.json("devices", f"{location}-*", "--limit", "2")["total"] == 3
    assert "1 of 3 devices; --limit 0 lists all" in line.says(
        "devices", "--location", location, "--limit", "1"
    )


def test_one_device_is_told_with_its_faults_and_commands(line: Line, roof: list[str]) -> None:
    device_id = roof[1]
    line.says("inject", device_id, "stuck", "--duration", "10m")
    told = line.says("devices", device_id)
    assert told.startswith(f"{device_id}: Roof\n")
    assert "faults     stuck (active) from " in told
    assert "set_power power=..." in told
    of_json = line.json("devices", device_id)
    assert [fault["fault"] for fault in of_json["faults"]] == ["stuck"]
    assert "set_setpoint" in of_json["commands"]


def test_a_command_is_carried_out(line: Line, service: Service, roof: list[str]) -> None:
    device_id = roof[1]
    assert line.says("send", device_id, "set_power", "power=31.5").startswith(
        f"{device_id}: set_power applied"
    )
    assert service.device(device_id)["base_power"] == 31.5
    assert line.json("send", device_id, "set_enabled", "enabled=false")["status"] == "applied"
    assert service.device(device_id)["enabled"] is False


def test_a_command_reaches_all_of_a_location(line: Line, service: Service, roof: list[str]) -> None:
    location, *ids = roof
    told = line.says("send", "*", "set_power", "power=40", "--location", location)
    assert [row.partition(":")[0] for row in told.splitlines()] == ids
    assert {service.device(one)["base_power"] for one in ids} == {40.0}
    assert service.device(HVAC)["base_power"] != 40.0


def test_a_rejection_among_many_is_told_with_its_device(line: Line, roof: list[str]) -> None:
    location, *_ = roof
    code, output, _ = line("send", f"{location}*", "start_cycle", "program=eco")
    assert code == 1
    assert output.count("rejected: unknown command 'start_cycle'") == 3


def test_a_fault_begins_and_is_cleared(line: Line, service: Service, roof: list[str]) -> None:
    device_id = roof[2]
    told = line.says("inject", device_id, "stuck", "--duration", "90s", "what=power")
    assert f"`iotmock clear {device_id} stuck` ends it" in told
    [fault] = service.request("GET", f"/api/v1/devices/{device_id}/faults")[1]["faults"]
    assert fault["parameters"]["what"] == "power"
    assert line.says("clear", device_id, "stuck") == "1 fault ended\n"
    assert service.request("GET", f"/api/v1/devices/{device_id}/faults")[1]["faults"] == []


@pytest.mark.parametrize("chosen", ["*", "{}-[012]"])
def test_a_fault_of_many_ends_by_its_group(line: Line, roof: list[str], chosen: str) -> None:
    location = roof[0]
    many = ("inject", chosen.format(location), "gap", "--location", location)
    done = line.json(*many, "--duration", "1h")
    assert done["injected"] == 3
    assert line.json("clear", "--group", done["group"]) == {"cleared": 3}
    code, output, _ = line(*many, "--share", "0.000001")
    assert (code, output) == (1, "0 devices with the fault, 0 refused\n")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (
            ("devices", "nope"),
            1,
            "there is no device 'nope': `iotmock devices` lists those that there are",
        ),
        (
            ("send", "nope-*", "reboot"),
            1,
            "no device is nope-*: `iotmock devices` lists those that there are",
        ),
        (
            ("send", HVAC, "set_power", "power"),
            2,
            "'power' is no parameter: write key=value, as power=30",
        ),
        (
            ("send", HVAC, "set_power", "power=1", "power=2"),
            2,
            "power is given twice: give it once",
        ),
        (
            ("inject", HVAC, "gap", "--duration", "soon"),
            2,
            "--duration must be a duration such as 90s, 10m or 1h30m, not 'soon'",
        ),
        (("clear",), 2, "name a device, as iotmock clear DEVICE [FAULT], or else a --group"),
        (("clear", HVAC, "gap"), 1, f"{HVAC} has no fault gap: `iotmock devices ID` tells which"),
    ],
)
def test_what_can_not_be_is_one_line(
    line: Line, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    assert line.refuses(*arguments, code=code) == sentence


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("send", HVAC, "fly"), "unknown command 'fly'; known are "),
        (("send", HVAC, "set_power", "power=much"), "power"),
        (("inject", HVAC, "nonsense"), "unknown 'nonsense'; known are stuck, "),
        (("inject", "*", "gap", "--type", "boiler"), "unknown device type 'boiler'; known are "),
        (("devices", "--status", "asleep"), "status"),
    ],
)
def test_what_the_service_refuses_is_said_in_its_words(
    line: Line, arguments: tuple[str, ...], part: str
) -> None:
    assert part in line.refuses(*arguments, code=1)


def test_a_name_can_not_reach_into_the_terminal(line: Line, service: Service) -> None:
    body = {"device_type": "hvac", "name": "\x1b[31mred", "device_id": "red"}
    code, _ = service.request("POST", "/api/v1/devices", body)
    try:
        assert "\x1b" not in line.says("devices", "red*" if code == 201 else "*")
    finally:
        service.request("DELETE", "/api/v1/devices/red")
