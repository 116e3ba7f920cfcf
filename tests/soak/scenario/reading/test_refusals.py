"""What is said about scenarios that can not be run: all of it at once, each with its key."""

from pathlib import Path
from typing import Any

import pytest

from iotmock.model.families import built_in
from iotmock.soak.scenario.reading.file import read_scenario
from iotmock.soak.scenario.scenario import ScenarioError
from tests.soak.runs import scenario

STUCK = {"kind": "fault", "at": 1, "fault": "stuck"}
INFLUX_2 = {"url": "http://x", "org": "o", "bucket": "b"}
REBOOTS = {"at": 1, "command": "reboot", "rate": 9}


def faults(**sections: Any) -> list[str]:
    """Return what is wrong with a small scenario with other sections."""
    with pytest.raises(ScenarioError) as caught:
        scenario(**sections)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("sections", "fault"),
    [
        ({"bogus": 1}, "bogus: unknown key; known are fleet, load, name"),
        ({"brokers": {}}, "brokers: unknown key; did you mean broker?"),
        ({"broker": 5}, "broker: must be a table, not 5"),
        ({"broker": {"prot": 1}}, "broker.prot: unknown key; did you mean port?"),
        ({"broker": {"port": 0}}, "broker.port: must be a whole number from 1 to 65,535, not 0"),
        ({"broker": {"port": True}}, "broker.port: must be a whole number from 1 to 65,535, not t"),
        ({"broker": {"host": ""}}, "broker.host: must be a text that is not empty, not ''"),
        ({"broker": {"tls": "yes"}}, "broker.tls: must be true or false, not 'yes'"),
        ({"broker": {"password": 7}}, "broker.password: must be a text that is not empty, not (hi"),
        ({"broker": {"tls_key": "k"}}, "broker.tls_cert: and tls_key go together; give both or"),
        ({"broker": {"tls_ca": "c"}}, "broker.tls_ca: needs tls = true"),
        ({"broker": {"url": "ws://h", "tls_ca": "c"}}, "broker.tls_ca: needs tls = true"),
        ({"broker": {"url": "http://x:secret@h"}}, "broker.url: must be mqtt://, mqtts://"),
        ({"broker": {"url": "mqtt://h", "port": 9}}, "broker.port: must not be given togeth"),
        ({"broker": {"url": "ws://u:p@h", "password_env": "X"}}, "broker.password_env: must not b"),
        ({"broker": {"url": "ws://%7Bdevice_id%7D@h"}}, "broker.username: {device_id} needs fleet"),
        ({"broker": {"transport": "quic"}}, "broker.transport: must be tcp or websocket, not 'qui"),
        ({"broker": {"protocol": "3.1.1"}}, "broker.protocol: MQTT 3.1.1 has no properties; give"),
        ({"broker": {"credentials_file": "c"}}, "broker.credentials_file: needs fleet.connectio"),
        ({"broker": {"username": "{device_id}"}}, "broker.username: {device_id} needs fleet.conn"),
        (
            {"broker": {"password": "x", "password_env": "X"}},
            "broker.password_env: must not be given together with password",
        ),
        ({"load": {}}, "load.duration: is missing; it must be a number from 0.001 to "),
        ({"load": {"duration": "10 min"}}, "load.duration: must be a number from 0.001 to 31,62"),
        ({"load": {"duration": -1}}, "load.duration: must be a number from 0.001 to 31,622,400 s"),
        ({"load": {"duration": float("nan")}}, "load.duration: must be a number from 0.001 to"),
        ({"load": {"duration": 9, "qos": 3}}, "load.qos: must be 0, 1 or 2, not 3"),
        ({"load": {"duration": 9, "ramp_up": 10}}, "load.ramp_up: 100 devices take 10 s, all of"),
        ({"fleet": {"group": []}}, "fleet.group: is missing; a fleet has one [[fleet.group]]"),
        ({"fleet": {"group": {}}}, "fleet.group: must be [[fleet.group]], not [fleet.group]"),
        ({"phase": {"kind": "pause"}}, "phase: must be [[phase]], not [phase]"),
        ({"phase": [{"at": 1}]}, "phase[0].kind: is missing; it must be fault, blackout, conn"),
        (
            {"phase": [{"kind": "blackot", "at": 1}]},
            (
                "phase[0].kind: must be fault, blackout, connection_storm, broker_command, scale "
                "or pause, not 'blackot'; did you mean blackout?"
            ),
        ),
        (
            {"phase": [{"kind": "pause", "at": 1}]},
            "phase[0].duration: is missing; it must be a number",
        ),
        (
            {"phase": [{"kind": "pause", "at": 300, "duration": 1}]},
            "phase[0].at: must be before load.duration (300 s), not 300 s",
        ),
        (
            {"phase": [{"kind": "pause", "at": "4m", "duration": 90}]},
            "phase[0]: it ends at 330 s, after load.duration (300 s)",
        ),
        (
            {"phase": [{"kind": "blackout", "at": 1, "duration": 1, "location": "nort"}]},
            "phase[0].location: no group of the fleet has it, only 'north', not 'nort'; did you",
        ),
        (
            {"phase": [{"kind": "scale", "at": 1, "group": "lights", "count": 5}]},
            "phase[0].group: no group of the fleet has it, only 'hvac', not 'lights'",
        ),
        (
            {"phase": [STUCK | {"select": {"group": "roof"}}]},
            "phase[0].select.group: no group of the fleet has it, only 'hvac', not 'roof'",
        ),
        (
            {"phase": [STUCK | {"fault": "stcuk"}]},
            "phase[0].fault: must be stuck, false_zero, spike, ",
        ),
        (
            {"phase": [STUCK | {"parameters": {"what": "all of it"}}]},
            "phase[0].parameters: what: must be all or power, not 'all of it'",
        ),
        (
            {"phase": [STUCK | {"fault": "spike", "duration": 5}]},
            "phase[0].duration: spike is one message long; leave it out",
        ),
        (
            {"phase": [STUCK | {"fault": "jam"}]},
            "phase[0].fault: jam befalls industrial, and none is selected",
        ),
        (
            {"campaign": [{"at": 1, "command": "set_pwer", "commands": 1, "rate": 1}]},
            "campaign[0].command: hvac: unknown command 'set_pwer'; known are ",
        ),
        (
            {"campaign": [{"at": 1, "command": "set_power", "commands": 1, "rate": 1}]},
            "campaign[0].command: hvac: parameters of set_power: power: is required",
        ),
        (
            {"campaign": [{"at": 1, "command": "reboot", "commands": 900, "rate": 1}]},
            "campaign[0]: it ends at 901 s, after load.duration (300 s)",
        ),
        (
            {"campaign": [REBOOTS | {"commands": 900, "devices": 101}]},
            "campaign[0].devices: must be at most 100, the devices selected",
        ),
        (
            {"campaign": [REBOOTS | {"commands": 1, "devices": 2}]},
            "campaign[0].devices: must be at most commands (1), not 2",
        ),
        ({"thresholds": {"loss": "1.5"}}, "thresholds.loss: must be a number from 0 to 1, or a te"),
        ({"thresholds": {"loss": "101%"}}, "thresholds.loss: must be a number from 0 to 1, or a t"),
        ({"thresholds": {"command_p99_ms": 1}}, "thresholds.command_p99_ms: needs a [[campaign]]"),
        (
            {"thresholds": {"puback_p99_ms": 1}, "load": {"duration": 9, "qos": 0}},
            "thresholds.puback_p99_ms: needs load.qos = 1 or 2; QoS 0 has no PUBACK",
        ),
        (
            {"thresholds": {"memory_growth": 1}, "load": {"duration": 9}},
            "thresholds.memory_growth: needs a load.duration of 60 s or more after the ramp up",
        ),
        (
            {"verify": {"influx": INFLUX_2 | {"url": "localhost"}}},
            "verify.influx.url: must be a URL with http:// or https://, not 'localhost'",
        ),
        (
            {"verify": {"influx": {"url": "http://x", "version": 1, "database": "d", "org": "o"}}},
            "verify.influx.org: is not of version 1 of the API",
        ),
        (
            {"verify": {"influx": {"url": "http://x", "org": "o"}}},
            "verify.influx.bucket: is missing; version 2 of the API needs it",
        ),
        (
            {"verify": {"influx": INFLUX_2 | {"username": "u"}}},
            "verify.influx.username: is not of version 2 of the API",
        ),
        (
            {"verify": {"influx": INFLUX_2 | {"token": "t", "token_env": "T"}}},
            "verify.influx.token_env: must not be given together with token",
        ),
        ({"verify": {"sql": {"query": ":begin :end"}}}, "verify.sql.url: is missing; give it, or"),
        (
            {"verify": {"sql": {"url": "sqlite://", "query": "select :begin"}}},
            "verify.sql.query: must use :end, so that it counts this run's messages only",
        ),
    ],
)  # fmt: skip
def test_a_fault_names_the_key_the_value_and_what_is_allowed(
    sections: dict[str, Any], fault: str
) -> None:
    (only,) = faults(**sections)
    assert only.startswith(fault)


