"""Reports of soaks in a folder."""

from pathlib import Path

import msgspec
import pytest

from iotmock.rest.reports.found import page_in, reports_in
from iotmock.soak.report.report import report_on, write_report
from tests.rest.client import Client
from tests.soak.runs import result

pytestmark = pytest.mark.trio


def leave(folder: Path, started: str = "2026-11-27T12:00:00+00:00") -> None:
    """Leave the report of a run, as `iotmock soak` does."""
    write_report(report_on(msgspec.structs.replace(result(), started=started)), folder)


async def test_the_newest_is_first_and_latest_is_not_there_twice(tmp_path: Path) -> None:
    leave(tmp_path / "small/one", "2026-11-27T12:00:00+00:00")
    leave(tmp_path / "small/two", "2026-11-28T12:00:00+00:00")
    (tmp_path / "small/latest").symlink_to("two")
    found = reports_in(tmp_path)
    assert [one.run for one in found] == ["small/two", "small/one"]
    assert {one.scenario for one in found} == {"small"}
    assert found[0].status == "passed"


async def test_what_is_no_report_is_passed_over(tmp_path: Path) -> None:
    leave(tmp_path / "good")
    for name, text in (("bad", "{"), ("other", '{"verdict": 1}'), ("none", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.json").write_text(text)
    assert [one.run for one in reports_in(tmp_path)] == ["good"]
    assert reports_in(tmp_path / "nowhere") == []


async def test_only_a_report_s_page_is_given(tmp_path: Path) -> None:
    leave(tmp_path / "runs/one")
    leave(tmp_path / "outside")
    assert (page_in(tmp_path / "runs", "one") or b"").startswith(b"<!doctype html>")
    for run in ("../outside", "", ".", "one/..", str(tmp_path / "outside"), "two"):
        assert page_in(tmp_path / "runs", run) is None


async def test_without_a_folder_there_are_none(client: Client) -> None:
    assert (await client.get("/api/v1/reports")).content == {"folder": None, "reports": []}
    assert (await client.get("/reports?run=one")).status == 404
