"""What devices say of themselves, what commands are as metrics, and what is heard."""

import json
from typing import Any

import pytest

from iotmock.actors.messages import (
    CommandResult,
    IncomingBirths,
    IncomingCommand,
    IncomingHost,
)
from iotmock.actors.ports.dialect import Heard, Node
from iotmock.dialects.sparkplug.dialect import Sparkplug
from iotmock.dialects.sparkplug.payload import NUMBERS, DataType, Metric, decode, encode
from iotmock.dialects.sparkplug.protobuf import fields
from iotmock.dialects.sparkplug.topics import EdgeNodes
from iotmock.model.families import built_in
from iotmock.model.settings import settings_of
from tests.dialects.sparkplug.edge import NOW, Edge, device, sparkplug

COMMANDS = "spBv1.0/iotmock/DCMD/edge/a.1"
EVERY = {kind.device_type: kind.commands for kind in built_in()}


@pytest.fixture
def dialect() -> Sparkplug:
    """Return one in which a device of each type has spoken."""
    dialect = sparkplug("scada")
    for kind in EVERY:
        dialect.voice(device(kind, kind))
    return dialect


def commands(dialect: Sparkplug, *metrics: Metric) -> list[Any]:
    heard = dialect.hear(Heard(COMMANDS, encode(0, metrics)))
    assert all(isinstance(one, IncomingCommand) and one.device_id == "a.1" for one in heard)
    return [(json.loads(one.payload), one.refusal) for one in heard]  # type: ignore[union-attr]


# What is said


@pytest.mark.parametrize("kind", EVERY)
def test_a_birth_has_every_metric_with_name_time_type_and_value(kind: str) -> None:
    edge, one = Edge(), device("a.1", kind)
    edge.begin(one)
    birth = edge.written[-1]
    assert {f"Commands/{command}" for command in EVERY[kind]} < birth.values.keys()
    assert {"power", "voltage", "current", "energy", "status", "enabled"} < birth.values.keys()
    for metric in birth.raw:
        assert {1, 3, 4} <= metric.keys()
        assert (metric.get(7) == 1) == (not metric.keys() & {10, 11, 12, 13, 14, 15})
    names = [metric[1].lower() for metric in birth.raw]
    assert len(names) == len(set(names))


def test_data_has_only_metrics_of_the_birth_with_its_types() -> None:
    edge, one = Edge(), device()
    edge.begin(one)
    data = edge.tell_reading(one)
    assert data is not None
    born = {metric[1]: metric[4] for metric in edge.written[1].raw}
    assert {metric[1]: metric[4] for metric in data.raw}.items() <= born.items()
    assert {metric[4] for metric in data.raw} == {DataType.FLOAT}
    assert all(2 not in metric for message in edge.written for metric in message.raw)  # no alias


def test_a_birth_says_what_the_device_is_and_in_which_units() -> None:
    edge, one = Edge(), device()
    edge.begin(one)
    birth = edge.written[-1]
    properties = {"Properties/name": "Roof", "Properties/type": "hvac"}
    assert (properties | {"Properties/location": "Hall A"}).items() <= birth.values.items()
    (power,) = (metric for metric in birth.raw if metric[1] == b"power")
    key, value = (content for _, content in fields(power[9]))
    assert (key, dict(fields(value))[8]) == (b"engUnit", b"kW")  # type: ignore[arg-type]


def test_writable_metrics_show_what_the_device_is_set_to() -> None:
    edge, one = Edge(), device("a.1", "lighting")
    edge.begin(one)
    shown = edge.written[-1].values
    assert shown["Commands/set_power"] == 25.0
    assert shown["Commands/set_brightness"] == 100.0
    assert shown["Commands/set_enabled"] is True
    assert shown["Commands/reboot"] is False
    assert shown["Commands/inject_fault"] is None


def test_what_was_set_is_data_but_not_right_after_a_birth(dialect: Sparkplug) -> None:
    one = device()
    voice = dialect.voice(one)
    tuple(voice.births(one.status_message(NOW, "online")))
    assert voice.settings(settings_of(one)) == ()
    one.change(base_power=30.1)
    (said,) = dialect.voice(one).settings(settings_of(one))
    values = {metric.name: metric.value for metric in decode(said.payload).metrics}
    assert values["Commands/set_power"] == values["Commands/set_base_power"] == 30.1
    assert values["Commands/set_setpoint"] == settings_of(one)["setpoint"]


def test_a_result_is_a_metric(dialect: Sparkplug) -> None:
    result = CommandResult(None, "a.1", "reboot", "applied", None, "2025-08-11T12:00:00Z")
    command = IncomingCommand("a.1", b"", "my/inbox", b"7")
    said, asked = dialect.voice(device()).result(result, command)
    assert said.topic == "spBv1.0/iotmock/DDATA/edge/a.1"
    (metric,) = decode(said.payload).metrics
    assert metric.name == "Commands/result"
    assert json.loads(str(metric.value))["status"] == "applied"
    assert (asked.topic, asked.correlation, asked.payload) == (
        "my/inbox",
        b"7",
        str(metric.value).encode(),
    )