@pytest.mark.parametrize(
    ("group", "fault"),
    [
        (
            {"device_type": "hvc"},
            "device_type: must be hvac, lighting, server, industrial, appliance, meter, ",
        ),
        (
            {"profile": "roftop"},
            "profile: must be rooftop, heat_pump, split or computer_room, not 'roftop'; did y",
        ),
        ({"count": 0}, "count: must be a whole number from 1 to 1,000,000,000, not 0"),
        ({"name": "a/b"}, "name: must be 1 to 27 of A-Z a-z 0-9 _ . -, not 'a/b'"),
        ({"interval": 0.01}, "interval: must be a number from 0.1 to 86,400 s, or a text such as"),
        ({"base_power": 0}, "base_power: must be a number from 0.001 to 10,000 kW, not 0"),
    ],
)
def test_a_fault_of_a_group_says_which(group: dict[str, Any], fault: str) -> None:
    good = {"device_type": "hvac", "count": 5}
    (only,) = faults(fleet={"group": [good | {"name": "first"}, good | group]})
    assert only.startswith(f"fleet.group[1].{fault}")


def test_two_groups_of_one_name_are_refused() -> None:
    group = {"device_type": "hvac", "count": 5}
    assert faults(fleet={"group": [group, group]}) == [
        "fleet.group[1].name: hvac is the name of an earlier group; give another"
    ]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    found = faults(
        broker={"port": 0, "hots": "x"},
        load={"duration": 60, "qos": 9},
        fleet={"group": [{"device_type": "hvc", "count": 1, "profile": 5}], "connections": "pool"},
        phase=[{"kind": "pause"}, {"kind": "nap", "at": 1}],
    )
    paths = {fault.partition(": ")[0] for fault in found}
    assert paths == {
        "broker.port", "broker.hots", "load.qos", "fleet.group[0].device_type",
        "fleet.group[0].profile", "fleet.connections", "phase[0].at", "phase[0].duration",
        "phase[1].kind",
    }  # fmt: skip


