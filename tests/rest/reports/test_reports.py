"""Reports of soaks in a folder."""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from iotmock.rest.reports.files import LARGEST, read_plain
from iotmock.rest.reports.found import file_in, reports_in
from iotmock.soak.report.report import report_on, write_report
from tests.rest.client import Client
from tests.soak.runs import result

pytestmark = pytest.mark.trio


def leave(folder: Path, started: str = "2026-11-27T12:00:00+00:00") -> None:
    """Leave the report of a run, as `iotmock soak` does."""
    write_report(report_on(msgspec.structs.replace(result(), started=started)), folder)


def page_in(folder: Path, run: str) -> bytes | None:
    return file_in(folder, run, "report.html")


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


HOSTILE = {
    "no UTF-8": lambda good: good.replace(b'"small"', b'"\xff\xfe"'),
    "deeper than Python goes": lambda _: b'{"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "a start that is no moment": lambda good: good.replace(b"2026-11-27T12:00:00+00:00", b"x" * 9),
    "a name of a megabyte": lambda good: good.replace(b'"small"', b'"%b"' % (b"x" * 1_000_000)),
}


@pytest.mark.parametrize("spoilt", HOSTILE.values(), ids=HOSTILE)
async def test_a_hostile_report_does_not_hide_the_others(
    tmp_path: Path, spoilt: Callable[[bytes], bytes]
) -> None:
    leave(tmp_path / "good")
    leave(tmp_path / "bad")
    file = tmp_path / "bad/report.json"
    was = file.read_bytes()
    file.write_bytes(spoilt(was))
    assert file.read_bytes() != was
    assert [one.run for one in reports_in(tmp_path)] == ["good"]
    assert page_in(tmp_path, "bad") is None


async def test_a_folder_whose_name_is_no_text_is_passed_over(tmp_path: Path) -> None:
    leave(tmp_path / "good")
    leave(tmp_path / "bad")
    os.rename(tmp_path / "bad", os.fsencode(tmp_path) + b"/\xff\xfe")
    assert [one.run for one in reports_in(tmp_path)] == ["good"]


async def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    leave(tmp_path / "outside")
    leave(runs / "one")
    (runs / "one/report.html").unlink()
    (runs / "one/report.html").symlink_to("/etc/passwd")
    (runs / "two").symlink_to(tmp_path / "outside")
    (runs / "three").mkdir()
    (runs / "three/report.json").symlink_to(tmp_path / "outside/report.json")
    assert [one.run for one in reports_in(runs)] == ["one"]
    assert [page_in(runs, run) for run in ("one", "two", "three")] == [None, None, None]


@pytest.mark.parametrize("name", ["report.json", "report.html"])
async def test_a_pipe_is_not_waited_for(tmp_path: Path, name: str) -> None:
    leave(tmp_path / "one")
    (tmp_path / "one" / name).unlink()
    os.mkfifo(tmp_path / "one" / name)
    with pytest.raises(OSError, match="is no file"):
        read_plain(tmp_path / "one" / name)
    assert page_in(tmp_path, "one") is None


@pytest.mark.parametrize("name", ["report.json", "report.html"])
async def test_what_is_too_large_for_memory_is_not_read(tmp_path: Path, name: str) -> None:
    leave(tmp_path / "one")
    os.truncate(tmp_path / "one" / name, LARGEST + 1)
    with pytest.raises(OSError, match="larger than"):
        read_plain(tmp_path / "one" / name)
    assert page_in(tmp_path, "one") is None


async def test_a_page_is_found_without_a_look_at_the_other_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(tmp_path / "many/one")
    monkeypatch.setattr("os.walk", lambda _: pytest.fail("it looks at all"))
    assert page_in(tmp_path, "many/one") is not None


async def test_names_that_are_no_path_of_a_run_have_no_page(tmp_path: Path) -> None:
    leave(tmp_path / "one")
    for run in ("one/", "./one", "one\x00", "one\n", "\udcff", "x" * 900, "a/b/c/d"):
        assert page_in(tmp_path, run) is None