def test_a_deleted_device_dies(dialect: Sparkplug) -> None:
    assert [one.topic for one in dialect.gone("a.1", device())] == [
        "spBv1.0/iotmock/DDEATH/edge/a.1"
    ]
    assert list(dialect.gone("a.1", None)) == []


def test_a_device_that_is_dead_already_says_nothing_more(dialect: Sparkplug) -> None:
    one = device()
    one.online = False
    assert list(dialect.gone("a.1", one)) == []
    assert dialect.voice(one).settings(settings_of(one)) == ()


def test_everything_goes_out_at_qos_0_and_is_not_retained(dialect: Sparkplug) -> None:
    one = device()
    voice = dialect.voice(one)
    said = [*voice.births(one.status_message(NOW, "online")), *dialect.gone("a.1", one)]
    said += dialect.voice(one).settings(settings_of(one))
    entry = dialect.entry(Node("client"))
    assert entry.first is not None
    manners = [outgoing.manner for outgoing in (entry.first, *said)]
    assert all(manner is not None and not (manner.qos or manner.retain) for manner in manners)
    assert dialect.qos == 0


# What is heard


@pytest.mark.parametrize("kind", EVERY)
def test_every_command_of_every_type_can_be_written(dialect: Sparkplug, kind: str) -> None:
    edge, one = Edge(), device("a.1", kind)
    edge.begin(one)
    for metric in edge.written[-1].raw:
        name = metric[1].decode()
        command = name.removeprefix("Commands/")
        if command not in EVERY[kind]:
            continue
        value: dict[int, Any] = {
            DataType.FLOAT: 20.0,
            DataType.BOOLEAN: True,
            DataType.STRING: '{"fault": "x"}',
        }
        written = Metric(name, DataType(metric[4]), value[DataType(metric[4])])
        ((request, why),) = commands(dialect, written)
        assert (request["command"], why) == (command, None)


@pytest.mark.parametrize(
    ("metric", "request_"),
    [
        (Metric("Commands/set_power", DataType.FLOAT, 30.1), ("set_power", {"power": 30.1})),
        (Metric("Commands/set_power", DataType.INT32, 30), ("set_power", {"power": 30})),
        (
            Metric("Commands/set_enabled", DataType.BOOLEAN, False),
            ("set_enabled", {"enabled": False}),
        ),
        (Metric("Commands/reset_energy", DataType.BOOLEAN, True), ("reset_energy", {})),
        (
            Metric("Commands/start_cycle", DataType.STRING, "oven"),
            ("start_cycle", {"program": "oven"}),
        ),
        (Metric("Commands/clear_fault", DataType.STRING, ""), ("clear_fault", {})),
        (Metric("Commands/clear_fault", DataType.STRING, "f"), ("clear_fault", {"fault_id": "f"})),
        (
            Metric("Commands/inject_fault", DataType.STRING, '{"fault":"stuck"}'),
            ("inject_fault", {"fault": "stuck"}),
        ),
    ],
)
def test_a_write_is_a_command(dialect: Sparkplug, metric: Metric, request_: Any) -> None:
    command, parameters = request_
    assert commands(dialect, metric) == [({"command": command, "parameters": parameters}, None)]


@pytest.mark.parametrize(
    ("metric", "why"),
    [
        (Metric("power", DataType.FLOAT, 1.0), "'power' is no metric that can be written"),
        (Metric("Commands/fly", DataType.FLOAT, 1.0), "no metric that can be written"),
        (Metric("", DataType.FLOAT, 1.0), "a metric without a name"),
        (Metric("Commands/reboot", DataType.BOOLEAN, False), "is carried out by writing true"),
        (Metric("Commands/inject_fault", DataType.STRING, "x"), "takes its parameters as a text"),
    ],
)
def test_what_is_no_command_is_refused_with_the_reason(
    dialect: Sparkplug, metric: Metric, why: str
) -> None:
    ((_, refusal),) = commands(dialect, metric)
    assert why in refusal


@pytest.mark.parametrize("deep", [100, 500, 900, 1_000, 2_000, 30_000])
def test_parameters_of_any_depth_are_taken_or_refused(dialect: Sparkplug, deep: int) -> None:
    text = '{"fault":' + "[" * deep + "]" * deep + "}"
    heard = dialect.hear(
        Heard(COMMANDS, encode(0, [Metric("Commands/inject_fault", DataType.STRING, text)]))
    )
    assert len(heard) == 1


def test_each_metric_of_a_message_is_a_command_of_its_own(dialect: Sparkplug) -> None:
    found = commands(
        dialect,
        Metric("Commands/set_power", DataType.FLOAT, 30.0),
        Metric("unknown", DataType.FLOAT, 1.0),
        Metric("Commands/reboot", DataType.BOOLEAN, True),
    )
    assert [refusal is None for _, refusal in found] == [True, False, True]


