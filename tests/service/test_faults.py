"""Faults in a real service, before a real mosquitto: on demand, over a kill, out of the ledger."""

import csv
import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from iotmock.model.numbers.plain_number import plain
from tests.mosquitto import free_port
from tests.patience import SLACK
from tests.service.process import (
    Service,
    Subscriber,
    command,
    running_service,
    subscribed,
    wait_until,
)
from tests.service.test_service import with_mosquitto
from tests.service.test_stream import listening, next_data

pytestmark = pytest.mark.long(10)
HVAC = "mock-hvac-001"
FAULTS = f"/api/v1/devices/{HVAC}/faults"
QUICK = {"SIMULATION_INTERVAL": 0.1}
GONE = "iotmock-faults.db was deleted or replaced: restart the service"


def inject(service: Service, fault: str, **body: Any) -> Any:
    status, entry = service.request("POST", FAULTS, {"fault": fault, **body})
    assert status == 201, entry
    return entry


def iotmock(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command_line = [sys.executable, "-m", "iotmock", *arguments]
    return subprocess.run(
        command_line, cwd=folder, capture_output=True, text=True, timeout=60 * SLACK, check=False
    )


def ledger(service: Service, fault: str) -> Any:
    (entry,) = service.request("GET", f"/api/v1/faults?fault={fault}")[1]["faults"]
    return entry


def ended(service: Service, fault: str) -> Any:
    wait_until(lambda: ledger(service, fault)["state"] == "ended", 20, f"{fault} ends")
    return ledger(service, fault)


def undergone(service: Service, fault: str, messages: int, **body: Any) -> Any:
    """Have a device undergo a fault until it has had its effect on so many messages."""
    entry = inject(service, fault, **body)
    wait_until(lambda: ledger(service, fault)["affected"] >= messages, 20, f"{fault} shows")
    assert service.request("DELETE", f"{FAULTS}/{entry['fault_id']}")[0] == 204
    return ended(service, fault)


def stamps(heard: Subscriber) -> list[str]:
    return [content["timestamp"] for content in heard.data(HVAC)]


def test_each_kind_on_demand_agrees_with_the_ledger_message_by_message(tmp_path: Path) -> None:
    with (
        with_mosquitto(tmp_path, **QUICK) as (broker, service),
        subscribed(broker.port) as heard,
    ):
        heard.wait_for(lambda s: s.data(HVAC))
        zero = undergone(service, "false_zero", 3)
        outage = undergone(service, "outage", 6, parameters={"buffer": 4})
        heard.wait_for(lambda s: s.statuses(HVAC)[-1]["status"] == "online")
        trip = undergone(service, "trip", 3)
        seen = heard.wait_for(lambda s: [m for m in s.data(HVAC) if m["timestamp"] > trip["end"]])
        assert seen[-1]["power"] > 0.0
        contents = heard.data(HVAC)
        zeros = {m["timestamp"] for m in contents if m["power"] == 0.0 and m["current"] > 0.0}
        assert zeros == {m["timestamp"] for m in zero["messages"]} != set()
        late = [m["timestamp"] for m in outage["messages"] if m["effect"] == "late"]
        missing = {m["timestamp"] for m in outage["messages"] if m["effect"] == "missing"}
        assert len(late) == 4
        assert stamps(heard).count(late[0]) == 1
        assert missing
        assert missing.isdisjoint(stamps(heard))
        tripped = {m["timestamp"] for m in contents if m["status"] == "error"}
        assert tripped == {m["timestamp"] for m in trip["messages"]} != set()
        told = [message["status"] for message in heard.statuses(HVAC)]
        assert told == ["online", "offline", "online", "error", "online"]


def test_faults_go_on_over_a_kill_and_their_end_is_kept(tmp_path: Path) -> None:
    with with_mosquitto(tmp_path, **QUICK) as (_, service):
        # Large, because at night an office needs next to nothing.
        service.request("PUT", f"/api/v1/devices/{HVAC}", {"base_power": 5_000})
        wait_until(lambda: service.device(HVAC)["readings"]["energy"] > 0.002, 20, "it counts")
        inject(service, "counter_reset")
        inject(service, "stuck")
        waiting = inject(service, "gap", start="2099-01-01T00:00:00Z")
        assert waiting["state"] == "scheduled"
        stuck = service.device(HVAC)["readings"]["power"]
        wait_until(lambda: ledger(service, "counter_reset")["affected"] > 2, 20, "it is on record")
        service.end(signal.SIGKILL)
        service.start()
        entries = service.request("GET", FAULTS)[1]["faults"]
        assert {entry["fault"]: entry["state"] for entry in entries} == {
            "counter_reset": "active",
            "stuck": "active",
            "gap": "scheduled",
        }
        assert service.device(HVAC)["readings"]["power"] == stuck
        for entry in entries:
            assert service.request("DELETE", f"{FAULTS}/{entry['fault_id']}")[0] == 204
        assert service.request("GET", FAULTS)[1] == {"faults": [], "total": 0}
        assert service.request("DELETE", f"{FAULTS}/{entries[0]['fault_id']}")[0] == 404
        states = {e["state"] for e in service.request("GET", "/api/v1/faults")[1]["faults"]}
        assert states == {"ended"}


def test_many_at_once_by_selector_and_cleared_as_a_group(tmp_path: Path) -> None:
    with with_mosquitto(tmp_path, **QUICK) as (_, service):
        body = {"selector": {"ids": [HVAC, "mock-server-001"]}, "fault": "outage"}
        status, injected = service.request("POST", "/api/v1/faults", body)
        assert (status, injected["injected"], injected["refused"]) == (201, 2, [])
        assert service.device(HVAC)["status"] == "offline"
        where = f"/api/v1/faults?group={injected['group']}"
        assert service.request("DELETE", where) == (200, {"cleared": 2})
        assert service.device(HVAC)["status"] == "online"


def test_a_ledger_of_some_days_forgets_what_ended_earlier(tmp_path: Path) -> None:
    days_of_a_second = 1 / 86_400
    with with_mosquitto(tmp_path, FAULT_LEDGER_DAYS=days_of_a_second, **QUICK) as (_, service):
        inject(service, "false_zero")  # which at any time of day changes what is told
        inject(service, "stuck", duration=0.5)
        where = "/api/v1/faults?fault="
        wait_until(lambda: not service.request("GET", f"{where}stuck")[1]["total"], 20, "gone")
        seen = list[Any]()

        def goes_on() -> bool:
            seen[:] = ledger(service, "false_zero")["messages"]
            return bool(seen)

        wait_until(goes_on, 20, "it goes on")
        first = seen[0]
        wait_until(
            lambda: first not in ledger(service, "false_zero")["messages"], 20, "its past goes"
        )
        assert ledger(service, "false_zero")["state"] == "active"


def test_over_mqtt_and_with_a_topic_of_its_own(tmp_path: Path) -> None:
    with (
        with_mosquitto(tmp_path, FAULT_TOPIC="on", **QUICK) as (broker, service),
        subscribed(broker.port) as heard,
    ):
        heard.wait_for(lambda s: s.data(HVAC))
        command(service, broker.port, HVAC, "inject_fault", fault="gateway_outage")
        command(service, broker.port, HVAC, "inject_fault", fault="outage", fault_id="mine")
        topic = f"energy/devices/{HVAC}/faults"
        heard.wait_for(lambda s: [e["state"] for e in s.at(topic)][-1:] == ["active"])
        command(service, broker.port, HVAC, "clear_fault", fault_id="mine")
        heard.wait_for(lambda s: [e["state"] for e in s.at(topic)][-1:] == ["ended"])
        results = heard.wait_for(lambda s: len(s.results(HVAC)) == 3 and s.results(HVAC))
        assert [result["status"] for result in results] == ["rejected", "applied", "applied"]
        assert ledger(service, "outage")["fault_id"] == "mine"


@pytest.mark.parametrize(
    ("fault", "parameters"),
    [
        ("dropout", {"probability": 0.00005}),
        ("drift", {"percent_per_day": 1e-7}),
        ("rollover", {"register_kwh": 1e20}),
    ],
)
def test_a_parameter_of_any_size_is_told_without_an_exponent(
    tmp_path: Path, fault: str, parameters: dict[str, float]
) -> None:
    ((name, value),) = parameters.items()
    written = f'"{name}":{plain(value)}'
    with (
        with_mosquitto(tmp_path, FAULT_TOPIC="on", **QUICK) as (broker, service),
        subscribed(broker.port) as heard,
        listening(service, "?kind=fault") as stream,
    ):
        heard.wait_for(lambda s: s.data(HVAC))
        entry = inject(service, fault, parameters=parameters)
        assert next_data(stream)["parameters"] == entry["parameters"] == parameters
        topic = f"energy/devices/{HVAC}/faults"
        heard.wait_for(
            lambda s: [text for at, text in s.messages if at == topic and written in text]
        )
        command(service, broker.port, HVAC, "inject_fault", fault=fault, parameters=parameters)
        (result,) = heard.wait_for(lambda s: s.results(HVAC))
        assert result["status"] == "applied"
        for form, quote in (("jsonl", '"'), ("csv", '""')):
            exported = iotmock(tmp_path, "faults", "export", "--format", form)
            assert exported.stdout.count(written.replace('"', quote)) >= 2
        with closing(sqlite3.connect(tmp_path / "iotmock-faults.db")) as db:
            rows = db.execute("SELECT parameters FROM faults").fetchall()
        assert rows == [(f"{{{written}}}",)] * 2
        assert service.device(HVAC)["status"] == "online"
        assert "Traceback" not in service.log


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"fault": "no"}, "fault"),
        ({"fault": "gap", "parameters": {"x": 1}}, "parameters.x"),
        ({"fault": "spike", "duration": 5}, "duration"),
        ({"fault": "gap", "start": "tomorrow"}, "start"),
        ({"fault": "gap", "duration": -1}, "duration"),
        ({"duration": 1}, "fault"),
        ({"fault": "jam"}, "fault"),
        ({"fault": "gateway_outage"}, "fault"),
    ],
)
def test_a_wrong_request_is_a_problem_that_names_the_field(
    wrong: Service, body: dict[str, Any], field: str
) -> None:
    status, problem = wrong.request("POST", FAULTS, body)
    assert status == 422, problem
    assert [error["field"] for error in problem["errors"]] == [field]


