"""Devices whose profile is gone at a restart are kept, said, and come back with it."""

from pathlib import Path
from typing import Any

import pytest

from tests.service.process import Service, running_service, wait_until

pytestmark = pytest.mark.long(20)
QUIET = {"MQTT_EMBEDDED_BROKER": "off"}
DEVICES, FLEETS = "/api/v1/devices", "/api/v1/fleets"
SOLO = {"device_type": "replay", "name": "S", "device_id": "solo", "profile": "mine"}
GROUP = {"name": "g", "device_type": "replay", "profile": "mine", "count": 3}


def problems(service: Service) -> list[str]:
    health: Any = service.request("GET", "/health")[1]
    return [one for one in health["problems"] if "do not run" in one]


def fleet_is(service: Service, state: str) -> bool:
    return bool(service.request("GET", f"{FLEETS}/rp")[1]["state"] == state)


def test_devices_whose_file_is_gone_are_kept_and_said(tmp_path: Path) -> None:
    (tmp_path / "series").mkdir()
    day = "".join(f"2025-01-06T{hour:02}:00:00Z,{hour % 3 + 1}\n" for hour in range(24))
    (tmp_path / "series" / "mine.csv").write_text(f"timestamp,power\n{day}", encoding="utf-8")
    settings = {**QUIET, "DEFAULT_DEVICES": "false", "REPLAY_FOLDER": "series"}
    with running_service(tmp_path, **settings) as service:
        assert service.request("POST", DEVICES, SOLO)[0] == 201
        assert service.request("POST", DEVICES, SOLO | {"device_id": "other"})[0] == 201
        assert service.request("POST", FLEETS, {"name": "rp", "groups": [GROUP]})[0] == 202
        wait_until(lambda: fleet_is(service, "ready"), 20, "the fleet stands")
        assert service.end() == 0
        before = service.log

        del service.environment["REPLAY_FOLDER"]
        service.start()
        wait_until(lambda: fleet_is(service, "failed"), 20, "the fleet has failed")
        said = service.log.removeprefix(before)
        assert "Traceback" not in said
        assert "left out" in said
        assert said.count("a fleet does not stand") == 1
        singles, fleets = problems(service)
        assert "2 (solo, other): unknown profile 'mine' of replay" in singles
        assert "3 (rp): unknown profile 'mine' of replay" in fleets
        assert "REPLAY_FOLDER" in singles
        hvac = {"device_type": "hvac", "name": "H", "device_id": "solo"}
        code, problem = service.request("POST", DEVICES, hvac)
        assert (code, "is kept and does not run" in problem["detail"]) == (409, True)
        assert service.request("DELETE", f"{DEVICES}/solo")[0] == 204
        assert service.request("DELETE", f"{DEVICES}/solo")[0] == 404
        assert service.request("POST", DEVICES, hvac)[0] == 201
        assert service.end() == 0

        service.environment["REPLAY_FOLDER"] = "series"
        service.start()
        wait_until(lambda: fleet_is(service, "ready"), 20, "the fleet stands again")
        types = {name: service.device(name).get("device_type") for name in ("solo", "other")}
        assert types == {"solo": "hvac", "other": "replay"}
        assert problems(service) == []


def test_a_service_that_has_only_devices_that_do_not_run_makes_no_others(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(
        "time,power\n2025-01-06T00:00:00Z,1\n2025-01-06T01:00:00Z,2\n"
    )
    settings = {**QUIET, "DEFAULT_DEVICES": "false", "REPLAY_FOLDER": "."}
    with running_service(tmp_path, **settings) as service:
        assert service.request("POST", DEVICES, SOLO)[0] == 201
        assert service.end() == 0
        service.environment = dict(QUIET)
        service.start()
        assert service.total() == 0
        assert len(problems(service)) == 1
