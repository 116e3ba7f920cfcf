"""A soak test of a fleet that speaks another dialect: accounted for, or refused at once."""

from pathlib import Path

import pytest
import trio

from iotmock.actors.ports.told import Told
from iotmock.model.families import built_in
from iotmock.soak.run.error import SoakError
from iotmock.soak.run.observer import config_of
from iotmock.soak.scenario.reading.file import to_scenario
from iotmock.soak.words import told_in
from tests.dialects.test_with_broker import PLANT
from tests.mosquitto import running_mosquitto
from tests.soak.receiver.proxy import Fate, running_proxy
from tests.soak.scenarios import Soak, scenario, soaking

MODELS = ("shared", "pool:2", "per-device")


@pytest.mark.long(40)
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("dialect", ["influx", "homeassistant", "sparkplug", "tasmota"])
def test_what_another_dialect_says_is_accounted_for(
    tmp_path: Path, dialect: str, model: str
) -> None:
    fleet = f"dialect = '{dialect}'\nconnections = '{model}'\nconnect_rate = 2000"
    with running_mosquitto(tmp_path) as broker:
        text = scenario(broker.port, devices=100, seconds=3.0, fleet=fleet)
        with soaking(tmp_path, text) as soak:
            assert soak.wait() == 0, soak.said
    soak.check_sent(300)
    assert soak.totals["corrupted"] == soak.totals["lost"] == 0


@pytest.mark.trio
@pytest.mark.long(40)
@pytest.mark.parametrize(
    ("dialect", "model", "each", "level"),
    [
        ("evcc", "pool:2", 3, 1),
        ("openwb", "shared", 4, 0),
        ("thingsboard", "per-device", 1, 0),
        ("thingsboard-gateway", "shared", 1, 0),
        (str(PLANT), "shared", 2, -2),
    ],
)
async def test_what_is_done_to_messages_whose_topics_say_little_is_found_out(
    tmp_path: Path, dialect: str, model: str, each: int, level: int
) -> None:
    devices = [f"soak-roof-{number:06d}" for number in range(1, 11)]
    number = 2 * each  # the last of a reading, and neither the first nor the last of the run
    fates = dict.fromkeys([(one, number) for one in devices[:3]], Fate.DROPPED)
    fates |= dict.fromkeys([(one, number) for one in devices[3:7]], Fate.TWICE)
    fleet = f"name = 'soak'\ndialect = '{dialect}'\nconnections = '{model}'"
    with running_mosquitto(tmp_path) as broker:
        async with running_proxy(broker.port, "client", fates, level=level) as proxy:
            text = scenario(proxy.port, devices=10, seconds=4.0, fleet=fleet)
            with soaking(tmp_path, text) as soak:
                assert await trio.to_thread.run_sync(soak.wait) == 1, soak.said
    totals = soak.totals
    soak.check_sent(10 * 4 * each, lost=3)
    assert (totals["lost"], totals["duplicated"], totals["corrupted"]) == (3, 4, 0)
    assert worst(soak) == {(one, 1, 0) for one in devices[:3]} | {
        (one, 0, 1) for one in devices[3:7]
    }


def worst(soak: Soak) -> set[tuple[str, int, int]]:
    return {
        (one["device_id"], one["lost"], one["duplicated"]) for one in soak.result["worst_devices"]
    }


def test_commands_in_native_words_are_refused_before_the_run() -> None:
    tables = {
        "fleet": {"dialect": "influx", "group": [{"device_type": "hvac", "count": 1}]},
        "load": {"duration": 10, "interval": 1},
        "campaign": [{"at": 1, "command": "reboot", "commands": 1, "rate": 1}],
    }
    with pytest.raises(SoakError, match="campaign: commands are given in native words"):
        config_of(to_scenario(tables, built_in(), "a scenario"), "run")


@pytest.mark.parametrize(
    ("topics", "told"),
    [
        (["a/{device_id}"], Told(("a/+",), 1)),
        (["a/{device_id}/{name}"], Told(("a/+/+",), 1)),
        (["{location}/{device_id}/data"], Told(("+/+/data",), -2)),
        (["a/{device_id}/w", "a/{device_id}/v"], Told(("a/+/w", "a/+/v"), 1, 2)),
        (["a/{name}/{device_id}/w", "a/{device_id}/v"], Told(("a/+/+/w", "a/+/v"), -2, 2)),
        (["{device_id}/w", "a/{device_id}"], Told(("+/+",), None, 2)),
        (["a/{name}/b", "b/x/b", "a/x/b"], Told(("b/x/b", "a/+/b"), None, 3)),
        (["a/of-{device_id}"], Told(("a/+",), None)),
    ],
)
def test_the_device_is_found_in_its_topics_or_else_stamps_say_it(
    tmp_path: Path, topics: list[str], told: Told
) -> None:
    file = tmp_path / "t.toml"
    posts = (f'[[data]]\ntopic = "{one}"\npayload = {{ w = "{{power}}" }}\n' for one in topics)
    file.write_text("".join(posts))
    assert told_in(str(file)) == told


def test_a_dialect_that_there_is_not_is_refused() -> None:
    with pytest.raises(SoakError, match="dialect nothing is not allowed"):
        told_in("nothing")
    with pytest.raises(SoakError, match=r"dialect \(hidden\) is not allowed"):
        told_in("user:hunter2@host")


def test_stores_that_count_readings_do_not_go_with_several_messages_of_each() -> None:
    influx = {"url": "http://127.0.0.1:8086", "version": 1, "database": "energy"}
    tables = {
        "fleet": {"dialect": "evcc", "group": [{"device_type": "hvac", "count": 1}]},
        "load": {"duration": 10, "interval": 1},
        "verify": {"influx": influx},
    }
    with pytest.raises(SoakError, match="tells of a reading in 3 messages"):
        config_of(to_scenario(tables, built_in(), "a scenario"), "run")
