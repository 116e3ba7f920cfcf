"""What Tasmota's words are; that a listener of its understands them is shown in `tests/tasmota`."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotmock.actors.messages import CommandResult, Incoming, IncomingCommand, IncomingQuestion
from iotmock.actors.ports.dialect import Heard, Node
from iotmock.dialects.tasmota.dialect import Tasmota, TasmotaVoice
from iotmock.dialects.tasmota.macs import Macs
from iotmock.model.device import Device
from iotmock.model.families import built_in
from iotmock.model.settings import settings_of
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceSpec, DeviceState

VIENNA = ZoneInfo("Europe/Vienna")
EVENING = datetime(2025, 8, 11, 23, 50, tzinfo=VIENNA).timestamp()
AT = "2025-08-11T21:50:00Z"
HOUR_S = 3_600.0


def device(kind: str = "appliance", device_id: str = "a.1", energy_kwh: float = 10.0) -> Device:
    spec = DeviceSpec(device_id, kind, "Kettle", 2.0, 230.0)
    state = DeviceState(energy_kwh=energy_kwh)
    return Device.make(spec, built_in().get(kind), Sites(1, 0.1), state)


def words(of: Device) -> tuple[Tasmota, TasmotaVoice]:
    dialect = Tasmota(VIENNA, now=lambda: EVENING)
    return dialect, dialect.voice(of)


def _bytes(voice: TasmotaVoice, of: Device, now: float) -> bytes:
    said = voice.encode(of.reading(now))
    assert isinstance(said, bytes)
    return said


def energy(voice: TasmotaVoice, of: Device, now: float) -> Any:
    return json.loads(_bytes(voice, of, now))["ENERGY"]


def hear(dialect: Tasmota, level: str, payload: str = "", name: str = "a.1") -> list[Any]:
    return [_shown(one) for one in dialect.hear(Heard(f"cmnd/{name}/{level}", payload.encode()))]


def _shown(one: Incoming) -> Any:
    if isinstance(one, IncomingCommand):
        request = json.loads(one.payload)
        return request["command"], request["parameters"]
    return one


def answers(dialect: Tasmota, of: Device, level: str, payload: str = "") -> dict[str, Any]:
    (asked,) = dialect.hear(Heard(f"cmnd/a.1/{level}", payload.encode()))
    assert isinstance(asked, IncomingQuestion)
    said = [(one.topic, one.payload) for one in asked.answer(of)]
    return {topic: text if topic.endswith("/POWER") else json.loads(text) for topic, text in said}


def test_a_reading_is_in_watts_and_kilowatt_hours_at_local_time() -> None:
    of = device()
    _, voice = words(of)
    of.meter.measure(1.234, 230.0, 0.0)
    message = json.loads(_bytes(voice, of, EVENING))
    assert voice.topic == "tele/a.1/SENSOR"
    assert message["Time"] == "2025-08-11T23:50:00"
    said = message["ENERGY"]
    assert said["Power"] == pytest.approx(1234 * of.meter.gain, abs=0.1)
    assert (said["Total"], said["Today"], said["Yesterday"]) == (10.0, 0.0, 0.0)
    volt_amperes = said["Voltage"] * said["Current"]
    assert said["ApparentPower"] == pytest.approx(volt_amperes, rel=0.01)
    assert said["ApparentPower"] ** 2 == pytest.approx(
        said["Power"] ** 2 + said["ReactivePower"] ** 2, rel=0.01
    )


def test_a_day_ends_at_local_midnight_and_no_model_anew_changes_that() -> None:
    of = device()
    dialect, voice = words(of)
    energy(voice, of, EVENING)
    of.meter.energy_kwh = 12.5
    assert energy(voice, of, EVENING + 60)["Today"] == 2.5
    after = energy(voice, of, EVENING + 700)
    assert (after["Total"], after["Today"], after["Yesterday"]) == (12.5, 0.0, 2.5)
    again = device(energy_kwh=13.0)  # as after a crash of the actor
    assert energy(dialect.voice(again), again, EVENING + HOUR_S)["Today"] == 0.5


def test_a_counter_that_is_reset_begins_anew() -> None:
    of = device()
    _, voice = words(of)
    energy(voice, of, EVENING)
    of.meter.energy_kwh = 0.0
    after = energy(voice, of, EVENING + 60)
    assert (after["Total"], after["Today"]) == (0.0, 0.0)
    assert after["TotalStartTime"] == "2025-08-11T23:51:00"


@given(st.sets(st.text("abcdef-_.0123456789", min_size=1, max_size=64), max_size=50))
def test_no_two_devices_have_one_address(ids: set[str]) -> None:
    macs = Macs()
    found = {macs.of(name) for name in ids}
    assert len(found) == len(ids)
    assert all(int(mac[:2], 16) & 3 == 2 and len(mac) == 12 for mac in found)


def test_an_address_that_is_taken_is_given_to_nobody_else() -> None:
    macs = Macs()
    taken = Macs().of("b")
    macs._owners[taken] = "a"
    assert macs.of("b") == f"{int(taken, 16) + 1:012X}"


@pytest.mark.parametrize(
    ("level", "payload", "heard"),
    [
        ("POWER", "OFF", [("set_enabled", {"enabled": False})]),
        ("Power1", "1", [("set_enabled", {"enabled": True})]),
        ("power0", "toggle", [("set_enabled", {"enabled": False})]),
        ("Dimmer", "40", [("set_brightness", {"percent": 40.0})]),
        ("Dimmer", "0", [("set_enabled", {"enabled": False})]),
        (
            "Backlog",
            "NoDelay;Power1 OFF;NoDelay;Dimmer 7",
            [("set_enabled", {"enabled": False}), ("set_brightness", {"percent": 7.0})],
        ),
        ("TelePeriod", "30", [("set_interval", {"interval": 30.0})]),
        ("Restart", "1", [("reboot", {})]),
        ("EnergyTotal", "0", [("reset_energy", {})]),
        ("set_power", '{"power": 3}', [("set_power", {"power": 3})]),
    ],
)
def test_commands_are_heard_as_tasmota_gives_them(level: str, payload: str, heard: object) -> None:
    dialect, _ = words(device("lighting"))
    assert hear(dialect, level, payload) == heard


def test_other_devices_and_what_is_retained_are_left_alone() -> None:
    dialect, _ = words(device())
    assert hear(dialect, "POWER", "ON", name="b") == []
    assert dialect.hear(Heard("cmnd/a.1/POWER", b"ON", retained=True)) == ()
    assert dialect.hear(Heard("cmnd/a.1/POWER", b"ON"), "b") == ()
    assert dialect.entry(Node("it")).filters == ("cmnd/+/+",)


@pytest.mark.parametrize(
    ("level", "payload", "said"),
    [
        ("POWER", "", {"stat/a.1/RESULT": {"POWER": "ON"}, "stat/a.1/POWER": b"ON"}),
        ("Blink", "", {"stat/a.1/RESULT": {"Command": "Unknown", "Input": "Blink"}}),
        ("Dimmer", "10", {"stat/a.1/RESULT": {"Command": "Unknown", "Input": "DIMMER"}}),
        (
            "set_power",
            "[" * 10_000,
            {
                "stat/a.1/RESULT": {
                    "Command": "Error",
                    "Input": "set_power",
                    "Reason": "parameters are no JSON, or too deep",
                }
            },
        ),
        ("TelePeriod", "", {"stat/a.1/RESULT": {"TelePeriod": 1}}),
    ],
)
def test_questions_and_what_is_unknown_are_answered(level: str, payload: str, said: object) -> None:
    of = device()
    dialect, _ = words(of)
    assert answers(dialect, of, level, payload) == said


def test_each_status_is_answered_at_its_topic_and_all_of_them_to_nought() -> None:
    of = device()
    dialect, voice = words(of)
    ten = answers(dialect, of, "STATUS", "10")
    assert ten["stat/a.1/STATUS10"]["StatusSNS"]["ENERGY"] == energy(voice, of, EVENING)
    assert answers(dialect, of, "Status11")["stat/a.1/STATUS11"]["StatusSTS"]["POWER"] == "ON"
    everything = answers(dialect, of, "STATUS", "0")
    numbers = ("", 1, 2, 3, 5, 6, 7, 8, 10, 11)
    assert everything.keys() == {f"stat/a.1/STATUS{number}" for number in numbers}


def test_a_result_is_the_relays_state_or_why_not() -> None:
    of = device()
    dialect, voice = words(of)
    (command,) = dialect.hear(Heard("cmnd/a.1/POWER", b"OFF"))
    assert isinstance(command, IncomingCommand)
    of.enabled = False
    done = CommandResult(None, "a.1", "set_enabled", "applied", None, AT)
    assert [(one.topic, one.payload) for one in voice.result(done, command)] == [
        ("stat/a.1/RESULT", b'{"POWER":"OFF"}'),
        ("stat/a.1/POWER", b"OFF"),
    ]
    failed = CommandResult(None, "a.1", "set_enabled", "rejected", "no", AT)
    (answer,) = voice.result(failed, command)
    assert json.loads(answer.payload) == {"Command": "Error", "Input": "POWER", "Reason": "no"}


def test_one_that_is_off_says_that_it_draws_nothing() -> None:
    of = device()
    _, voice = words(of)
    of.meter.measure(1.0, 230.0, 0.0)
    list(voice.births(of.status_message(EVENING, "online")))
    of.enabled = False
    said = {one.topic: json.loads(one.payload) for one in voice.settings(settings_of(of))}
    assert said["tele/a.1/STATE"]["POWER"] == "OFF"
    assert said["tele/a.1/SENSOR"]["ENERGY"]["Power"] == 0.0


def test_a_device_that_is_called_otherwise_describes_itself_again() -> None:
    of = device()
    _, voice = words(of)
    list(voice.births(of.status_message(EVENING, "online")))
    assert [one.topic for one in voice.settings({})] == ["tele/a.1/STATE"]
    of.change(name="Toaster")
    described = {one.topic.split("/")[-1]: one.payload for one in voice.settings({})}
    assert json.loads(described["config"])["dn"] == "Toaster"


def test_one_that_is_gone_leaves_nothing_retained() -> None:
    of = device()
    dialect, voice = words(of)
    births = voice.births(of.status_message(EVENING, "online"))
    kept = {one.topic for one in births if one.manner is not None and one.manner.retain}
    gone = list(dialect.gone("a.1", of))
    assert {one.topic for one in gone} == kept
    assert all(one.payload == b"" for one in gone)


def test_what_a_plug_remembers_is_kept_once_and_forgotten_with_it() -> None:
    of = device()
    dialect, voice = words(of)
    energy(voice, of, EVENING)
    kept = dialect.take_changed(None)
    assert dialect.take_changed(None) == {}
    again = Tasmota(VIENNA, now=lambda: EVENING)
    again.recall({name: memory for name, memory in kept.items() if memory is not None})
    later = device(energy_kwh=11.5)
    assert energy(again.voice(later), later, EVENING + 60)["Today"] == 1.5
    list(again.gone("a.1", later))
    assert again.take_changed(None) == {"a.1": None}


@pytest.mark.parametrize("memory", [b"", b"{}", b'{"date":7}', b'{"begin_kwh":1e999,"date":"x"}'])
def test_a_memory_that_is_none_is_as_if_it_were_not_there(memory: bytes) -> None:
    dialect, of = Tasmota(VIENNA, now=lambda: EVENING), device()
    dialect.recall({"a.1": memory})
    assert energy(dialect.voice(of), of, EVENING)["Today"] == 0.0


def test_changes_of_a_large_fleet_are_kept_some_at_a_time() -> None:
    dialect = Tasmota(VIENNA, now=lambda: EVENING)
    for number in range(5):
        of = device(device_id=f"a.{number}")
        energy(dialect.voice(of), of, EVENING)
    assert [len(dialect.take_changed(2)) for _ in range(4)] == [2, 2, 1, 0]
