"""A soak test of a fleet that speaks another dialect: accounted for, or refused at once."""

from pathlib import Path

import pytest

from iotmock.model.families import built_in
from iotmock.soak.run.error import SoakError
from iotmock.soak.run.observer import config_of
from iotmock.soak.scenario.reading.file import to_scenario
from iotmock.soak.words import Place, where_readings_go
from tests.dialects.test_with_broker import PLANT
from tests.mosquitto import running_mosquitto
from tests.soak.scenarios import scenario, soaking

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
    assert soak.totals["received"] == soak.totals["sent"] == 300
    assert soak.totals["corrupted"] == soak.totals["lost"] == 0


def test_commands_in_native_words_are_refused_before_the_run() -> None:
    tables = {
        "fleet": {"dialect": "influx", "group": [{"device_type": "hvac", "count": 1}]},
        "load": {"duration": 10, "interval": 1},
        "campaign": [{"at": 1, "command": "reboot", "commands": 1, "rate": 1}],
    }
    with pytest.raises(SoakError, match="campaign: commands are given in native words"):
        config_of(to_scenario(tables, built_in(), "a scenario"), "run")


@pytest.mark.parametrize(
    ("topic", "place"),
    [
        ("a/{device_id}", Place("a/+", 1)),
        ("a/{device_id}/{name}", Place("a/+/+", 1)),
        ("{location}/{device_id}/data", Place("+/+/data", -2)),
    ],
)
def test_the_device_is_found_in_its_topic(tmp_path: Path, topic: str, place: Place) -> None:
    file = tmp_path / "t.toml"
    file.write_text(f'[[data]]\ntopic = "{topic}"\npayload = {{ w = "{{power}}" }}\n')
    assert where_readings_go(str(file)) == place


@pytest.mark.parametrize(
    "dialect", ["evcc", "thingsboard", "thingsboard-gateway", "nothing", str(PLANT)]
)
def test_a_dialect_that_can_not_be_accounted_for_is_refused(dialect: str) -> None:
    with pytest.raises(SoakError):
        where_readings_go(dialect)
