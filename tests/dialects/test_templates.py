"""Templates: what those that come along say and hear, and how a file that is wrong is refused."""

from typing import Any

import msgspec
import pytest

from iotmock.actors.messages import CommandResult, IncomingCommand
from iotmock.actors.ports.dialect import Heard
from iotmock.dialects.template.dialect import Template
from iotmock.dialects.template.errors import TemplateError
from iotmock.dialects.template.file import read_template
from iotmock.model.device import Device
from iotmock.model.families import built_in
from iotmock.model.reading import Reading
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceSpec, DeviceState
from iotmock.service.ground.words import read_named, shipped
from iotmock.wording.topics import can_be_sent_to

AT = "2025-08-11T12:00:00Z"
NOON = 1_754_913_600.0
READING = Reading("a.1", AT, 1.5, 239.5, 6.25, 12.345, "online", enabled=True)


def device(kind: str = "hvac", device_id: str = "a.1", location: str = "Hall A") -> Device:
    spec = DeviceSpec(device_id, kind, "Roof, 1", 25.0, 240.0, location)
    return Device.make(spec, built_in().get(kind), Sites(1, 0.1), DeviceState())


def data(template: Template, of: Device) -> dict[str, str]:
    voice = template.voice(of)
    said = voice.encode(READING)
    payloads = (said,) if isinstance(said, bytes) else said
    pairs = zip(voice.places, payloads, strict=True)
    return {place.topic: one.decode() for place, one in pairs if one}


def commands(template: Template, topic: str, payload: str) -> list[Any]:
    heard = template.hear(Heard(topic, payload.encode()), "a.1" if template.per_device else None)
    return [msgspec.json.decode(one.payload) for one in heard if isinstance(one, IncomingCommand)]


SAID = {
    "thingsboard": {
        "v1/devices/me/telemetry": '{"ts":1754913600000,"values":'
        '{"power":1.5,"voltage":239.5,"current":6.25,"energy":12.345}}'
    },
    "influx": {
        "telegraf/energy/a.1": "energy,device_id=a.1,type=hvac,location=Hall\\ A "
        "power=1.5,voltage=239.5,current=6.25,energy=12.345,enabled=true 1754913600000000000"
    },
    "shelly-status": {
        "a.1/status/switch:0": '{"id":0,"source":"mqtt","output":true,"apower":1500.0,'
        '"voltage":239.5,"current":6.25,"aenergy":{"total":12345.0}}'
    },
    "aws-iot": {
        "dt/iotmock/a.1/telemetry": '{"timestamp":1754913600000,"power":1.5,"voltage":239.5,'
        '"current":6.25,"energy":12.345}'
    },
    "azure-iot": {
        "devices/a.1/messages/events/$.ct=application%2Fjson&$.ce=utf-8": (
            '{"timestamp":"2025-08-11T12:00:00.000+00:00","power":1.5,"voltage":239.5,'
            '"current":6.25,"energy":12.345}'
        )
    },
    "openwb": {
        "openWB/set/mqtt/counter/Roof, 1/get/power": "1500.0",
        "openWB/set/mqtt/counter/Roof, 1/get/imported": "12345.0",
        "openWB/set/mqtt/counter/Roof, 1/get/exported": "0",
        "openWB/set/mqtt/counter/Roof, 1/get/currents": "[6.25,0,0]",
    },
    "evcc": {
        "evcc-meters/a.1/power": "1500.0",
        "evcc-meters/a.1/energy": "12.345",
        "evcc-meters/a.1/current": "6.25",
    },
    "zigbee2mqtt": {
        "zigbee2mqtt/a.1": '{"state":"ON","power":1500.0,"voltage":239.5,"current":6.25,'
        '"energy":12.35,"occupied_heating_setpoint":22.5,'
        '"last_seen":"2025-08-11T12:00:00.000+00:00"}'
    },
}


@pytest.mark.parametrize("name", shipped())
def test_a_template_that_comes_along_says_what_its_platform_reads(name: str) -> None:
    assert data(read_named(name), device()) == SAID[name]


