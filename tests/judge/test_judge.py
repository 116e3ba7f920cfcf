"""`iotmock judge` as it is typed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from iotmock.cli import app
from tests.charts.parsed import parsed
from tests.patience import SLACK

pytestmark = pytest.mark.long(15)
FEW = ("--devices", "1")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return five weeks of a machine that heats and cools, in a file that says W."""
    path = tmp_path_factory.mktemp("real") / "meter.csv"
    words = ("generate", "--profile", "rooftop", "--base-power", "10", "--seed", "7")
    done(*words, "--start", "2025-06-02", "--days", "35", "--step", "300", "-o", str(path))
    return path


def done(*words: str, code: int = 0) -> str:
    said = CliRunner().invoke(app, list(words))
    assert said.exit_code == code, said.output
    return said.stdout


def verdict(*words: str) -> dict[str, object]:
    found = json.loads(done("judge", *words, *FEW, "--json"))
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def nearest(real: Path) -> dict[str, object]:
    return verdict(str(real))


def test_the_profile_that_it_is_of_is_found_and_near(nearest: dict[str, object]) -> None:
    found = nearest
    assert found["profile"] == "hvac/rooftop"
    assert found["profile"] == found["profiles"][0]["profile"]  # type: ignore[index]
    assert found["distance"] < 2.0  # type: ignore[operator]
    assert found["real"] == {"pieces": 5, "devices": ["meter/mock-rooftop-001"]}


def test_another_profile_is_far_and_what_to_set_is_said(real: Path) -> None:
    found = verdict(str(real), "--profile", "server/rack")
    assert found["distance"] > 2.0  # type: ignore[operator]
    advice = "\n".join(found["advice"])  # type: ignore[arg-type]
    assert advice.startswith("profile: hvac/rooftop is nearer to this series")
    assert "\nbase_power: " in advice
    assert "\nSIMULATION_INTERVAL: 300" in advice


def test_the_size_of_a_series_is_its_base_power(nearest: dict[str, object]) -> None:
    advice = nearest["advice"]
    [said] = [one for one in advice if one.startswith("base_power:")]  # type: ignore[attr-defined]
    assert 7.0 < float(said.split()[1]) < 14.0


def test_a_series_of_other_hours_is_told_so(real: Path) -> None:
    advice = verdict(str(real), "--profile", "rooftop", "--timezone", "Asia/Tokyo")["advice"]
    assert any(one.startswith("SITE_TIMEZONE: these days run ") for one in advice)  # type: ignore[attr-defined]


def test_a_terminal_of_80_columns_is_wide_enough(real: Path) -> None:
    lines = done("judge", str(real), *FEW, "--limit", "100").splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("5 real weeks of 1 device beside 4 simulated ones of hvac/rooftop")
    assert {"what gives it away", "nearest profiles", "what to set", "what was met"} <= {*lines}


def test_a_distance_beyond_the_limit_decides_the_exit_code(real: Path) -> None:
    done("judge", str(real), "--profile", "rack", *FEW, "--limit", "1", code=1)


def test_the_same_seed_says_the_same(real: Path, nearest: dict[str, object]) -> None:
    assert verdict(str(real), "--profile", "hvac:rooftop") == nearest
    assert verdict(str(real), "--seed", "40") != nearest


def test_a_page_stands_alone(real: Path, tmp_path: Path) -> None:
    target = tmp_path / "judge.html"
    done("judge", str(real), *FEW, "--html", str(target))
    page = parsed(target)
    assert page.loads == page.links == []
    assert {"advice", "away", "day", "course", "profiles", "features"} <= set(page.places)
    assert page.names.count("figure") == 2


def test_days_have_a_page_too(tmp_path: Path) -> None:
    path, target = tmp_path / "a.csv", tmp_path / "a.html"
    done("generate", "--profile", "fridge", "--days", "4", "--step", "60", "-o", str(path))
    done("judge", str(path), "--profile", "fridge", *FEW, "--html", str(target))
    assert parsed(target).names.count("figure") == 2


def test_a_name_can_not_break_the_page(tmp_path: Path) -> None:
    path, target = tmp_path / "a.csv", tmp_path / "a.html"
    done("generate", "--profile", "bulb", "--days", "3", "-o", str(path))
    path.write_text(path.read_text().replace("mock-bulb-001", "</script><b>&<!--"))
    done("judge", str(path), "--profile", "bulb", *FEW, "--html", str(target))
    assert "b" not in parsed(target).names[5:] or "&lt;b&gt;" in target.read_text()
    assert "<b>&<!--" not in target.read_text()


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