@pytest.fixture(scope="module", name="wrong")
def service_for_wrong_requests(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with with_mosquitto(tmp_path_factory.mktemp("wrong")) as (_, service):
        yield service


def test_the_ledger_is_exported_while_the_service_runs_and_scores_a_detector(
    tmp_path: Path,
) -> None:
    with with_mosquitto(tmp_path, **QUICK) as (_, service):
        inject(service, "false_zero", duration=1.0)
        entry = ended(service, "false_zero")
        exported = iotmock(tmp_path, "faults", "export", "--output", "faults.jsonl")
        assert exported.returncode == 0, exported.stderr
        (line,) = (tmp_path / "faults.jsonl").read_text().splitlines()
        assert json.loads(line) == entry
        as_csv = iotmock(tmp_path, "faults", "export", "--format", "csv").stdout
        rows = list(csv.DictReader(as_csv.splitlines()))
        assert [row["timestamp"] for row in rows] == [m["timestamp"] for m in entry["messages"]]
    # Timestamps are whole seconds, so that the first may seem to be before the begin.
    begin = datetime.fromisoformat(entry["begin"])
    stamps = [message["timestamp"] for message in entry["messages"]]
    second = next(stamp for stamp in stamps if datetime.fromisoformat(stamp) >= begin)
    alarms = f"device_id,timestamp,kind\n{HVAC},{second},false_zero\nother,{second},false_zero\n"
    (tmp_path / "alarms.csv").write_text(alarms)
    files = ("--truth", "faults.jsonl", "--alarms", "alarms.csv")
    scored = iotmock(tmp_path, "faults", "score", *files)
    delay = datetime.fromisoformat(second) - begin
    assert scored.returncode == 0, scored.stderr
    (cells,) = [row for row in map(str.split, scored.stdout.splitlines()) if "false_zero" in row]
    counts, shares = ["1", "1", "0", "1"], ["0.500", "1.000", "0.667"]
    assert cells[:-2] == ["false_zero", *counts, *shares]
    # Half a tenth may be rounded either way.
    delays = pytest.approx([delay.total_seconds()] * 2, abs=0.051)
    assert [float(cell) for cell in cells[-2:]] == delays
    assert datetime.now(UTC).isoformat() > second


def test_a_ledger_of_something_else_stops_the_start_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "other.db").write_text("not a database at all, but long enough to look at it")
    service = Service(tmp_path, {"FAULT_LEDGER": "other.db", "MQTT_EMBEDDED_BROKER": "off"})
    assert service.run() == 2
    assert service.log.startswith("iotmock: FAULT_LEDGER=other.db is corrupt (file is not")
    assert len(service.log.splitlines()) == 1