@pytest.mark.parametrize("name", ["evcc", "influx", "shelly-status", "zigbee2mqtt"])
def test_the_will_says_what_the_status_does_of_a_device_that_is_offline(name: str) -> None:
    of = device()
    voice, gone = read_named(name).voice(of), of.status_message(0.0, "offline")
    (said,) = voice.status(gone)  # and nothing of how it is switched
    will = voice.entry(gone, 0).will
    assert will is not None
    assert (will.topic, will.manner) == (said.topic, said.manner)
    assert said.payload.startswith(will.payload)  # without a time


@pytest.mark.parametrize(
    ("name", "topic", "off"),
    [("shelly-status", "a.1/status/switch:0", {"output": False, "apower": 0.0}),
     ("zigbee2mqtt", "zigbee2mqtt/a.1", {"state": "OFF", "power": 0.0})],
)  # fmt: skip
def test_one_that_is_switched_off_says_so(name: str, topic: str, off: dict[str, object]) -> None:
    of = device()
    of.change(enabled=False)
    said = {
        one.topic: one
        for one in read_named(name).voice(of).status(of.status_message(0.0, "online"))
    }
    assert off.items() <= msgspec.json.decode(said[topic].payload).items()


@pytest.mark.parametrize(
    ("name", "topic", "payload", "heard"),
    [
        ("thingsboard", "v1/devices/me/rpc/request/7", '{"method":"reboot","params":{}}',
         [{"command": "reboot", "parameters": {}}]),
        ("shelly-status", "a.1/rpc",
         '{"id":3,"src":"me","method":"Switch.Set","params":{"id":0,"on":false}}',
         [{"command": "set_enabled", "parameters": {"enabled": False}}]),
        ("shelly-status", "a.1/command/switch:0", "on",
         [{"command": "set_enabled", "parameters": {"enabled": True}}]),
        ("aws-iot", "$aws/things/a.1/shadow/update/delta",
         '{"version":3,"state":{"enabled":false,"brightness":0.5}}',
         [{"command": "set_enabled", "parameters": {"enabled": False}},
          {"command": "set_brightness", "parameters": {"percent": 50.0}}]),
        ("aws-iot", "cmd/iotmock/a.1/r7", '{"command":"reboot","parameters":{}}',
         [{"command": "reboot", "parameters": {}}]),
        ("azure-iot", "$iothub/methods/POST/set_power/?$rid=1f", '{"power":3}',
         [{"command": "set_power", "parameters": {"power": 3}}]),
        ("azure-iot", "$iothub/twin/PATCH/properties/desired/?$version=4",
         '{"setpoint":21.5,"$version":4}',
         [{"command": "set_setpoint", "parameters": {"temperature": 21.5}}]),
        ("azure-iot", "$iothub/methods/POST/reboot/?$rid=20", "null",
         [{"command": "reboot", "parameters": {}}]),
        ("evcc", "evcc-meters/a.1/enable", "false",
         [{"command": "set_enabled", "parameters": {"enabled": False}}]),
        ("zigbee2mqtt", "zigbee2mqtt/a.1/set", '{"state":"ON","brightness":127}',
         [{"command": "set_enabled", "parameters": {"enabled": True}},
          {"command": "set_brightness", "parameters": {"percent": 50.0}}]),
    ],
)  # fmt: skip
def test_and_hears_what_it_sends(name: str, topic: str, payload: str, heard: object) -> None:
    assert commands(read_named(name), topic, payload) == heard


def test_a_command_is_answered_where_it_asks_for_it() -> None:
    template = read_named("shelly-status")
    payload = b'{"id":3,"src":"me","method":"Switch.Set","params":{"on":true}}'
    (command,) = template.hear(Heard("a.1/rpc", payload))
    assert isinstance(command, IncomingCommand)
    result = CommandResult(None, "a.1", "set_enabled", "applied", None, AT)
    (answer,) = template.voice(device()).result(result, command)
    assert answer.topic == "me/rpc"
    assert msgspec.json.decode(answer.payload)["id"] == 3


