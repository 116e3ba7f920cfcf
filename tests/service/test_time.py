"""Simulated time in a real service before a real mosquitto: history without a seam, and speed."""

import signal
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.mosquitto import Mosquitto, running_mosquitto
from tests.service.process import (
    Service,
    Subscriber,
    missing_ticks,
    running_service,
    subscribed,
    wait_until,
)

pytestmark = pytest.mark.long(25)
HVAC = "mock-hvac-001"
MINUTE = timedelta(minutes=1)


def moment(message: Any) -> datetime:
    return datetime.fromisoformat(message["timestamp"])


def settings(broker: Mosquitto, **more: Any) -> dict[str, Any]:
    return {"MQTT_BROKER_HOST": broker.host, "MQTT_BROKER_PORT": broker.port, **more}


def live(service: Service, heard: Subscriber) -> list[Any]:
    """Return what HVAC sent, once history has caught up and a reading has come since."""
    wait_until(lambda: not service.status()["makes_history"], 60, "history has caught up")
    caught_up = datetime.now(UTC)
    heard.wait_for(lambda s: s.data(HVAC) and moment(s.data(HVAC)[-1]) > caught_up - MINUTE, 60)
    return list(heard.data(HVAC))


def test_two_days_of_history_arrive_once_in_order_and_go_on_live(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    with (
        running_mosquitto(tmp_path / "broker") as broker,
        subscribed(broker.port) as heard,
        running_service(
            tmp_path,
            **settings(broker, SIMULATION_START=start.isoformat(), SIMULATION_INTERVAL=60),
        ) as service,
    ):
        sent = live(service, heard)
        assert len(sent) >= 2 * 24 * 60
        assert {later - earlier for earlier, later in pairwise(map(moment, sent))} == {MINUTE}
        assert moment(sent[0]) - start <= MINUTE
        energy = sum(message["power"] for message in sent[1:]) / 60.0
        assert sent[-1]["energy"] - sent[0]["energy"] == pytest.approx(energy, rel=0.005)
        assert service.status()["messages"]["dropped"] == 0
        assert service.status()["ticks"]["coalesced"] == 0


def test_a_kill_in_the_middle_of_history_takes_no_counter_back(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    start = (datetime.now(UTC) - timedelta(days=8)).isoformat()
    with (
        running_mosquitto(tmp_path / "broker") as broker,
        subscribed(broker.port, topic=f"energy/devices/{HVAC}/data") as heard,
        running_service(
            tmp_path, **settings(broker, SIMULATION_START=start, SIMULATION_INTERVAL=60)
        ) as service,
    ):
        heard.wait_for(lambda s: len(s.messages) > 2_000)
        service.end(signal.SIGKILL)
        service.start()
        live(service, heard)
        sent = heard.data(HVAC)
        stamps = [message["timestamp"] for message in sent]
        energies = [message["energy"] for message in sent]
        assert energies == sorted(energies)
        assert len(set(stamps)) == pytest.approx(8 * 24 * 60, abs=600)


def test_the_speed_is_changed_while_it_runs(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    with (
        running_mosquitto(tmp_path / "broker") as broker,
        subscribed(broker.port) as heard,
        running_service(tmp_path, **settings(broker, SIMULATION_SPEED=60)) as service,
    ):
        heard.wait_for(lambda s: len(s.data(HVAC)) > 30)
        assert service.status()["speed"] == 60.0
        where = "/api/v1/simulation/speed"
        assert service.request("POST", where, {"speed": 600})[1]["speed"] == 600.0
        count = len(heard.data(HVAC))
        heard.wait_for(lambda s: len(s.data(HVAC)) > count + 100)
        stamps = [moment(message).timestamp() for message in heard.data(HVAC)]
        assert missing_ticks(stamps, 5.0) <= service.status()["ticks"]["coalesced"]
        status, problem = service.request("POST", where, {"speed": -1})
        assert (status, problem["errors"][0]["field"]) == (422, "speed")


def test_time_begins_on_a_morning_to_come_and_runs_on_from_there(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    morning = datetime(2031, 3, 5, 10, tzinfo=UTC)
    with running_mosquitto(tmp_path / "broker") as broker:
        wanted = settings(broker, SIMULATION_NOW="2031-03-05T12:00+02:00", SIMULATION_INTERVAL=0.5)
        for _ in range(2):  # a start begins there anew, though devices have seen later times
            with (
                running_service(tmp_path, **wanted) as service,
                subscribed(broker.port) as heard,
            ):
                heard.wait_for(lambda s: len(s.data(HVAC)) > 3)
                stamps = [moment(message) for message in heard.data(HVAC)]
                assert stamps == sorted(stamps)
                assert morning <= stamps[0] < stamps[-1] < morning + 10 * MINUTE
                assert service.request("GET", "/health")[1]["status"] == "healthy"
                assert service.end() == 0


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        (
            "SIMULATION_SPEED",
            "-1",
            "a number from 0.001 to 100000, 0 for as fast as possible, or step",
        ),
        ("SIMULATION_START", "2099-01-01", "a past date or time, as 2025-06-01"),
        ("SIMULATION_START", "soon", "a past date or time, as 2025-06-01"),
    ],
)
def test_a_bad_value_stops_the_start_with_one_line(
    tmp_path: Path, name: str, value: str, allowed: str
) -> None:
    service = Service(tmp_path, {name: value})
    assert service.run() == 2
    assert service.log.startswith(f"iotmock: {name}={value} is not allowed: {allowed}")
