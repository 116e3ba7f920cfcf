"""What the page of a run answers to programs."""

from pathlib import Path

import httpx
import pytest
import trio
import trio.testing
from rich.console import Console

from iotmock.soak.report.leaving import Left, leave
from iotmock.soak.report.report import report_on
from iotmock.soak.report.terminal.lines import Lines
from iotmock.soak.report.terminal.screen import Course
from iotmock.soak.web.serving import showing
from iotmock.soak.web.watch import Watch
from tests.patience import SLACK, within
from tests.soak.runs import result, troubled

pytestmark = pytest.mark.trio


def watch() -> Watch:
    return Watch(Course("night", 300.0), Lines(Console(quiet=True), 300.0), "night/one")


async def test_a_program_is_not_led_to_a_document_that_a_run_has_not() -> None:
    async with showing(watch(), 0) as url, httpx.AsyncClient(timeout=10 * SLACK) as client:
        with within(20):
            got = await client.get(url)
        assert (got.status_code, got.headers["Content-Type"]) == (200, "text/html")


async def test_what_is_not_there_says_what_is() -> None:
    async with showing(watch(), 0) as url, httpx.AsyncClient(timeout=10 * SLACK) as client:
        with within(20):
            for path in ("docs", "report.html", "api/v1/devices"):
                got = await client.get(url + path)
                assert got.status_code == 404
                assert got.json()["detail"].startswith(f"there is nothing at /{path}: a run has a")
                assert "/docs lists" not in got.text


async def test_a_run_that_has_ended_shows_its_verdict_and_gives_its_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_LINGER_S", "_LOOKING_S"):
        monkeypatch.setattr(f"iotmock.soak.web.watch.{name}", 5.0 * SLACK)
    shown = watch()
    async with showing(shown, 0) as url, httpx.AsyncClient(timeout=10 * SLACK) as client:
        with within(20):
            assert (await client.get(f"{url}api/v1/soak")).json()["ended"] is None
            async with trio.open_nursery() as nursery:
                nursery.start_soon(shown.end, leave(report_on(troubled()), tmp_path))
                await trio.testing.wait_all_tasks_blocked()
                told = (await client.get(f"{url}api/v1/soak")).json()
                report = await client.get(f"{url}report.html")
                # Who looks has time to see it.
                assert nursery.child_tasks
                nursery.cancel_scope.cancel()
    assert told["ended"]["status"] == "failed"
    assert told["ended"]["report"] == str(tmp_path / "report.html")
    assert "broken" not in told["ended"]["says"]
    assert any(not one["passed"] for one in told["thresholds"])
    assert report.content == (tmp_path / "report.html").read_bytes()
    assert report.headers["Content-Disposition"].startswith("attachment")


async def test_a_run_that_nobody_looks_at_does_not_linger(autojump_clock: object) -> None:
    began = trio.current_time()
    await watch().end(Left(report_on(result())))
    assert trio.current_time() == began


async def test_a_report_that_the_disk_does_not_take_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    shown = watch()
    await shown.end(leave(report_on(result()), tmp_path / "file"))
    ended = shown.so_far(0).ended
    assert ended is not None
    assert ended.report is None
    assert "file" in (ended.not_written or "")
