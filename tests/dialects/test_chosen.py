"""DIALECT: which words there are, and with which other settings they do not go."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from iotmock.dialects.sparkplug.dialect import Sparkplug
from iotmock.service.ground.words import chosen_dialect, shipped
from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import read_settings
from tests.dialects.test_with_broker import PLANT

Install = Callable[[str, str], None]
_OWN = """
from iotmock.dialects.native.dialect import Native


class Own(Native):
    pass


class Half:
    name = "half"
"""


def choose(**environment: str) -> str:
    return chosen_dialect(read_settings(environment, file=None)).name


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return a function that installs a distribution with one module and one entry point."""

    def make(source: str, target: str) -> None:
        (tmp_path / "own_words.py").write_text(source, encoding="utf-8")
        info = tmp_path / "own_words-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: own-words\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[iotmock.dialects]\nown = {target}\n")
        monkeypatch.delitem(sys.modules, "own_words", raising=False)
        monkeypatch.syspath_prepend(tmp_path)

    return make


def test_native_words_are_the_default() -> None:
    assert choose() == "native"


def test_sparkplug_is_chosen_by_its_name() -> None:
    assert choose(DIALECT="sparkplug", MQTT_STAMP="properties") == "sparkplug"


@pytest.mark.parametrize(
    ("connections", "nodes"),
    [
        ("shared", {"edge"}),
        ("pool:2", {"edge-1", "edge-2"}),
        ("per-device", {str(n) for n in range(9)}),
    ],
)
def test_an_edge_node_is_a_connection(connections: str, nodes: set[str]) -> None:
    environment = {"MQTT_CONNECTIONS": connections, "SPARKPLUG_NODE": "edge"}
    settings = read_settings({"DIALECT": "sparkplug", **environment}, file=None)
    dialect = chosen_dialect(settings)
    assert isinstance(dialect, Sparkplug)
    assert {dialect.nodes.of_device(str(number)).name for number in range(9)} == nodes


@pytest.mark.parametrize("name", shipped())
def test_each_template_that_comes_along_has_a_name(name: str) -> None:
    more = {"MQTT_CONNECTIONS": "per-device", "MQTT_PROTOCOL": "3.1.1", "MQTT_TLS": "on"}
    assert choose(DIALECT=name, **more) == name


def test_a_file_is_chosen_by_its_path() -> None:
    assert choose(DIALECT=str(PLANT)) == str(PLANT)


def test_a_distribution_may_bring_one(install: Install) -> None:
    install(_OWN, "own_words:Own")
    assert choose(DIALECT="own") == "native"  # whose words it has


@pytest.mark.parametrize(
    ("target", "why"),
    [("own_words:Nobody", "can not be used"), ("own_words:Half", "it has no qos, entry, voice")],
)
def test_what_is_no_dialect_is_refused(install: Install, target: str, why: str) -> None:
    install(_OWN, target)
    with pytest.raises(SettingsError, match=why):
        choose(DIALECT="own")


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ({"DIALECT": "klingon"}, "there are native, .*evcc, influx, .*or a file"),
        ({"DIALECT": "nowhere.toml"}, "nowhere.toml: "),
        ({"DIALECT": "thingsboard"}, "needs MQTT_CONNECTIONS=per-device"),
        ({"DIALECT": "aws-iot"}, "needs MQTT_TLS=on"),
        ({"DIALECT": "aws-iot", "MQTT_TLS": "on", "MQTT_QOS": "2"}, "needs MQTT_QOS=1 or less"),
        (
            {"DIALECT": "azure-iot", "MQTT_TLS": "on", "MQTT_CONNECTIONS": "per-device"},
            "needs MQTT_PROTOCOL=3.1.1",
        ),
        ({"DIALECT": "tasmota", "MQTT_SETTINGS_TOPIC": "on"}, "whose STATE says"),
        (
            {"DIALECT": "thingsboard-gateway", "MQTT_CONNECTIONS": "per-device"},
            "use shared, pool:N, or DIALECT=thingsboard",
        ),
        ({"DIALECT": "influx", "MQTT_STAMP": "json"}, "use MQTT_STAMP=properties"),
        ({"DIALECT": "sparkplug", "MQTT_STAMP": "json"}, "use MQTT_STAMP=properties"),
        ({"DIALECT": "sparkplug", "MQTT_SETTINGS_TOPIC": "on"}, "MQTT_SETTINGS_TOPIC=on is not"),
        ({"DIALECT": "sparkplug", "SPARKPLUG_GROUP": "a/b"}, "SPARKPLUG_GROUP=a/b is not"),
        ({"DIALECT": "sparkplug", "SPARKPLUG_NODE": ""}, "SPARKPLUG_NODE= is not"),
        ({"DIALECT": "sparkplug", "SPARKPLUG_PRIMARY_HOST": "#"}, "1 to 100 characters without"),
    ],
)
def test_what_does_not_go_is_refused_with_what_does(environment: dict[str, str], why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        choose(**environment)
