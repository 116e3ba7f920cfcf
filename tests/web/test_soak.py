"""A soak as a page: while it goes on, and its report afterwards."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from iotmock.soak.report.report import report_on, write_report
from tests.mosquitto import Mosquitto, free_port, program
from tests.packaging.commands import clean_environment
from tests.patience import SLACK
from tests.service.process import running_service, wait_until
from tests.soak.runs import result
from tests.web.browser import PHONE, opened_tab

pytestmark = [pytest.mark.long(45), pytest.mark.timeout(300 * SLACK)]
SCENARIO = """
name = "short"
[[fleet.group]]
device_type = "hvac"
count = 20
[load]
duration = "600s"
interval = 1
[[phase]]
kind = "fault"
at = "3s"
duration = "4s"
fault = "duplicate"
parameters = { probability = 1.0 }
[[phase]]
kind = "pause"
at = "590s"
duration = "1s"
[[campaign]]
at = "4s"
command = "set_power"
parameters = { power = 30.0 }
commands = 5
rate = 5
[thresholds]
loss = 0
latency_p99_ms = 30000
"""


@pytest.fixture
def run(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A soak that goes on, and the port of its page."""
    program("mosquitto")
    (tmp_path / "short.toml").write_text(SCENARIO)
    port = free_port()
    words = ("-m", "iotmock", "soak", "short.toml", "-o", "runs/short", "--web", str(port))
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=tmp_path,
            stdout=said,
            stderr=said,
            env=clean_environment(),
        )
    try:
        told = f"watch it at http://127.0.0.1:{port}/"
        wait_until(lambda: told in (tmp_path / "said").read_text(), 30, "it says where its page is")
        yield process, port
    finally:
        process.kill()
        process.wait()


def test_a_run_is_watched_to_its_end(
    browser: Browser, run: tuple[subprocess.Popen[bytes], int], tmp_path: Path
) -> None:
    process, port = run
    with opened_tab(browser, port) as tab, opened_tab(browser, port, PHONE) as phone:
        page, narrow = tab.go(), phone.go()
        tab.heading("short")
        expect(page.get_by_text("next, in")).to_be_visible()
        expect(page.get_by_role("row", name="loss")).to_contain_text("kept")
        expect(page.get_by_role("row", name=re.compile("latency"))).to_contain_text("30,000 ms")
        expect(page.get_by_role("row", name=re.compile("fault duplicate"))).to_be_visible()
        expect(page.get_by_role("row", name=re.compile("set_power"))).to_be_visible()
        expect(page.locator(".plot canvas")).to_have_count(4)
        assert tab.violations() == []
        tab.picture("soak", tmp_path)
        narrow.get_by_text("Thresholds so far").wait_for()
        assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")
        phone.picture("phone-soak-run", tmp_path)
        assert tab.complaints == phone.complaints == []
        process.send_signal(signal.SIGINT)
        verdict = page.get_by_role("status", name="Verdict")
        expect(verdict).to_contain_text("interrupted", timeout=60_000 * SLACK)
        expect(verdict.locator("code")).to_contain_text(re.compile("/runs/short/.*/report.html"))
        expect(page.locator(".pulse")).to_have_text("ended")
        assert process.wait(60 * SLACK) == 130, (tmp_path / "said").read_text()
        # What the page came from is gone; it has the report all the same.
        with page.expect_download() as saved:
            verdict.get_by_role("link", name="Save the report").click()
        assert saved.value.suggested_filename == "short-report.html"
        written = next((tmp_path / "runs/short").glob("2*/report.html"))
        assert saved.value.path().read_bytes() == written.read_bytes()
        assert tab.violations() == []
        tab.picture("soak-ended", tmp_path)


def test_a_run_that_is_killed_is_said_to_answer_no_more(
    browser: Browser, run: tuple[subprocess.Popen[bytes], int], tmp_path: Path
) -> None:
    process, port = run
    with opened_tab(browser, port) as tab:
        page = tab.go()
        page.get_by_text("next, in").wait_for()
        process.kill()
        expect(page.locator(".banner")).to_contain_text("The run does not answer")
        expect(page.locator(".banner")).to_contain_text("runs/short/")
        expect(page.locator(".pulse")).to_have_text("no answer")
        assert tab.violations() == []
        tab.picture("soak-no-answer", tmp_path)


def test_its_report_is_listed_and_opened(
    browser: Browser, broker: Mosquitto, tmp_path: Path
) -> None:
    write_report(report_on(result()), tmp_path / "runs/small/one")
    with (
        running_service(
            tmp_path,
            MQTT_BROKER_HOST="127.0.0.1",
            MQTT_BROKER_PORT=broker.port,
            MQTT_EMBEDDED_BROKER="off",
            REPORTS_DIR=tmp_path / "runs",
        ) as service,
        opened_tab(browser, service.port) as tab,
    ):
        page = tab.go("soak")
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody tr")).to_contain_text("small")
        tab.picture("reports", tmp_path)
        assert tab.violations() == []
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Open the report of small/one").click()
        report = opened.value
        expect(report.locator("body")).to_contain_text("small")
        assert report.evaluate("document.querySelectorAll('svg').length") > 0
        with report.expect_navigation():
            report.get_by_role("link", name="report.json").click()
        assert json.loads(report.inner_text("body"))["verdict"]["status"] == "passed"
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Open the JUnit of small/one").click()
        expect(opened.value.get_by_text("testsuite").first).to_be_visible()
        assert tab.complaints == []


def test_a_port_that_is_taken_is_said_in_a_sentence(broker: Mosquitto, tmp_path: Path) -> None:
    (tmp_path / "short.toml").write_text(SCENARIO)
    command = [sys.executable, "-m", "iotmock", "soak", "short.toml", "--web", str(broker.port)]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=60 * SLACK,
        check=False,
    )
    assert done.returncode == 2
    said = f"--web {broker.port} can not be listened at: Address already in use; give another port"
    assert said in done.stderr
