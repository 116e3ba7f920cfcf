"""`iotmock profiles`: what can be simulated."""

import json

from typer.testing import CliRunner, Result

from iotmock.cli import app
from iotmock.model.families import built_in


def said(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["profiles", *arguments])


def test_every_profile_is_listed_below_its_family() -> None:
    lines = [line.split() for line in said().stdout.splitlines() if line]
    wanted = [
        name
        for kind in built_in()
        for name in (kind.device_type, *(profile.name for profile in kind.profiles))
    ]
    assert [words[0] for words in lines] == wanted
    assert lines[1][:7] == ["rooftop", "25", "kW", "240", "V", "3", "phases"]


def test_one_family_as_json() -> None:
    done = said("lighting", "--json")
    assert done.stderr == ""
    (kind,) = json.loads(done.stdout)["device_types"]
    assert (kind["device_type"], kind["name"]) == ("lighting", "LED Lighting")
    bulb = kind["profiles"][-1]
    assert (bulb["profile"], bulb["base_power"], bulb["phases"]) == ("bulb", 0.009, 1)


def test_what_is_listed_can_be_generated() -> None:
    for kind in json.loads(said("--json").stdout)["device_types"]:
        for one in kind["profiles"]:
            name = f"{kind['device_type']}/{one['profile']}"
            arguments = ["generate", "--profile", name, "--days", "0.01"]
            assert CliRunner().invoke(app, [*arguments, "--step", "600"]).exit_code == 0


def test_a_family_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    done = said("hvc")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("iotmock profiles: unknown device type 'hvc'; known are hvac, ")