@pytest.mark.parametrize("src", ["a/b", "", "+", "$SYS", "x" * 65, "energy/devices/b/data"])
def test_nobody_has_an_answer_sent_to_more_than_a_level_of_his_own(src: str) -> None:
    template = read_named("shelly-status")
    asked = {"id": 3, "src": src, "method": "Switch.Set", "params": {"on": True}}
    (command,) = template.hear(Heard("a.1/rpc", msgspec.json.encode(asked)))
    assert isinstance(command, IncomingCommand)
    result = CommandResult(None, "a.1", "set_enabled", "applied", None, AT)
    assert list(template.voice(device()).result(result, command)) == []


@pytest.mark.parametrize(
    ("name", "topic", "payload"),
    [
        ("zigbee2mqtt", "zigbee2mqtt/a.1/set", b'{"effect":"blink"}'),
        ("zigbee2mqtt", "zigbee2mqtt/a.1/set", b'{"state":null}'),
        ("evcc", "evcc-meters/a.1/enable", b"yes"),
        ("shelly-status", "a.1/command/switch:0", b"\xff"),
    ],
)
def test_what_fits_no_command_is_refused_in_the_answer(
    name: str, topic: str, payload: bytes
) -> None:
    (command,) = read_named(name).hear(Heard(topic, payload))
    assert isinstance(command, IncomingCommand)
    assert command.refusal is not None
    assert "none that the template knows" in command.refusal


@pytest.mark.parametrize("deep", [100, 300, 500, 700, 900, 990, 2_000])
def test_json_however_deep_is_a_command_or_refused(deep: int) -> None:
    params = b'{"a":' * deep + b"1" + b"}" * deep
    payload = b'{"method":"reboot","params":' + params + b"}"
    heard = Heard("v1/devices/me/rpc/request/7", payload)
    (command,) = read_named("thingsboard").hear(heard, "a.1")
    assert isinstance(command, IncomingCommand)
    assert command.refusal is None or command.refusal.endswith(("too deep", "at this topic"))


def test_a_retained_command_and_other_devices_topics_are_left_alone() -> None:
    template = read_named("zigbee2mqtt")
    assert template.hear(Heard("zigbee2mqtt/a.1/set", b'{"state":"ON"}', retained=True)) == ()
    assert template.hear(Heard("zigbee2mqtt/a.1", b"{}")) == ()
    assert template.hear(Heard("zigbee2mqtt/b/set", b'{"state":"ON"}'), "a.1") == ()


def test_no_name_of_a_device_makes_a_topic_that_can_not_be_sent_to() -> None:
    template = read_named("openwb")
    of = device()
    of.change(name="a+b#c")
    assert template.voice(of).places[0].topic == "openWB/set/mqtt/counter/a_b_c/get/power"
    assert template.voice(device(location="x\\")).encode(READING)


@pytest.mark.parametrize("name", ["\x01", "a\x00b", "a\nb", "\x7f", "\x85", "\uffff", "\ufdd0"])
def test_nor_one_for_which_the_broker_ends_the_connection(name: str) -> None:
    spec = DeviceSpec("a.1", "hvac", name, 25.0, 240.0, name)
    of = Device.make(spec, built_in().get("hvac"), Sites(1, 0.1), DeviceState())
    assert all(can_be_sent_to(topic) for topic in data(read_named("openwb"), of))


@pytest.mark.parametrize("location", ["", "$SYS", "$"])
def test_nor_one_that_is_empty_or_the_brokers_own(location: str) -> None:
    source = '[[data]]\ntopic = "{location}"\npayload = "{power}"\n'
    (topic,) = data(read_template("a.toml", source), device(location=location))
    assert topic[0] == "_"


def test_a_device_without_a_location_hears_commands_all_the_same() -> None:
    source = (
        POST
        + 'payload = 1\n[[commands]]\ntopic = "{location}/{device_id}/on"\ncommand = "reboot"\n'
    )
    assert commands(read_template("a.toml", source), "/a.1/on", "")


def test_line_protocol_is_escaped() -> None:
    template = read_named("influx")
    (line,) = data(template, device(location='Hall, "A"=1 \\')).values()
    assert line.startswith('energy,device_id=a.1,type=hvac,location=Hall\\,\\ "A"\\=1\\  power=1.5')


def test_csv_is_quoted() -> None:
    source = '[[data]]\ntopic="x"\nformat="csv"\npayload=["{name}", "{power}", "{brightness}"]'
    assert data(read_template("t", source), device()) == {"x": '"Roof, 1",1.5,'}


