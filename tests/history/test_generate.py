"""Series without a server, through the command line."""

import json
import re
import sys
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from iotmock.cli import app
from iotmock.history.page.csv_file import read_csv
from iotmock.model.reading import Reading


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def generated(path: Path, *arguments: str) -> list[str]:
    result = run("generate", *arguments, "--output", str(path))
    assert result.exit_code == 0
    return path.read_text(encoding="utf-8").splitlines()


def test_a_week_of_csv_has_a_reading_per_quarter_of_an_hour(tmp_path: Path) -> None:
    lines = generated(tmp_path / "week.csv", "--profile", "hvac", "--start", "2025-07-07")
    assert lines[0] == "timestamp,device_id,power,voltage,current,energy"
    assert len(lines) == 1 + 7 * 96
    assert lines[1].startswith("2025-07-07T00:15:00Z,mock-rooftop-001,")
    energies = [float(line.rpartition(",")[2]) for line in lines[1:]]
    assert all(sooner <= later for sooner, later in pairwise(energies))


def test_without_a_file_the_series_goes_to_stdout() -> None:
    result = run("generate", "--profile", "fridge", "--days", "1", "--step", "3600")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 25


def test_json_lines_are_the_data_messages_of_the_contract(tmp_path: Path) -> None:
    lines = generated(tmp_path / "x.jsonl", "--profile", "gpu", "--format", "jsonl", "--days", "1")
    message = json.loads(lines[0])
    assert tuple(message) == Reading.__struct_fields__
    assert (message["status"], message["enabled"]) == ("online", True)


def test_influx_lines_are_points_with_times_in_nanoseconds(tmp_path: Path) -> None:
    lines = generated(
        tmp_path / "x.lp", "--profile", "rack", "--format", "influx", "--start", "2025-01-01"
    )
    measurement, fields, time = lines[0].split(" ")
    assert measurement == "energy,device_id=mock-rack-001,device_type=server"
    assert [field.partition("=")[0] for field in fields.split(",")] == [
        "power",
        "voltage",
        "current",
        "energy",
    ]
    assert int(time) == 1_735_690_500 * 10**9


@pytest.mark.parametrize("form", ["csv", "jsonl", "influx"])
@pytest.mark.parametrize("profile", ["bulb", "fridge", "office"])
def test_no_number_has_an_exponent(tmp_path: Path, profile: str, form: str) -> None:
    options = ("--profile", profile, "--days", "0.5", "--step", "5", "--plot", str(tmp_path / "p"))
    lines = generated(tmp_path / "x", *options, "--format", form)
    exponent = re.compile(r"[0-9][eE][-+]?[0-9]")
    assert not [line for line in lines if exponent.search(line)]
    drawn = (tmp_path / "p").read_text(encoding="utf-8").partition("</style>")[2]
    assert not exponent.search(drawn)


def test_parquet_holds_the_readings_of_the_csv(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    options = ("--profile", "kitchen", "--days", "1")
    lines = generated(tmp_path / "x.csv", *options)
    result = run(
        "generate", *options, "--format", "parquet", "--output", str(tmp_path / "x.parquet")
    )
    assert result.exit_code == 0
    rows = parquet.read_table(tmp_path / "x.parquet").to_pylist()
    assert [str(row["power"]) for row in rows] == [line.split(",")[2] for line in lines[1:]]
    assert rows[0]["timestamp"] == datetime.fromisoformat(lines[1].split(",")[0])


def test_parquet_without_pyarrow_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    target = tmp_path / "x.parquet"
    result = run("generate", "--profile", "hvac", "--format", "parquet", "--output", str(target))
    assert result.exit_code == 2
    assert "pip install 'iotmock[parquet]'" in result.stderr
    assert not target.exists()


def test_the_same_seed_gives_the_same_bytes_and_another_others(tmp_path: Path) -> None:
    options = ("--profile", "server", "--days", "2", "--timezone", "Europe/Berlin")
    one = generated(tmp_path / "1.csv", *options, "--seed", "5")
    assert generated(tmp_path / "2.csv", *options, "--seed", "5") == one
    assert generated(tmp_path / "3.csv", *options, "--seed", "6") != one


def test_a_start_is_local_time(tmp_path: Path) -> None:
    options = ("--profile", "street", "--start", "2025-07-01", "--timezone", "Europe/Berlin")
    assert generated(tmp_path / "x.csv", *options)[1].startswith("2025-06-30T22:15:00Z")


def test_base_power_scales_the_series(tmp_path: Path) -> None:
    options = ("--profile", "industrial", "--days", "1")
    one = read_after(tmp_path, *options, "--base-power", "100")
    two = read_after(tmp_path, *options, "--base-power", "200")
    assert two == pytest.approx([2.0 * power for power in one], abs=0.002)


def read_after(tmp_path: Path, *arguments: str) -> list[float]:
    generated(tmp_path / "series.csv", *arguments)
    return read_csv(tmp_path / "series.csv").powers


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--profile", "toaster"], "--profile: must be one of hvac, rooftop"),
        (["--profile", "hvac", "--days", "0"], "--days: must be a number from 0.01 to 36525 days"),
        (["--profile", "hvac", "--days", "nan"], "--days: must be a number"),
        (["--profile", "hvac", "--step", "fast"], "--step: must be a number from 0.1 to 86400"),
        (["--profile", "hvac", "--start", "soon"], "--start: must be a date such as 2025-01-31"),
        (["--profile", "hvac", "--format", "xml"], "--format: must be one of csv, jsonl, parquet"),
        (["--profile", "hvac", "--seed", "1.5"], "--seed: must be a whole number, not '1.5'"),
        (["--profile", "hvac", "--base-power", "0"], "--base-power: must be a number from 0.001"),
        (["--profile", "hvac", "--device-id", "a/b"], "--device-id: must be 1 to 64 of"),
        (["--profile", "hvac", "--timezone", "Mars"], "--timezone: must be an IANA time zone"),
        (["--profile", "hvac", "--climate", "dry"], "--climate: must be one of temperate, cold"),
        (["--profile", "hvac", "--latitude", "91"], "--latitude: must be a number from -90 to 90"),
        (["--profile", "hvac", "--days", "0.5", "--step", "86400"], "--step: must be within 0.5"),
        (["--profile", "hvac", "--format", "parquet"], "--output: must be a file when --format"),
        (
            ["--profile", "hvac", "-o", "/no/such/place"],
            "/no/such/place: there is no folder",
        ),
    ],
)
def test_bad_input_is_answered_with_one_line(arguments: list[str], line: str) -> None:
    result = run("generate", *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"iotmock generate: {line}")
    assert result.stderr.count("\n") == 1