def test_two_services_do_not_share_a_ledger_but_readers_may(tmp_path: Path) -> None:
    shared: dict[str, object] = {"FAULT_LEDGER": "faults.db", "MQTT_EMBEDDED_BROKER": "off"}
    with running_service(tmp_path, **shared, MQTT_BROKER_PORT=free_port()) as service:
        entry = inject(service, "stuck")
        (tmp_path / "alias.db").symlink_to("faults.db")
        for name in ("faults.db", "alias.db"):
            variables = {"STATE_FILE": "other.db", "FAULT_LEDGER": name}
            other = Service(tmp_path, {**variables, "MQTT_EMBEDDED_BROKER": "off"})
            before = service.log
            assert other.run() == 2
            (line,) = service.log.removeprefix(before).splitlines()
            assert line.startswith(f"iotmock: FAULT_LEDGER={name} is in use by another process")
        assert ledger(service, "stuck")["state"] == "active"
        exported = iotmock(tmp_path, "faults", "export", "--ledger", "faults.db")
        assert json.loads(exported.stdout)["fault_id"] == entry["fault_id"]
        service.end(signal.SIGKILL)
        service.start()
        assert ledger(service, "stuck")["state"] == "active"


@pytest.mark.parametrize("replaced", [False, True])
def test_a_ledger_that_is_deleted_or_replaced_is_told(tmp_path: Path, *, replaced: bool) -> None:
    with running_service(tmp_path, MQTT_EMBEDDED_BROKER="off", MQTT_BROKER_PORT=free_port()) as it:
        ledger = tmp_path / "iotmock-faults.db"
        ledger.unlink()
        if replaced:
            ledger.write_bytes(b"")
        wait_until(lambda: GONE in str(it.request("GET", "/health")[1]), 10, "health says so")
        assert it.end() == 0
        assert "Traceback" not in it.log
