"""A soak test beside a platform that raises alarms: what it finds, misses and cries for nothing.

Time goes in steps and alarms have the times of readings, so nothing hangs on how busy the machine
is.
"""

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from paho.mqtt.client import Client

from tests.mosquitto import Mosquitto, free_port, running_mosquitto
from tests.patience import SLACK
from tests.soak.alarms.platform import (
    Rule,
    everything,
    nothing,
    running_platform,
    trips,
    trips_and_false_zeros,
)
from tests.soak.scenarios import Soak, scenario, soaking

pytestmark = pytest.mark.long(25)
PASSED, FAILED, BAD_INPUT = 0, 1, 2
STEPS = 'speed = "step"\nstep = "30m"'
FAULTS = """
[[phase]]
kind = "fault"
at = "30m"
duration = "20m"
fault = "trip"
select = { ids = ["soak-roof-000001", "soak-roof-000002", "soak-roof-000003"] }
[[phase]]
kind = "fault"
at = "1h"
duration = "20m"
fault = "false_zero"
select = { ids = ["soak-roof-000004"] }
"""
ALARMS = '[verify.alarms]\ntopics = ["alarms/#"]\ntolerance = "1m"\nwait = 6\n'


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("alarms")) as broker:
        yield broker


def of(port: int, thresholds: str = "", verify: str = ALARMS, fleet: str = "") -> str:
    return scenario(
        port, devices=6, seconds=7_200.0, interval=300.0,
        load=STEPS, more=FAULTS, verify=verify, thresholds=thresholds, fleet=fleet,
    )  # fmt: skip


def watched(folder: Path, port: int, rule: Rule, text: str, *options: str) -> tuple[int, Soak]:
    with running_platform(port, rule), soaking(folder, text, *options) as soak:
        return soak.wait(), soak


def check_of(soak: Soak) -> dict[str, Any]:
    check: dict[str, Any] = soak.result["alarm_check"]
    return check


def cases(soak: Soak) -> dict[str, str | None]:
    """What junit.xml says of each threshold: why it failed, if it did."""
    root = ElementTree.parse(soak.latest / "junit.xml").getroot()
    failures = {one.get("name"): one.find("failure") for one in root.iter("testcase")}
    return {str(n): None if one is None else one.get("message") for n, one in failures.items()}


def test_a_platform_that_finds_all_passes_in_several_processes(
    tmp_path: Path, broker: Mosquitto
) -> None:
    limits = 'alarm_delay_p95 = "6m"\nfalse_alarms = 0\nfalse_alarms_per_device_day = 0\n'
    limits += '[[thresholds.fault]]\nfault = "trip"\nmissed = 0\ndelay_p95 = "6m"\nfalse_alarms = 0'
    text = of(broker.port, limits)
    code, soak = watched(tmp_path, broker.port, trips_and_false_zeros, text, "--workers", "2")
    assert code == PASSED, soak.said
    check = check_of(soak)
    assert (check["faults"], check["found"], check["false_alarms"]) == (4, 4, 0)
    assert {one["fault"]: one["found"] for one in check["kinds"]} == {"trip": 3, "false_zero": 1}
    assert 0 <= check["delay_p95_s"] <= 300
    assert check["device_days"] == pytest.approx(6 * 7_200 / 86_400)
    assert "kept   trip: not found: 0 %" in soak.said
    assert cases(soak)["trip: alarm after its begin, p95"] is None


def test_a_fault_that_was_missed_fails_the_run_which_says_which(
    tmp_path: Path, broker: Mosquitto
) -> None:
    limits = 'faults_missed = "10%"\n[[thresholds.fault]]\nfault = "false_zero"\nmissed = 0'
    code, soak = watched(tmp_path, broker.port, trips, of(broker.port, limits))
    assert code == FAILED, soak.said
    which = "faults not found: 25 % (1 of 4: false_zero of soak-roof-000004 at "
    assert f"broken {which}" in soak.said
    assert "broken false_zero: not found: 100 %, at most 0 %" in soak.said
    assert str(cases(soak)["faults not found"]).startswith(which.partition(": ")[2])
    page = (soak.latest / "report.html").read_text()
    assert "Not found: false_zero of soak-roof-000004 at " in page


def test_one_that_cries_for_nothing_fails_on_its_false_alarms(
    tmp_path: Path, broker: Mosquitto
) -> None:
    limits = "false_alarms = 3\nfalse_alarms_per_device_day = 1"
    limits += '\n[[thresholds.fault]]\nfault = "gap"\nfalse_alarms = 0'
    code, soak = watched(tmp_path, broker.port, everything, of(broker.port, limits))
    assert code == FAILED, soak.said
    check = check_of(soak)
    assert check["found"] == check["faults"] == 4
    assert check["false_alarms"] == 6 * 24 - 4 * 4
    assert "gap of soak-roof-0000" in next(iter(check["cried"]))
    broken = [line.split(": ")[0] for line in soak.said.splitlines() if "broken" in line]
    assert broken == [
        "  broken false alarms", "  broken false alarms a device and day", "  broken gap",
    ]  # fmt: skip


def test_a_dead_platform_fails_without_any_threshold_and_in_any_dialect(
    tmp_path: Path, broker: Mosquitto
) -> None:
    text = of(broker.port, fleet='name = "soak"\ndialect = "sparkplug"')
    code, soak = watched(tmp_path, broker.port, nothing, text)
    assert code == FAILED, soak.said
    assert "faults not found: 100 % (4 of 4: trip of soak-roof-000001 at " in soak.said
    assert check_of(soak)["alarms"] == 0


def test_what_is_no_alarm_is_counted_and_said_and_finds_nothing(
    tmp_path: Path, broker: Mosquitto
) -> None:
    port, answers = free_port(), list[int]()

    def send_garbage(client: Client) -> None:
        client.publish("alarms/x", "no alarm", qos=1)
        client.publish("alarms/x", '{"device_id": 7, "timestamp": 1}', qos=1)
        client.publish("alarms/x", '{"device_id": "a", "timestamp": 1e300}', qos=1)
        answers.append(posted(port, b"[" * 100_000))
        answers.append(posted(port, b" " * 2**20 + b"{}"))
        answers.append(posted(port, b'{"device_id": "stranger", "timestamp": 1}'))

    text = of(broker.port, "", f"{ALARMS}http_port = {port}\n")
    with running_platform(broker.port, nothing, send_garbage), soaking(tmp_path, text) as soak:
        assert soak.wait() == FAILED, soak.said
    assert answers == [400, 413, 204]
    check = check_of(soak)
    assert (check["unreadable"], check["alarms"], check["uncounted"]) == (5, 1, 1)
    said = [one["text"] for one in soak.result["events"] if one["kind"] == "alarms"]
    assert len(said) == 5
    assert "/: no alarm: it has more than 1,048,576 bytes" in said


def posted(port: int, body: bytes) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", body, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10 * SLACK) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_where_alarms_can_not_be_heard_nothing_runs(tmp_path: Path, broker: Mosquitto) -> None:
    verify = f"[verify.alarms]\nhttp_port = {broker.port}\n"
    with soaking(tmp_path, of(broker.port, "", verify)) as soak:
        assert soak.wait() == BAD_INPUT
    assert f"alarms can not be posted to 127.0.0.1:{broker.port}" in soak.said
    assert "give another verify.alarms.http_port" in soak.said
    assert "Traceback" not in soak.said
