"""Series of many devices: those of the service, by its ids, seed and fields."""

import csv
import json
from itertools import groupby
from pathlib import Path

import pytest
import trio
from trio.testing import wait_all_tasks_blocked
from typer.testing import CliRunner, Result

from iotmock.actors.definitions.draft import GroupDraft
from iotmock.cli import app
from iotmock.history.chosen import fleet
from iotmock.history.page.csv_file import read_csv
from iotmock.model.families import built_in
from iotmock.model.fleet import FLEET_OF_SETTINGS
from iotmock.model.reading import Reading
from iotmock.model.site.sites import Sites
from tests.actors.rig import assemble, running

FLEET = "hvac=3,lighting/street=2"
IDS = [f"cli-hvac-{number:06d}" for number in (1, 2, 3)]
IDS += [f"cli-lighting-street-{number:06d}" for number in (1, 2)]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["generate", *map(str, arguments)])


def rows(path: Path, *arguments: str) -> list[dict[str, str]]:
    assert run("--fleet", FLEET, "--days", "1", *arguments, "-o", path).exit_code == 0
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.trio
async def test_the_devices_are_those_of_the_service(autojump_clock: trio.abc.Clock) -> None:
    rig = assemble()
    groups = [GroupDraft("hvac", 3), GroupDraft("lighting", 2, profile="street")]
    chosen = fleet(built_in(), Sites(rig.supervisor.sites.fleet_seed, 0.1), FLEET)
    async with running(rig, paced=False):
        await rig.fleets.ensure(FLEET_OF_SETTINGS, groups)
        await wait_all_tasks_blocked()
        assert len(rig.supervisor) == len(chosen.devices)
        for device in chosen.devices:
            served = rig.supervisor.get(device.spec.device_id).model
            assert device.spec == served.spec
            assert device.meter.gain == served.meter.gain  # which the seed and the id decide


def test_a_csv_of_a_fleet_has_the_fields_of_the_message_time_by_time(tmp_path: Path) -> None:
    found = rows(tmp_path / "x.csv")
    assert tuple(found[0]) == Reading.__struct_fields__
    times = [[row["device_id"] for row in some] for _, some in groupby(found, _time)]
    assert times == [IDS] * 96
    assert {(row["status"], row["enabled"]) for row in found} == {("online", "true")}


def _time(row: dict[str, str]) -> str:
    return row["timestamp"]


def test_json_lines_and_csv_hold_the_same(tmp_path: Path) -> None:
    of_csv = rows(tmp_path / "x.csv")
    assert (
        run("--fleet", FLEET, "--days", "1", "--format", "jsonl", "-o", tmp_path / "x").stdout == ""
    )
    messages = [json.loads(line) for line in (tmp_path / "x").read_text().splitlines()]
    assert [tuple(message) for message in messages[:1]] == [Reading.__struct_fields__]
    assert [message["power"] for message in messages] == [float(row["power"]) for row in of_csv]


def test_points_of_a_fleet_have_the_type_of_their_device(tmp_path: Path) -> None:
    assert run("--fleet", FLEET, "--format", "influx", "-o", tmp_path / "x").exit_code == 0
    lines = (tmp_path / "x").read_text().splitlines()[:5]
    assert [line.partition(" ")[0].rpartition("=")[2] for line in lines] == [
        *["hvac"] * 3,
        *["lighting"] * 2,
    ]


def test_parquet_of_a_fleet_has_the_columns_of_the_csv(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    of_csv = rows(tmp_path / "x.csv")
    done = run("--fleet", FLEET, "--days", "1", "--format", "parquet", "-o", tmp_path / "x")
    assert done.exit_code == 0
    table = parquet.read_table(tmp_path / "x")
    assert tuple(table.column_names) == Reading.__struct_fields__
    assert [str(power) for power in table["power"].to_pylist()] == [row["power"] for row in of_csv]


def test_without_a_seed_it_is_that_of_the_service(tmp_path: Path) -> None:
    usual = rows(tmp_path / "usual.csv")
    assert rows(tmp_path / "one.csv", "--seed", "1") == usual
    assert rows(tmp_path / "two.csv", "--seed", "2") != usual


def sums_of(found: list[dict[str, str]], quantity: str) -> list[float]:
    return [sum(float(row[quantity]) for row in some) for _, some in groupby(found, _time)]


def test_the_page_shows_all_devices_together(tmp_path: Path) -> None:
    found = rows(tmp_path / "x.csv", "--plot", str(tmp_path / "direct.html"))
    table = read_csv(tmp_path / "x.csv")
    assert table.powers == pytest.approx(sums_of(found, "power"))
    assert table.together.values["energy"] == pytest.approx(sums_of(found, "energy"))
    lowest, highest = zip(*table.voltages, strict=True)
    assert min(lowest) == min(float(row["voltage"]) for row in found)
    assert max(highest) == max(float(row["voltage"]) for row in found)
    assert list(table.apart) == list(dict.fromkeys(row["device_id"] for row in found))
    again = tmp_path / "again.html"
    assert (
        CliRunner().invoke(app, ["plot", str(tmp_path / "x.csv"), "-o", str(again)]).exit_code == 0
    )
    direct = (tmp_path / "direct.html").read_text()
    assert again.read_text() == direct.replace(FLEET, "x")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "give --profile for one device, or --fleet for many"),
        (["--fleet", "hvac=1", "--profile", "hvac"], "give --profile for one device, or --fleet"),
        (["--fleet", "hvac"], "--fleet: must be type=count or type/profile=count, each once"),
        (["--fleet", ""], "--fleet: must be one device or more, as hvac=50"),
        (["--fleet", "hvac=0"], "--fleet: must be one device or more, as hvac=50"),
        (["--fleet", "hvc=1"], "--fleet: must be of types and profiles that exist: unknown device"),
        (["--fleet", "hvac/x=1"], "--fleet: must be of types and profiles that exist: unknown pro"),
        (["--fleet", "hvac=1", "--device-id", "a"], "--device-id and --base-power are of one"),
        (["--fleet", "hvac=1", "--base-power", "1"], "--device-id and --base-power are of one"),
        (["--fleet", "hvac=1", "--json"], "--json tells of a file: give --output, too"),
    ],
)
def test_what_does_not_go_is_one_line(arguments: list[str], line: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"iotmock generate: {line}")
    assert done.stderr.count("\n") == 1


def test_what_was_written_is_summed_up(tmp_path: Path) -> None:
    file, page = tmp_path / "x.csv", tmp_path / "x.html"
    done = run("--fleet", FLEET, "--days", "2", "--plot", page, "-o", file)
    assert done.stderr == f"wrote {file}: 960 readings of 5 devices\nwrote {page}\n"
    done = run("--profile", "fridge", "--days", "1", "-o", file, "--json")
    assert done.stderr == ""
    assert json.loads(done.stdout) == {
        "file": str(file),
        "format": "csv",
        "page": None,
        "devices": 1,
        "readings": 96,
        "first": "2025-01-01T00:15:00Z",
        "last": "2025-01-02T00:00:00Z",
        "step_s": 900.0,
    }
