"""`iotmock judge` as it is typed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from iotmock.cli import app
from tests.charts.parsed import parsed
from tests.patience import SLACK

pytestmark = pytest.mark.long(15)
FEW = ("--devices", "2")
Verdict = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("real")


@pytest.fixture(scope="module")
def real(folder: Path) -> str:
    """Return a file with three weeks of four floors of lamps."""
    path = str(folder / "meters.csv")
    span = ("--start", "2025-06-02", "--days", "22", "--step", "900")
    done("generate", "--fleet", "lighting/office_led=4", "--seed", "7", *span, "-o", path)
    return path


@pytest.fixture(scope="module")
def page(folder: Path) -> Path:
    return folder / "judge.html"


@pytest.fixture(scope="module")
def near(real: str, page: Path) -> Verdict:
    return verdict(real, "--profile", "lighting:office_led", "--html", str(page))


@pytest.fixture(scope="module")
def text(real: str) -> list[str]:
    """Return what is said of another profile, which is beyond the limit."""
    words = ("--profile", "server/rack", *FEW, "--limit", "1.5", "--unit", "MW")
    return done("judge", real, *words, code=1).splitlines()


def done(*words: str, code: int = 0) -> str:
    said = CliRunner().invoke(app, list(words))
    assert said.exit_code == code, said.output
    return said.stdout


def verdict(*words: str) -> Verdict:
    found: Verdict = json.loads(done("judge", *words, *FEW, "--json"))
    return found


def test_the_profile_that_it_is_of_is_near(near: Verdict) -> None:
    assert near["profile"] == "lighting/office_led"
    assert near["distance"] < 2.0
    assert near["real"]["pieces"] == 12
    assert near["real"]["devices"][0] == "meters/cli-lighting-office_led-000001"
    assert [one["profile"] for one in near["profiles"][:3]].count("lighting/office_led") == 1


def test_another_profile_is_far_and_what_to_set_is_said(text: list[str]) -> None:
    name, value, *_ = text[3].split()
    assert (name, float(value) > 1.5) == ("distance", True)
    advice = text[text.index("what to set") + 1 :]
    assert advice[0].startswith("  profile: ")
    assert " is nearer to this series" in advice[0]
    assert any(line.startswith("  base_power: ") for line in advice)
    assert any(line.startswith("  SIMULATION_INTERVAL: 900") for line in advice)


def test_a_terminal_of_80_columns_is_wide_enough(text: list[str]) -> None:
    assert max(map(len, text)) <= 80
    assert text[0].startswith("12 real weeks of 4 devices beside 6 simulated ones of server/rack")
    assert {"what gives it away", "nearest profiles", "what to set", "what was met"} <= {*text}


def test_the_size_of_a_series_is_its_base_power(text: list[str]) -> None:
    """Lamps take less than the rack does; but the file is said to be in MW."""
    [said] = [line for line in text if line.startswith("  base_power: ")]
    assert 100.0 < float(said.split()[1].replace(",", "")) < 45_000.0


def test_a_page_stands_alone(near: Verdict, page: Path) -> None:
    found = parsed(page)
    assert found.loads == found.links == []
    assert {"advice", "away", "day", "course", "profiles", "features"} <= set(found.places)
    assert found.names.count("figure") == 2
    assert near["profile"] in page.read_text(encoding="utf-8")


def test_days_have_a_page_too_and_a_name_can_not_break_it(tmp_path: Path) -> None:
    path, target = tmp_path / "a.csv", tmp_path / "a.html"
    done("generate", "--profile", "fridge", "--days", "3", "-o", str(path))
    path.write_text(path.read_text().replace("mock-fridge-001", "</script><b>&<!--"))
    told = verdict(str(path), "--profile", "fridge", "--html", str(target))
    assert (told["cut"], told["step_s"]) == ("day", 900.0)
    assert parsed(target).names.count("figure") == 2
    assert "<b>&<!--" not in target.read_text()
    again = verdict(str(path), "--profile", "fridge")
    assert again == told, "the same seed says the same"


def test_without_a_profile_it_is_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    done("generate", "--profile", "fridge", "--seed", "3", "--days", "4", "-o", str(path))
    found = verdict(str(path))
    assert found["profile"] == "appliance/fridge"
    assert found["profiles"][0]["profile"] == "appliance/fridge"


WITHOUT_NUMPY = """
import sys
sys.modules["numpy"] = None
sys.argv = ["iotmock", "judge", "a.csv"]
from iotmock.__main__ import main
main()
"""


def test_without_numpy_it_says_what_to_install() -> None:
    said = subprocess.run(
        [sys.executable, "-c", WITHOUT_NUMPY],
        capture_output=True,
        text=True,
        timeout=30 * SLACK,
        check=False,
    )
    assert said.returncode == 2
    assert said.stderr == (
        "iotmock judge: NumPy is needed, and is an extra: pip install 'iotmock[judge]'\n"
    )
