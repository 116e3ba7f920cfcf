"""Files of a user's own become profiles, and what they have is played to the last watt-second."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from iotmock.model.device import Device
from iotmock.model.families import built_in
from iotmock.model.families.replay import SetFillGaps, SetMode
from iotmock.model.family import Catalogue
from iotmock.model.operations.command import handle
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceSpec, DeviceState
from iotmock.replays import rows
from iotmock.replays.errors import ReplayFileError
from iotmock.replays.folder import with_replays
from tests.model.fleet import DAY_S, HOUR_S, MONDAY, WEEK_S, energy, run

HEADER = "timestamp,power\n"


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def catalogue_of(folder: Path, timezone: str = "UTC") -> Catalogue:
    return with_replays(built_in(), str(folder), timezone)


def player(folder: Path, name: str, timezone: str = "UTC") -> Device:
    kind = catalogue_of(folder, timezone).get("replay")
    profile = kind.profile(name)
    spec = DeviceSpec("r", "replay", "R", profile.base_power, profile.base_voltage, profile=name)
    return Device.make(spec, kind, Sites(1, 0.0, timezone=timezone), DeviceState())


def of_hours(powers: list[float], first: str = "2025-01-06T{:02d}:00:00Z") -> str:
    return HEADER + "".join(f"{first.format(hour)},{power}\n" for hour, power in enumerate(powers))


def a_week() -> str:
    hours = ((day, hour) for day in range(7) for hour in range(24))
    return HEADER + "".join(
        f"2025-01-{6 + day:02d}T{hour:02d}:00:00Z,{day + hour / 100}\n" for day, hour in hours
    )


def test_a_week_is_played_by_the_time_of_the_week(tmp_path: Path) -> None:
    written(tmp_path, "house.csv", a_week())
    under_test = player(tmp_path, "house")
    assert under_test.spec.base_power == 6.23
    powers = list(run(under_test, MONDAY, WEEK_S, HOUR_S))
    assert powers == pytest.approx([day + hour / 100 for day in range(7) for hour in range(24)])


@pytest.mark.parametrize("dt_s", [7.0, 60.0, 900.0, 4_321.0])
def test_its_energy_is_that_of_the_file_at_any_tick(tmp_path: Path, dt_s: float) -> None:
    written(tmp_path, "house.csv", a_week())
    whole = round(WEEK_S / dt_s) * dt_s
    wanted = sum(day + hour / 100 for day in range(7) for hour in range(24))
    wanted += player_rest(tmp_path, WEEK_S, whole)
    assert energy(player(tmp_path, "house"), MONDAY, whole, dt_s) == pytest.approx(wanted, abs=1e-6)


def player_rest(folder: Path, begin_s: float, end_s: float) -> float:
    """Return the kWh from one moment to another, taken off if the other is before."""
    under_test = player(folder, "house")
    first, last = min(begin_s, end_s), max(begin_s, end_s)
    if first == last:
        return 0.0
    under_test.tick(MONDAY + last, last - first)
    return under_test.meter.energy_kwh * (1.0 if end_s > begin_s else -1.0)


def test_times_with_a_zone_are_laid_on_the_local_week(tmp_path: Path) -> None:
    written(tmp_path, "house.csv", a_week().replace("Z,", "+01:00,"))
    under_test = player(tmp_path, "house", "Europe/Berlin")
    winter_midnight = MONDAY - 27 * WEEK_S - HOUR_S
    under_test.tick(winter_midnight + 3 * HOUR_S, HOUR_S)
    assert under_test.meter.power_kw == pytest.approx(0.02)


def test_a_day_is_looped_from_its_beginning(tmp_path: Path) -> None:
    written(tmp_path, "day.csv", of_hours([1.0, 2.0, 3.0]))
    powers = list(run(player(tmp_path, "day"), MONDAY + 999.0, 5 * HOUR_S, HOUR_S))
    assert powers == pytest.approx([1.0, 2.0, 3.0, 1.0, 2.0])


def test_once_through_it_ends(tmp_path: Path) -> None:
    written(tmp_path, "day.csv", of_hours([1.0, 2.0, 3.0]))
    under_test = player(tmp_path, "day")
    handle(under_test, SetMode("once"), 0.0)
    powers = list(run(under_test, MONDAY, 5 * HOUR_S, HOUR_S))
    assert powers == pytest.approx([1.0, 2.0, 3.0, 0.0, 0.0])


def test_it_goes_on_after_a_restart_where_it_was(tmp_path: Path) -> None:
    written(tmp_path, "day.csv", of_hours([1.0, 2.0, 3.0]))
    before = player(tmp_path, "day")
    next(run(before, MONDAY, HOUR_S, HOUR_S))
    again = Device.make(before.spec, before.kind, Sites(1, 0.0), before.state(None))
    again.tick(MONDAY + 2 * HOUR_S, HOUR_S)
    assert again.meter.power_kw == pytest.approx(2.0)


@pytest.mark.parametrize(("fills", "kwh"), [(False, 6.0), (True, 1.0 * 3 + 2.0 + 3.0 + 4.0 + 5.0)])
def test_gaps_are_kept_or_filled(tmp_path: Path, *, fills: bool, kwh: float) -> None:
    lines = of_hours([1.0, 1.0, 1.0]) + "2025-01-06T07:00:00Z,3.0\n"
    written(tmp_path, "gap.csv", lines)
    under_test = player(tmp_path, "gap")
    handle(under_test, SetFillGaps(fills), 0.0)
    handle(under_test, SetMode("once"), 0.0)
    took = energy(under_test, MONDAY, DAY_S, 60.0)
    filled = sum(1.0 + 2.0 * step / 5.0 for step in range(5)) + 2.0 + 3.0
    assert took == pytest.approx(filled if fills else kwh)


def test_what_feeds_in_is_negative_and_of_watts(tmp_path: Path) -> None:
    written(tmp_path, "sun.csv", "time;power_w\n2025-01-06 10:00;-1500,5\n2025-01-06 11:00;-500\n")
    under_test = player(tmp_path, "sun")
    powers = list(run(under_test, MONDAY, 2 * HOUR_S, HOUR_S))
    assert powers == pytest.approx([-1.5005, -0.5])
    assert under_test.meter.energy_kwh == pytest.approx(2.0005)


def test_a_row_without_a_power_is_a_gap(tmp_path: Path) -> None:
    written(tmp_path, "day.csv", of_hours([1.0, 2.0, 3.0]).replace(",2.0", ","))
    assert player(tmp_path, "day").kind.profile("day").base_power == 3.0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "row 1 is no header"),
        ("a,b\n1,2\n", "row 1 is no header"),
        (HEADER + "yesterday,1\n", "row 2 has no time, 'yesterday'"),
        (HEADER + "2025-01-06,1\n2025-01-07,much\n", "row 3 has no power, 'much'"),
        (HEADER + "2025-01-06,1\n\n2025-01-06,1\n", "row 4 is not later"),
        (HEADER + "2025-01-06,1\n2025-01-07,nan\n", "row 3 has no power from"),
        (HEADER + "2025-01-06,1\n2025-01-07\n", "row 3 has 1 values"),
        (HEADER + "2025-01-06,1\n", "row 2 and all others"),
        (HEADER + "0,1\n1e400,1\n", "row 3 has no time"),
    ],
)
def test_a_bad_row_is_refused_with_its_number(tmp_path: Path, text: str, reason: str) -> None:
    path = written(tmp_path, "bad.csv", text)
    with pytest.raises(ReplayFileError) as caught:
        catalogue_of(tmp_path)
    assert str(path) in str(caught.value)
    assert reason in str(caught.value)


def test_a_file_with_too_many_rows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST_ROWS", 2)
    written(tmp_path, "day.csv", of_hours([1.0, 2.0, 3.0]))
    with pytest.raises(ReplayFileError, match=r"row 4 is one too many: 2 are allowed"):
        catalogue_of(tmp_path)


@pytest.mark.parametrize("name", ["sample.csv", "a b.csv", "ü.csv"])
def test_a_name_that_is_taken_or_no_name_is_refused(tmp_path: Path, name: str) -> None:
    written(tmp_path, name, of_hours([1.0, 2.0]))
    with pytest.raises(ReplayFileError, match="name"):
        catalogue_of(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReplayFileError, match="no such file"):
        catalogue_of(tmp_path / "away")


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    written(tmp_path, "README.md", "hello")
    (tmp_path / "deeper").mkdir()
    assert len(catalogue_of(tmp_path).get("replay").profiles) == 1


def test_a_parquet_file_is_played_as_a_csv_file_is(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    times = [round((MONDAY + hour * HOUR_S) * 1000) for hour in range(3)]
    stamps = pa.array(times, pa.timestamp("ms", tz="UTC"))
    table = pa.table({"timestamp": stamps, "power": [1.0, None, 3.0]})
    parquet.write_table(table, tmp_path / "day.parquet")
    powers = list(run(player(tmp_path, "day"), MONDAY, 3 * HOUR_S, HOUR_S))
    assert powers[0] == 1.0
    assert powers[2] == 3.0


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "day.parquet", "no")
    with pytest.raises(ReplayFileError, match="is no Parquet file"):
        catalogue_of(tmp_path)


def test_devices_share_the_series(tmp_path: Path) -> None:
    written(tmp_path, "house.csv", a_week())
    kind = catalogue_of(tmp_path, str(ZoneInfo("UTC"))).get("replay")
    profile = kind.profile("house")
    series = {id(profile.build(None, 0.0).series) for _ in range(3)}  # type: ignore[arg-type, attr-defined]
    assert len(series) == 1
