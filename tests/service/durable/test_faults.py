"""A fault that was acknowledged is there after a kill, and one that was cleared is not."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.full_disk import small_disk
from tests.mosquitto import free_port
from tests.service.durable.test_durable import killed
from tests.service.process import Service, command, running_service, subscribed, wait_until
from tests.service.test_service import with_mosquitto

pytestmark = pytest.mark.long(15)
HVAC, SERVER = "mock-hvac-001", "mock-server-001"
ALL = "/api/v1/faults"
STUCK = {"fault": "stuck", "duration": 3600}
QUIET = {"MQTT_EMBEDDED_BROKER": "off"}


def of(device_id: str) -> str:
    return f"/api/v1/devices/{device_id}/faults"


def inject(service: Service, device_id: str = HVAC) -> str:
    status, entry = service.request("POST", of(device_id), STUCK)
    assert status == 201, entry
    return str(entry["fault_id"])


def known(service: Service, device_id: str = HVAC) -> set[str]:
    return {entry["fault_id"] for entry in service.request("GET", of(device_id))[1]["faults"]}


def test_faults_that_were_acknowledged_are_there_after_a_kill(tmp_path: Path) -> None:
    with running_service(tmp_path, **QUIET, MQTT_BROKER_PORT=free_port()) as service:
        with ThreadPoolExecutor(8) as pool:
            made = set(pool.map(inject, [service] * 16))
        killed(service)
        assert known(service) == made
        gone = made.pop()
        assert service.request("DELETE", f"{of(HVAC)}/{gone}")[0] == 204
        killed(service)
        assert known(service) == made


def test_faults_of_many_are_there_after_a_kill_and_gone_after_they_were_cleared(
    tmp_path: Path,
) -> None:
    with running_service(tmp_path, **QUIET, MQTT_BROKER_PORT=free_port()) as service:
        status, injected = service.request("POST", ALL, {"selector": {}, **STUCK})
        assert (status, injected["injected"]) == (201, 5)
        killed(service)
        assert len(known(service)) == len(known(service, SERVER)) == 1
        cleared = service.request("DELETE", f"{ALL}?group={injected['group']}")
        assert cleared == (200, {"cleared": 5})
        killed(service)
        assert known(service) == known(service, SERVER) == set()


def test_the_result_of_a_command_for_a_fault_tells_of_what_outlives_a_kill(tmp_path: Path) -> None:
    with with_mosquitto(tmp_path) as (broker, service), subscribed(broker.port) as heard:
        command(service, broker.port, HVAC, "inject_fault", fault="stuck", fault_id="mine")
        heard.wait_for(lambda s: len(s.results(HVAC)) == 1)
        killed(service)
        assert known(service) == {"mine"}
        service.wait_connected()
        command(service, broker.port, HVAC, "clear_fault", fault_id="mine")
        heard.wait_for(lambda s: len(s.results(HVAC)) == 2)
        killed(service)
        assert known(service) == set()


def test_on_a_full_disk_whoever_asks_for_a_fault_is_told(tmp_path: Path) -> None:
    settings = {"MQTT_BROKER_PORT": free_port(), "FAULT_LEDGER": tmp_path / "disk" / "faults.db"}
    with (
        small_disk(tmp_path / "disk") as disk,
        running_service(tmp_path, **QUIET, **settings) as it,
    ):
        kept, cleared = inject(it), inject(it)
        disk.fill()
        answers = list[tuple[int, Any]]()

        def is_refused() -> bool:  # what has room in the journal's last page is saved still
            answers.append(it.request("POST", of(HVAC), STUCK))
            return answers[-1][0] != 201

        wait_until(is_refused, 20, "the ledger is full")
        answers.append(it.request("POST", ALL, {"selector": {}, **STUCK}))
        answers.append(it.request("DELETE", f"{of(HVAC)}/{cleared}"))
        order = {"command": "inject_fault", "parameters": {"fault": "gap"}}
        answers.append(it.request("POST", f"/api/v1/devices/{SERVER}/command", order))
        refused = [problem for status, problem in answers if status == 503]
        assert len(refused) == 4
        for problem in refused:
            assert problem["type"] == "urn:iotmock:problem:unsaved"
            assert "not saved yet: the fault ledger can not be written" in problem["detail"]
        told = known(it) | known(it, SERVER)
        disk.make_room()
        wait_until(lambda: "ledger" not in str(it.request("GET", "/health")), 20, "it is written")
        killed(it)
        assert known(it) | known(it, SERVER) == told
        assert (kept in told, cleared in told) == (True, False)
