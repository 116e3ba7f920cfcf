"""What changes as a device lives is there again after the end of its service; files are played."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.model.fleet import device
from tests.service.process import Service, running_service, wait_until

pytestmark = pytest.mark.long(15)
DEVICES = "/api/v1/devices"
QUIET = {
    "MQTT_EMBEDDED_BROKER": "off",
    "DEFAULT_DEVICES": "false",
    "STATE_FILE": "state.db",
    "SIMULATION_SPEED": 600,
}


def saved(folder: Path, device_id: str) -> Any:
    with closing(sqlite3.connect(folder / "state.db")) as db:
        asked = "SELECT settings FROM devices WHERE device_id = ?"
        return json.loads(db.execute(asked, (device_id,)).fetchone()[0])


def energy(service: Service, device_id: str) -> float:
    return float(service.request("GET", f"{DEVICES}/{device_id}/readings")[1]["energy"])


def charged(service: Service) -> None:
    body = {"device_type": "battery", "name": "B", "device_id": "b"}
    assert service.request("POST", DEVICES, body)[0] == 201
    order = {"command": "set_charge", "parameters": {"power": 2.0}}
    assert service.request("POST", f"{DEVICES}/b/command", order)[0] == 200
    begin = energy(service, "b")
    wait_until(lambda: energy(service, "b") > begin + 1.0, 20.0, "a kWh is taken")


def test_a_battery_goes_on_with_the_charge_that_it_had(tmp_path: Path) -> None:
    with running_service(tmp_path, **QUIET) as service:
        charged(service)
        assert service.end() == 0
        at_end = saved(tmp_path, "b")
        at_first = float(device("battery", device_id="b").family.settings()["soc"])
        assert at_end["soc"] > at_first + 5.0
        assert at_end["charge_percent"] == pytest.approx(40.0)
        service.environment["SIMULATION_SPEED"] = "1"
        service.start()
        assert service.end() == 0
        assert saved(tmp_path, "b")["soc"] == pytest.approx(at_end["soc"], abs=0.5)


def test_a_file_of_the_folder_is_a_profile(tmp_path: Path) -> None:
    (tmp_path / "series").mkdir()
    day = "".join(f"2025-01-06T{hour:02}:00:00Z,{hour % 3 + 1}\n" for hour in range(24))
    (tmp_path / "series" / "mine.csv").write_text(f"timestamp,power\n{day}", encoding="utf-8")
    with running_service(tmp_path, **QUIET, REPLAY_FOLDER="series") as service:
        body = {"device_type": "replay", "name": "R", "device_id": "r", "profile": "mine"}
        assert service.request("POST", DEVICES, body)[0] == 201
        assert service.device("r")["base_power"] == 3.0
        wait_until(lambda: energy(service, "r") > 1.0, 20.0, "it plays")
        body |= {"device_id": "other", "profile": "../series/mine"}
        assert service.request("POST", DEVICES, body)[0] == 422
        types = service.request("GET", "/api/v1/device-types")[1]
        assert "mine" in json.dumps(types)


def test_a_bad_row_ends_the_start_with_its_number(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("timestamp,power\n2025-01-06,1\nno,2\n", encoding="utf-8")
    environment = {**{name: str(value) for name, value in QUIET.items()}, "REPLAY_FOLDER": "."}
    service = Service(tmp_path, environment)
    assert service.run() == 2
    assert "bad.csv: row 3 has no time, 'no'" in service.log
    assert "Traceback" not in service.log