def test_a_file_gives_the_name_and_its_faults_begin_with_its_path(tmp_path: Path) -> None:
    path = tmp_path / "night.toml"
    path.write_text('[load]\nduration=9\n[[fleet.group]]\ndevice_type="hvac"\ncount=1\n')
    assert read_scenario(path, built_in()).name == "night"
    path.write_text("[load\n")
    with pytest.raises(ScenarioError, match=r"night.toml: is no TOML file: .*line 1"):
        read_scenario(path, built_in())
    path.write_bytes(b"\xff")
    with pytest.raises(ScenarioError, match="is no TOML file"):
        read_scenario(path, built_in())
    path.write_text("a = " + "[" * 100_000)
    with pytest.raises(ScenarioError, match="is nested too deeply"):
        read_scenario(path, built_in())


# Mistakes beside mistakes


def test_a_mistake_hides_no_other(tmp_path: Path) -> None:
    """Each of these was said only once the others were mended."""
    found = faults(
        broker={"protocol": "3.1.1", "port": "x"},
        fleet={"group": [{"device_type": "hvac", "count": "many", "location": "north"}]},
        load={"duration": 10, "qos": 7, "interval": "often"},
        verify={"window": 1},
        phase=[
            {"kind": "blackout", "at": 20, "duration": 1, "location": "noth"},
            {"kind": "fault", "at": 1, "fault": "stuk", "select": {"share": 2}},
        ],
        campaign=[REBOOTS | {"commands": "x", "command": "rebot"}],
        thresholds={"loss": "much", "memory_growth": 0.1},
    )
    assert {fault.partition(": ")[0] for fault in found} == {
        "broker.port", "broker.protocol", "fleet.group[0].count", "load.qos", "load.interval",
        "verify.window", "phase[0].at", "phase[0].location", "phase[1].fault",
        "phase[1].select.share", "campaign[0].commands", "campaign[0].command", "thresholds.loss",
        "thresholds.memory_growth",
    }  # fmt: skip


def test_a_secret_is_not_in_its_fault() -> None:
    (fault,) = faults(broker={"password": ["s3cret"]})
    assert "s3cret" not in fault