def test_times_of_the_site_are_local() -> None:
    from zoneinfo import ZoneInfo

    source = '[[data]]\ntopic="x"\nformat="text"\npayload="{local(timestamp)}"'
    template = read_template("t", source, ZoneInfo("Europe/Berlin"))
    assert data(template, device()) == {"x": "2025-08-11T14:00:00+02:00"}


POST = '[[data]]\ntopic = "a/{device_id}"\n'


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("[", "is no TOML"),
        ("a = " + "[" * 3_000, "is nested too deeply"),
        ("a = " + "9" * 5_000, "is no TOML"),
        ("", "data: is required"),
        (POST, "data[0].payload: is required"),
        (POST + 'payload = "{powr}"', "t.toml, line 3: '{powr}' has the unknown name 'powr'"),
        (POST + 'payload = "{power}"\nqos = 3', "qos"),
        (POST + 'payload = "{power}"\nretained = true', "retained"),
        (POST + 'payload = {x = 1979-05-27}', "is no text, number"),
        (POST + 'payload = "x"\nwhen = "{power}"', "must be true or false"),
        (POST + 'format = "csv"\npayload = "x"', "csv needs payload"),
        (POST + 'format = "influx"\npayload = {fields = {}}', "influx needs measurement"),
        ('[[data]]\ntopic = "a/{who}"\npayload = 1', "line 2: 'a/{who}' has the unknown name"),
        ('[[data]]\ntopic = "a/+"\npayload = 1', "has + or #"),
        (POST + 'payload = 1\n[attributes]\npower = "x"', "has a meaning already"),
        (POST + 'payload = 1\n[[commands]]\ntopic = "x"\ncommand = "reboot"', "whose it is"),
        (POST + 'payload = 1\n[[commands]]\ntopic = "{device_id}"\ncommand = "reboot"\n'
         'take = {a = "b"}', "must be $"),
        (POST + 'payload = 1\n[attributes]\nmy-name = "x"', "line 5: 'my-name' is no name"),
        (POST + 'payload = 1\n[[commands]]\ntopic = "x"\ncommand = "reboot"\n'
         'take = {device_id = "$.id"}', "whose it is"),
        (POST + 'payload = 1\n[[status]]\ntopic = "s"\npayload = 1\n[[births]]\ntopic = "s"\n'
         'payload = 1', "is twice"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_is_refused_with_its_line_and_what_is_allowed(
    source: str, why: str
) -> None:
    with pytest.raises(TemplateError) as refusal:
        read_template("t.toml", source)
    assert why in str(refusal.value)
    assert str(refusal.value).startswith("t.toml")


@pytest.mark.parametrize("name", shipped())
@pytest.mark.parametrize("kind", [kind.device_type for kind in built_in()])
def test_the_quick_way_says_what_the_slow_one_does(name: str, kind: str) -> None:
    template, of = read_named(name), device(kind)
    voice = template.voice(of)
    for step in range(50):
        of.enabled = step % 7 > 0
        of.tick(NOON + 600 * step, 600.0)
        reading = of.reading(NOON + 600 * step)
        for post in template.data:
            about = reading, of, voice.attributes, None
            assert post.payload.fast(*about) == post.write(post.payload.safe(*about))


@pytest.mark.parametrize(
    ("leaf", "field"),
    [
        ("{power / 3}", "0.5"),
        ("{round(power)}", "2i"),
        ("{(9e14 ** 10) * (9e14 ** 10) * 1e15}", ""),
        ("{status}", '"online"'),
        ("{setpoint}", "22.5"),
        ("{brightness}", ""),
        ("{power > 1}", "true"),
        ("{power / 1e9}", "0.0000000015"),
    ],
)
def test_each_kind_of_field_is_written_as_influx_reads_it(leaf: str, field: str) -> None:
    shape = f'measurement = "m"\nfields = {{ x = "{leaf}", y = 0.5 }}'
    source = f'[[data]]\ntopic = "t"\nformat = "influx"\n[data.payload]\n{shape}'
    (said,) = data(read_template("t", source), device()).values()
    assert said.replace("1.5e-9", "0.0000000015") == (f"m x={field},y=0.5" if field else "m y=0.5")
