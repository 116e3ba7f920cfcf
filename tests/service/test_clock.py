"""A clock that is not right, before a real service: no silence, no counter that goes back."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.faketime import FakeTime, fake_time
from tests.mosquitto import running_mosquitto
from tests.patience import LATE
from tests.service.process import Service, Subscriber, running_service, subscribed, wait_until

pytestmark = pytest.mark.long(30)
SINGLE = "mock-hvac-001"
OF_FLEET = "cli-server-000003"
BOTH = (SINGLE, OF_FLEET)
DAY_S = 86_400.0
RESYNC = "/api/v1/simulation/resync"


@contextmanager
def stand(
    folder: Path, ahead_s: float = 0.0, **more: Any
) -> Iterator[tuple[Service, Subscriber, FakeTime]]:
    """Run a device and a fleet of three before a broker, by a clock that can be set."""
    (folder / "broker").mkdir()
    clock = fake_time(folder, ahead_s)
    with (
        running_mosquitto(folder / "broker") as broker,
        subscribed(broker.port, topic="energy/devices/+/data") as heard,
        running_service(
            folder,
            **clock.environment,
            MQTT_BROKER_HOST=broker.host,
            MQTT_BROKER_PORT=broker.port,
            FLEET="server=3",
            **{"SIMULATION_INTERVAL": 1, **more},
        ) as service,
    ):
        body = {"device_type": "hvac", "name": "Single", "device_id": SINGLE}
        assert service.request("POST", "/api/v1/devices", body)[0] == 201
        yield service, heard, clock


def ahead(message: Any) -> float:
    """Return by how many s a message's timestamp is ahead of the true time of day."""
    return (datetime.fromisoformat(message["timestamp"]) - datetime.now(UTC)).total_seconds()


def of_both(heard: Subscriber, ahead_s: float, count: int = 3) -> None:
    """Return once both devices have told of a time that is so far ahead, `count` times."""

    def told(name: str) -> bool:
        last = heard.data(name)[-count:]
        return len(last) == count and all(abs(ahead(one) - ahead_s) < 30.0 for one in last)

    heard.wait_for(lambda _: all(told(name) for name in BOTH), 30)


def problems(service: Service) -> str:
    return " ".join(service.request("GET", "/health")[1]["problems"])


def energies_rise(heard: Subscriber) -> bool:
    told = [[message["energy"] for message in heard.data(name)] for name in BOTH]
    return all(energies == sorted(energies) for energies in told)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_restart_with_the_clock_a_day_back_is_no_silence(
    tmp_path: Path, end: signal.Signals
) -> None:
    with stand(tmp_path, DAY_S) as (service, heard, clock):
        of_both(heard, DAY_S)
        wait_until(lambda: service.device(OF_FLEET)["last_seen"], 10, "it was seen")
        if end is signal.SIGKILL:  # the counters say what was seen once they were saved again
            wait_until(lambda: _saved(service), 20, "the counters are saved")
        service.end(end)
        before = len(service.log)
        clock.set(0.0)
        service.start()
        assert "behind what 4 devices have seen" in problems(service)
        of_both(heard, 0.0)
        assert energies_rise(heard)
        said = service.log[before:]
        assert said.count("the time of day is behind what devices have seen") == 1
        assert "devices=4" in said


def _saved(service: Service) -> bool:
    return int(service.status()["ticks"]["done"]) > 4 * 10


def test_history_after_a_life_that_was_ahead_goes_live_at_once(tmp_path: Path) -> None:
    with stand(tmp_path, DAY_S, SIMULATION_INTERVAL=0.2) as (service, heard, clock):
        of_both(heard, DAY_S)
        service.end()
        clock.set(0.0)
        start = datetime.now(UTC) - timedelta(days=30)
        service.environment["SIMULATION_START"] = start.isoformat()
        service.start()
        of_both(heard, 0.0)
        wait_until(lambda: not service.status()["makes_history"], 10, "it is live")
        assert energies_rise(heard)


def test_history_of_a_fleet_goes_on_from_where_it_was_seen(tmp_path: Path) -> None:
    with stand(tmp_path) as (service, heard, _):
        of_both(heard, 0.0)
        began = time.monotonic()
        service.end()
        before = len(heard.data(OF_FLEET))
        service.environment["SIMULATION_START"] = "2020-01-01"
        service.start()
        heard.wait_for(lambda s: len(s.data(OF_FLEET)) > before)
        of_both(heard, 0.0)
        assert len(heard.data(OF_FLEET)) < before + time.monotonic() - began + 10
        assert energies_rise(heard)


def test_the_clock_is_set_while_it_runs(tmp_path: Path) -> None:
    with stand(tmp_path, SIMULATION_INTERVAL=0.2) as (service, heard, clock):
        of_both(heard, 0.0)
        clock.set(3_600.0)
        of_both(heard, 3_600.0)
        assert "jumped ahead by 3,600 s" in problems(service)
        clock.set(0.0)
        wait_until(lambda: "was set back by 3,600 s" in problems(service), 10, "health says so")
        of_both(heard, 3_600.0)
        assert service.request("POST", RESYNC)[0] == 200
        of_both(heard, 0.0)
        assert "went back by 3,600 s" in problems(service)
        assert energies_rise(heard)
        assert max(message["energy"] for message in heard.data(SINGLE)) < 25.0 / 4.0


def test_resync_after_a_time_at_another_speed(tmp_path: Path) -> None:
    with stand(tmp_path) as (service, heard, _):
        of_both(heard, 0.0)
        speed = "/api/v1/simulation/speed"
        service.request("POST", speed, {"speed": 600})
        heard.wait_for(lambda s: ahead(s.data(SINGLE)[-1]) > 600.0)
        service.request("POST", speed, {"speed": 1})
        answer = service.request("POST", RESYNC)[1]
        assert abs(ahead({"timestamp": answer["now"]})) < 5.0 * LATE
        of_both(heard, 0.0)
        assert energies_rise(heard)


def test_after_sigstop_the_machine_is_not_called_too_small(tmp_path: Path) -> None:
    with stand(tmp_path, SIMULATION_INTERVAL=4) as (service, heard, _):
        of_both(heard, 0.0, 1)
        assert service.process is not None
        os.kill(service.process.pid, signal.SIGSTOP)
        began = time.monotonic()
        wait_until(lambda: time.monotonic() > began + 6.0, 10, "it stood for six seconds")
        os.kill(service.process.pid, signal.SIGCONT)
        wait_until(lambda: "the process stood still" in service.log, 10, "the log says so")
        of_both(heard, 0.0)
        assert not service.status()["overloaded"]
        assert "the machine is too small" not in service.log
        assert energies_rise(heard)