def test_bytes_that_are_no_payload_are_refused(dialect: Sparkplug) -> None:
    (heard,) = dialect.hear(Heard(COMMANDS, b"{}"))
    assert isinstance(heard, IncomingCommand)
    assert heard.refusal is not None
    assert "no Sparkplug payload" in heard.refusal


@pytest.mark.parametrize(
    "topic",
    [
        "spBv1.0/iotmock/DCMD/other/a.1",
        "spBv1.0/other/DCMD/edge/a.1",
        "spAv1.0/iotmock/DCMD/edge/a.1",
        "spBv1.0/iotmock/DCMD/edge",
        "spBv1.0/iotmock/DDATA/edge/a.1",
    ],
)
def test_what_is_for_others_is_left_alone(dialect: Sparkplug, topic: str) -> None:
    metric = Metric("Commands/reboot", DataType.BOOLEAN, value=True)
    assert dialect.hear(Heard(topic, encode(0, [metric]))) == ()


def test_a_retained_command_is_none(dialect: Sparkplug) -> None:
    metric = Metric("Commands/reboot", DataType.BOOLEAN, value=True)
    assert dialect.hear(Heard(COMMANDS, encode(0, [metric]), retained=True)) == ()


@pytest.mark.parametrize(
    ("payload", "asks"),
    [
        (encode(0, [Metric("Node Control/Rebirth", DataType.BOOLEAN, value=True)]), True),
        (encode(0, [Metric("Node Control/Rebirth", DataType.BOOLEAN, value=False)]), False),
        (encode(0, [Metric("Node Control/Reboot", DataType.BOOLEAN, value=True)]), False),
        (b"true", False),
    ],
)
def test_a_rebirth_is_asked_for_by_its_name_and_true(
    dialect: Sparkplug, payload: bytes, asks: bool
) -> None:
    heard = dialect.hear(Heard("spBv1.0/iotmock/NCMD/edge", payload))
    assert list(heard) == ([IncomingBirths()] if asks else [])


def test_a_group_may_be_called_as_what_hosts_say() -> None:
    asked = encode(0, [Metric("Node Control/Rebirth", DataType.BOOLEAN, value=True)])
    dialect = Sparkplug(EdgeNodes("STATE", "edge"))
    assert list(dialect.hear(Heard("spBv1.0/STATE/NCMD/edge", asked))) == [IncomingBirths()]


@pytest.mark.parametrize(
    ("topic", "payload", "said"),
    [
        ("scada", b'{"online":true,"timestamp":7}', IncomingHost(True, 7)),
        ("scada", b'{"online":false,"timestamp":8,"more":1}', IncomingHost(False, 8)),
        ("other", b'{"online":true,"timestamp":7}', None),
        ("scada", b"ONLINE", None),
        ("scada", b'{"online":"yes"}', None),
        ("scada", b"\xff", None),
        (
            "scada",
            b'{"online":true,"more":' + b"[" * 400 + b"]" * 400 + b"}",
            IncomingHost(True, 0),
        ),
        ("scada", b'{"more":' + b"[" * 900, None),
    ],
)
def test_the_primary_host_alone_is_heeded(
    dialect: Sparkplug, topic: str, payload: bytes, said: IncomingHost | None
) -> None:
    heard = dialect.hear(Heard(f"spBv1.0/STATE/{topic}", payload, retained=True))
    assert list(heard) == ([] if said is None else [said])


def test_a_connection_begins_anew_and_hears_commands_and_the_host() -> None:
    entry = sparkplug("scada").entry(Node("client"))
    assert entry.filters == ("spBv1.0/iotmock/NCMD/edge", "spBv1.0/iotmock/DCMD/edge/+")
    assert entry.states == ("spBv1.0/STATE/scada",)
    assert (entry.resumes, entry.waits) == (False, True)
    alone = sparkplug().entry(Node("client"))
    assert (alone.states, alone.waits) == ((), False)


def test_the_services_own_connection_is_no_edge_node() -> None:
    entry = sparkplug(per_device=True).entry(Node("client", carries=False))
    assert entry.seal is None
    assert entry.will is not None
    assert entry.will.topic == "energy/mock/client/status"


def test_people_read_metrics_and_what_is_no_payload_stays_as_it_is(dialect: Sparkplug) -> None:
    metrics = [Metric("power", DataType.FLOAT, 1.25), Metric("status", DataType.STRING, "online")]
    payload, words = encode(1_000, metrics) + NUMBERS[7], dialect
    text = words.readable("spBv1.0/iotmock/DDATA/edge/a", payload)
    assert text == '{"timestamp":1000,"metrics":{"power":1.25,"status":"online"},"seq":7}'
    assert words.readable("spBv1.0/iotmock/DDATA/edge/a", payload[:-5]) is None
    assert words.readable("energy/devices/a/faults", b"{}") is None
