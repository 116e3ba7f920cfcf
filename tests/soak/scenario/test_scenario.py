"""Scenario files: what they become, and what is said about those that can not be run."""

import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotmock.model.families import built_in
from iotmock.soak.commands import example, full_example
from iotmock.soak.scenario.reading.file import json_schema, read_scenario, to_scenario
from iotmock.soak.scenario.scenario import Scenario, ScenarioError
from iotmock.soak.scenario.schedule import Schedule
from iotmock.soak.scenario.section import without_secrets
from iotmock.soak.scenario.timeline import Blackout, FaultInjection
from tests.soak.runs import SMALL, scenario

ROOT = Path(__file__).parents[3]
STUCK = {"kind": "fault", "at": 1, "fault": "stuck"}
INFLUX_2 = {"url": "http://x", "org": "o", "bucket": "b"}
REBOOTS = {"at": 1, "command": "reboot", "rate": 9}
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))


def faults(**sections: Any) -> list[str]:
    """Return what is wrong with a small scenario with other sections."""
    with pytest.raises(ScenarioError) as caught:
        scenario(**sections)
    return [str(fault) for fault in caught.value.faults]


def test_what_is_left_out_has_defaults() -> None:
    small = scenario()
    assert (small.broker.host, small.broker.port) == ("localhost", 1883)
    assert small.fleet.connections == "shared"
    assert small.load.qos == 1
    assert small.thresholds.loss == 0.0
    assert small.fleet.groups[0].own_name == "hvac"


def test_durations_and_shares_are_numbers_or_texts() -> None:
    some = scenario(
        load={"duration": "1h30m", "interval": "500ms"},
        thresholds={"loss": "0.1%", "late": 0.5, "memory_growth": "5 %"},
    )
    assert (some.load.duration, some.load.interval) == (5_400.0, 0.5)
    limits = some.thresholds
    assert (limits.loss, limits.late, limits.memory_growth) == (0.001, 0.5, 0.05)


def test_the_url_of_a_broker_is_what_it_stands_for() -> None:
    some = scenario(broker={"url": "wss://user:se%20cret@b.example/ws", "tls_ca": "ca.pem"}).broker
    assert (some.host, some.port, some.tls, some.tls_ca) == ("b.example", 443, True, "ca.pem")
    assert (some.transport, some.websocket_path, some.url) == ("websocket", "/ws", None)
    assert (some.username, some.password) == ("user", "se cret")
    assert "cret" not in repr(some)


