"""Counters and a disk that is really full: what a client saw is never taken back."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.full_disk import Disk, small_disk
from tests.service.process import Service, running_service, wait_until

pytestmark = pytest.mark.long(95)
ALONE = {"MQTT_EMBEDDED_BROKER": "off", "MQTT_BROKER_PORT": 1, "DEFAULT_DEVICES": "false"}
PLANT = {"name": "Plant", "base_power": 5_000.0}
SINGLE = "plant"
IDS = (SINGLE, "works-roof-000001", "works-roof-000003")
FULL = "the state file can not be written"


@contextmanager
def plants(folder: Path, **more: Any) -> Iterator[tuple[Service, Disk]]:
    """Run a service whose state is on a small disk: a big single device, and a fleet of three."""
    settings = ALONE | {"SIMULATION_INTERVAL": 0.2, "STATE_FILE": folder / "disk" / "state.db"}
    with (
        small_disk(folder / "disk") as disk,
        running_service(folder, **settings, **more) as service,
    ):
        body = {"device_type": "server", "device_id": SINGLE, **PLANT}
        assert service.request("POST", "/api/v1/devices", body)[0] == 201
        group = {"name": "roof", "device_type": "server", "count": 3, "base_power": 5_000.0}
        fleet = {"name": "works", "groups": [group]}
        assert service.request("POST", "/api/v1/fleets", fleet)[0] in {201, 202}
        moves(service, dict.fromkeys(IDS, 0.0))
        yield service, disk


def energies(service: Service) -> dict[str, float]:
    return {name: energy_of(service, name) for name in IDS}


def energy_of(service: Service, device_id: str) -> float:
    """Return what is shown; 0 for a device that is not there yet."""
    answer = service.request("GET", f"/api/v1/devices/{device_id}/readings")[1]
    return float(answer.get("energy", 0.0))


def moves(service: Service, shown: dict[str, float]) -> None:
    """Return once every counter has moved on."""
    wait_until(
        lambda: all(now > shown[name] for name, now in energies(service).items()), 30, "they move"
    )


def holds(service: Service) -> dict[str, float]:
    """Return what the counters show, once five ticks of each did not move any."""

    def held() -> bool:
        ticks, before = service.status()["ticks"]["done"], energies(service)
        wait_until(lambda: service.status()["ticks"]["done"] > ticks + 20, 20, "time goes on")
        return energies(service) == before

    wait_until(held, 40, "the counters hold")
    return energies(service)


def degraded(service: Service, why: str) -> bool:
    health = service.request("GET", "/health")[1]
    return any(why in problem for problem in health["problems"])


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_after_any_end_on_a_full_disk_no_counter_is_behind_what_was_shown(
    tmp_path: Path, end: signal.Signals
) -> None:
    with plants(tmp_path) as (service, disk):
        disk.fill()
        wait_until(lambda: degraded(service, FULL), 20, "health says so")
        shown = holds(service)
        power = service.request("GET", f"/api/v1/devices/{SINGLE}/readings")[1]["power"]
        assert power > 1_000.0
        before = service.log
        assert service.end(end) == (0 if end is signal.SIGTERM else -signal.SIGKILL)
        said = service.log.removeprefix(before)
        assert "Traceback" not in service.log
        if end is signal.SIGTERM:
            assert said.count("[error") == said.count("the last counters were not saved") == 1
        disk.make_room()
        service.start()
        wait_until(lambda: all(energies(service).values()), 20, "all are back")
        for name, energy in energies(service).items():
            assert energy >= shown[name]
        moves(service, shown)


def test_once_there_is_room_the_truth_catches_up(tmp_path: Path) -> None:
    with plants(tmp_path) as (service, disk):
        disk.fill()
        shown = holds(service)
        sampled = service.request("POST", f"/api/v1/devices/{SINGLE}/simulate")
        assert (sampled[0], sampled[1]["energy"]) == (200, shown[SINGLE])
        disk.make_room()
        moves(service, {name: energy + 5.0 for name, energy in shown.items()})
        wait_until(lambda: not degraded(service, FULL), 20, "health says so")


def test_a_state_file_that_is_deleted_is_told_and_holds_the_counters(tmp_path: Path) -> None:
    with plants(tmp_path) as (service, disk):
        (disk.folder / "state.db").unlink()
        wait_until(lambda: degraded(service, "was deleted or replaced"), 10, "health says so")
        holds(service)
        assert service.end(signal.SIGTERM) == 0
        assert "Traceback" not in service.log


def test_a_state_file_that_is_cut_in_place_is_told_and_takes_no_changes(tmp_path: Path) -> None:
    with running_service(tmp_path, **ALONE) as service:
        body = {"device_type": "server", "name": "S"}
        assert service.request("POST", "/api/v1/devices", body)[0] == 201
        before = service.log
        os.truncate(tmp_path / "iotmock.db", 0)
        code, problem = service.request("POST", "/api/v1/devices", body)
        assert (code, "was cut or overwritten" in problem["detail"]) == (503, True)
        assert degraded(service, "put a backup in its place")
        assert service.end(signal.SIGTERM) == 0
        said = service.log.removeprefix(before)
        assert said.count("the state file is lost") == said.count("[error") - 1 == 1
        assert "Traceback" not in said
