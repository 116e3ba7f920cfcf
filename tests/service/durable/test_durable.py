"""What a real service answered is so after it was killed, whatever its clients did meanwhile."""

import json
import signal
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.metrics.test_metrics import at
from tests.service.process import Service, running_service, wait_until
from tests.service.test_metrics import scrape

pytestmark = pytest.mark.long(15)
DEVICES = "/api/v1/devices"
QUIET = {"MQTT_EMBEDDED_BROKER": "off", "DEFAULT_DEVICES": "false"}


def make(service: Service, ids: Iterable[str]) -> None:
    def create(device_id: str) -> int:
        body = {"device_type": "hvac", "name": "H", "device_id": device_id}
        return service.request("POST", DEVICES, body)[0]

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(create, ids)) == {201}


def listed(service: Service) -> set[str]:
    content: Any = service.request("GET", f"{DEVICES}?limit=1000")[1]
    return {device["device_id"] for device in content["devices"]}


def killed(service: Service) -> None:
    service.end(signal.SIGKILL)
    service.start()


def hang_up(service: Service, method: str, path: str, body: object = None) -> None:
    """Send a request, and be gone before the answer."""
    content = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", service.port), 10) as connection:
        connection.sendall(head.encode() + content)


def test_put_beside_delete_brings_no_device_back(tmp_path: Path) -> None:
    ids = [f"d{number:03}" for number in range(100)]
    with running_service(tmp_path, **QUIET) as service:
        make(service, ids)

        def put(device_id: str) -> int:
            return service.request("PUT", f"{DEVICES}/{device_id}", {"name": "changed"})[0]

        def delete(device_id: str) -> int:
            return service.request("DELETE", f"{DEVICES}/{device_id}")[0]

        with ThreadPoolExecutor(16) as pool:
            answers = [(pool.submit(put, name), pool.submit(delete, name)) for name in ids]
        assert {done.result() for _, done in answers} == {204}
        assert {done.result() for done, _ in answers} <= {200, 404, 409}
        assert listed(service) == set()
        killed(service)
        assert listed(service) == set()


def test_a_delete_whose_client_hung_up_is_carried_out_to_its_end(tmp_path: Path) -> None:
    ids = [f"d{number:03}" for number in range(100)]
    with running_service(tmp_path, **QUIET) as service:
        make(service, [*ids, "stays"])
        for name in ids:
            hang_up(service, "DELETE", f"{DEVICES}/{name}")
        assert service.request("PUT", f"{DEVICES}/stays", {"name": "changed"})[0] == 200
        service.request("GET", "/health")
        running = listed(service)
        for name in running - {"stays"}:  # which of them the service had read is by chance
            assert service.request("DELETE", f"{DEVICES}/{name}")[0] in {204, 404}
        killed(service)
        assert listed(service) == {"stays"}
        assert service.device("stays")["name"] == "changed"


def test_what_runs_after_clients_hung_up_is_what_comes_back(tmp_path: Path) -> None:
    ids = [f"d{number:03}" for number in range(60)]
    with running_service(tmp_path, **QUIET) as service:
        make(service, ids)
        for name in ids[::2]:
            hang_up(service, "DELETE", f"{DEVICES}/{name}")
            hang_up(service, "PUT", f"{DEVICES}/{name}", {"name": "changed"})
        wait_until(lambda: settled(service), 20, "the changes have ended")
        running = listed(service)
        killed(service)
        assert listed(service) == running


def settled(service: Service) -> bool:
    """Whether all who hung up are gone, a change since is answered, and the same devices stay."""
    if at(scrape(service), "http_connections_open") > 1:  # the one that asks
        return False
    before = listed(service)
    assert service.request("PUT", f"{DEVICES}/d001", {"name": "last"})[0] == 200
    return listed(service) == before


def test_patch_beside_delete_leaves_a_fleet_that_is_what_it_says(tmp_path: Path) -> None:
    with running_service(tmp_path, **QUIET) as service:
        body = {"name": "f", "groups": [{"device_type": "hvac", "count": 200}]}
        assert service.request("POST", "/api/v1/fleets", body)[0] == 202
        wait_until(lambda: stands(service), 20, "the fleet stands")

        def delete(number: int) -> tuple[int, int]:
            return number, service.request("DELETE", f"{DEVICES}/f-hvac-{number:06}")[0]

        def patch(count: int) -> int:
            change = {"groups": {"hvac": count}}
            return service.request("PATCH", "/api/v1/fleets/f", change)[0]

        with ThreadPoolExecutor(16) as pool:
            deletes = [pool.submit(delete, number) for number in range(1, 200, 3)]
            patches = [pool.submit(patch, count) for count in (60, 250, 40, 220)]
        assert {done.result() for done in patches} == {202}
        assert {done.result()[1] for done in deletes} <= {204, 404}
        wait_until(lambda: stands(service), 20, "the fleet stands again")
        fleet = service.request("GET", "/api/v1/fleets/f")[1]
        before = listed(service)
        assert fleet["devices"] == {"wanted": len(before), "present": len(before)}
        killed(service)
        wait_until(lambda: stands(service), 20, "the fleet stands after the kill")
        assert listed(service) == before


def stands(service: Service) -> bool:
    return bool(service.request("GET", "/api/v1/fleets/f")[1]["state"] == "ready")


def test_a_file_that_is_not_in_order_stops_the_start_with_one_line(tmp_path: Path) -> None:
    service = Service(tmp_path, {**QUIET, "FAULT_LEDGER": "./iotmock.db"})
    assert service.run() == 2
    assert service.log.count("\n") == 1
    assert "FAULT_LEDGER" in service.log
    assert not (tmp_path / "iotmock.db").exists()
    (tmp_path / "iotmock.db").write_bytes(b"no state file" * 100)
    service = Service(tmp_path, QUIET)
    (tmp_path / "service.log").unlink()
    assert service.run() == 2
    assert service.log.count("\n") == 1
    assert (tmp_path / "iotmock.db").read_bytes() == b"no state file" * 100