def test_a_phase_is_what_its_kind_says() -> None:
    some = scenario(
        phase=[
            {"kind": "blackout", "at": "1m", "duration": 30, "location": "north", "recovery": 20},
            {"kind": "fault", "at": 10, "fault": "stuck", "select": {"share": "10%"}},
        ]
    )
    blackout, fault = some.phases
    assert isinstance(blackout, Blackout)
    assert (blackout.at, blackout.length_s, blackout.label) == (60.0, 50.0, "blackout of north")
    assert isinstance(fault, FaultInjection)
    assert (fault.select.share, fault.length_s) == (0.1, float("inf"))


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
        ({"device_type": "hvc"}, "device_type: must be hvac, lighting, server, industrial or appl"),
        (
            {"profile": "roftop"},
            "profile: must be rooftop, heat_pump or split, not 'roftop'; did y",
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


# Secrets


def test_secrets_are_hidden_wherever_a_scenario_is_shown() -> None:
    secret = "s3cret-of-ours"
    some = scenario(
        broker={"password": secret},
        verify={
            "influx": {"url": "http://x", "org": "o", "bucket": "b", "token": secret},
            "sql": {"url": f"postgresql://u:{secret}@h/d", "query": ":begin :end"},
        },
    )
    assert some.broker.password == secret
    assert secret not in repr(some)
    shown = without_secrets(some)
    assert secret not in msgspec.json.encode(shown).decode()
    assert msgspec.json.decode(msgspec.json.encode(shown), type=Scenario) == shown
    assert shown.load == some.load


def test_a_secret_is_not_in_its_fault() -> None:
    (fault,) = faults(broker={"password": ["s3cret"]})
    assert "s3cret" not in fault


# The example, the examples, the schema, the document


def uncommented(text: str) -> str:
    """Return an example with every key that it shows in a comment."""
    return re.sub(r"(?m)^# (?=\[|[a-z_]+ = )", "", text)


def keys(schema: dict[str, Any]) -> Iterator[str]:
    for table in schema["$defs"].values():
        yield from table["properties"]


@pytest.mark.parametrize("text", [example(), full_example()], ids=["minute", "full"])
def test_the_examples_that_init_writes_can_be_run(text: str) -> None:
    to_scenario(tomllib.loads(text), built_in(), "example")


def test_the_minute_is_one_and_its_keys_in_comments_are_known() -> None:
    some = to_scenario(tomllib.loads(example()), built_in(), "example")
    assert 50 <= Schedule(some).length_s <= 60
    to_scenario(tomllib.loads(uncommented(example())), built_in(), "example")


def test_the_example_shows_every_key() -> None:
    shown = set(
        re.findall(r"\b([a-z_0-9]+)\s*=|\[+(?:[a-z]+\.)?([a-z]+)\]+", uncommented(full_example()))
    )
    shown_names = {name for pair in shown for name in pair if name}
    also = re.search(r"also (.*)\n", uncommented(full_example()))
    assert also is not None
    shown_names |= set(re.findall(r"[a-z_]+", also.group(1)))
    only_better_ones = {"password", "token", "url"}  # what the example advises against
    assert set(keys(json_schema())) - shown_names - only_better_ones == set()


def test_what_the_example_shows_in_comments_is_known_and_right() -> None:
    with pytest.raises(ScenarioError) as caught:
        to_scenario(tomllib.loads(uncommented(full_example())), built_in(), "example")
    assert {fault.path for fault in caught.value.faults} == {
        "broker.credentials_file", "broker.tls_ca", "broker.tls_cert",
    }  # fmt: skip


def test_there_are_examples() -> None:
    assert [path.name for path in EXAMPLES] == [
        "soak-10k-shared.toml",
        "soak-per-device-outage.toml",
        "soak-smoke.toml",
        "soak-stored.toml",
    ]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_can_be_run_and_the_schema_agrees(path: Path) -> None:
    read_scenario(path, built_in())
    jsonschema_rs.validator_for(json_schema()).validate(tomllib.loads(path.read_text()))


def test_the_schema_takes_the_example_and_refuses_what_the_reader_refuses() -> None:
    validator = jsonschema_rs.validator_for(json_schema())
    table = tomllib.loads(full_example())
    assert validator.is_valid(table)
    for section, changes in (
        ("load", {"qos": 3}),
        ("load", {"duration": "10 min"}),
        ("broker", {"prot": 1}),
        ("thresholds", {"loss": "much"}),
        ("fleet", {"connections": "pool"}),
    ):
        wrong = deepcopy(table)
        wrong[section] |= changes
        assert not validator.is_valid(wrong)
        with pytest.raises(ScenarioError):
            to_scenario(wrong, built_in(), "wrong")


def test_the_document_lists_every_key() -> None:
    document = (ROOT / "docs" / "soak.md").read_text(encoding="utf-8")
    text = re.sub(r"(?s)```.*?```", "", document)
    named = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`([^`]+)`", text))))
    assert set(keys(json_schema())) - named == set()


# Whatever a file holds


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


WHOLE = tomllib.loads(full_example())


@given(st.sampled_from(list(places(WHOLE))), ANYTHING)
def test_any_value_anywhere_is_a_scenario_or_a_clear_refusal(
    place: tuple[Any, ...], value: Any
) -> None:
    table = deepcopy(WHOLE)
    *path, last = place
    inner: Any = table
    for key in path:
        inner = inner[key]
    inner[last] = value
    assert all("\n" not in fault for fault in refusals(table))


def refusals(table: dict[str, Any]) -> list[str]:
    try:
        to_scenario(table, built_in(), "any")
    except ScenarioError as error:
        return [str(fault) for fault in error.faults]
    return []


def test_small_is_not_changed_by_tests() -> None:
    assert to_scenario(SMALL, built_in(), "small") == scenario()
