"""Where the reports of a run are: none overwrites those of another."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from iotmock.soak.report.report import read_report, report_on, write_report
from iotmock.soak.report.run_folder import drop_if_empty, link_latest, new_folder
from tests.mosquitto import running_mosquitto
from tests.soak.runs import result, totals
from tests.soak.scenarios import scenario, soaking

NOW = datetime(2025, 8, 9, 16, 30, 5, tzinfo=UTC)


def test_each_run_has_a_folder_even_in_the_same_second(tmp_path: Path) -> None:
    names = [new_folder(tmp_path / "night", NOW).name for _ in range(3)]
    assert names == ["2025-08-09T16-30-05Z", "2025-08-09T16-30-05Z-2", "2025-08-09T16-30-05Z-3"]


def test_latest_leads_to_the_run_that_was_linked_last(tmp_path: Path) -> None:
    for _ in range(2):
        link_latest(folder := new_folder(tmp_path, NOW))
        assert (tmp_path / "latest").resolve() == folder.resolve()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "2025-08-09T16-30-05Z", "2025-08-09T16-30-05Z-2", "latest",
    ]  # fmt: skip


def test_what_has_the_name_latest_and_is_no_link_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "latest").mkdir()
    (tmp_path / "latest" / "kept").touch()
    folder = new_folder(tmp_path, NOW)
    with pytest.raises(OSError, match="directory"):
        link_latest(folder)
    assert (tmp_path / "latest" / "kept").exists()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_run_that_left_nothing_leaves_no_folder(tmp_path: Path) -> None:
    empty, full = new_folder(tmp_path, NOW), new_folder(tmp_path, NOW)
    (full / "worker-0.log").touch()
    for folder in (empty, full, empty):
        drop_if_empty(folder)
    assert [path.name for path in tmp_path.iterdir()] == [full.name]


def test_a_folder_of_runs_stands_for_its_latest(tmp_path: Path) -> None:
    for lost in (1, 2):
        folder = new_folder(tmp_path, NOW)
        write_report(report_on(result(totals=totals(lost=lost))), folder)
        link_latest(folder)
    assert read_report(tmp_path).result.totals.lost == 2
    assert read_report(tmp_path / "2025-08-09T16-30-05Z").result.totals.lost == 1


def test_a_second_run_does_not_overwrite_the_report_of_the_first(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker:
        for devices in (5, 6):
            with soaking(tmp_path, scenario(broker.port, devices, 1)) as soak:
                assert soak.wait() == 0, soak.said
    assert [read_report(folder).result.totals.sent for folder in soak.runs] == [5, 6]
    assert soak.totals["sent"] == 6
