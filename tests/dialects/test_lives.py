"""What a dialect has said of a device holds over the end of the service."""

import signal
from pathlib import Path
from typing import Any

from attrs import frozen

from tests.mosquitto import Mosquitto, running_mosquitto
from tests.service.process import Subscriber, running_service, subscribed

HEAD = "tele/mock-appliance-001"


@frozen
class Life:
    """What a plug said last."""

    said: Any

    def __getattr__(self, name: str) -> float:
        return self.said[name]  # type: ignore[no-any-return]


def lived(folder: Path, broker: Mosquitto, begin: str, how: signal.Signals) -> Life:
    """Have the devices live for two hours from a moment of simulated time, and end them."""
    topic = f"{HEAD}/SENSOR"
    settings = {"SIMULATION_SPEED": "step", "SIMULATION_NOW": begin, "SIMULATION_INTERVAL": 60}
    with (
        subscribed(broker.port, topic=topic) as heard,
        running_service(folder, MQTT_BROKER_PORT=broker.port, DIALECT="tasmota", **settings) as ran,
    ):
        assert ran.request("POST", "/api/v1/simulation/step", {"seconds": 7_200})[0] == 200
        said = heard.wait_for(lambda heard: _hours_later(heard, topic))
        ran.end(how)
    return Life(said["ENERGY"])


def _hours_later(heard: Subscriber, topic: str) -> Any:
    every = heard.at(topic)
    return every[-1] if len(every) >= 120 else None


def test_today_and_yesterday_of_a_plug_go_on_after_a_restart(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker:
        first = lived(tmp_path, broker, "2026-06-03T10:00", signal.SIGTERM)
        second = lived(tmp_path, broker, "2026-06-03T14:00", signal.SIGTERM)
        next_day = lived(tmp_path, broker, "2026-06-04T08:00", signal.SIGTERM)
        days_later = lived(tmp_path, broker, "2026-06-07T08:00", signal.SIGTERM)
    assert 0.0 < first.Today < second.Today == second.Total
    assert abs(next_day.Yesterday - second.Today) < 1e-3
    assert abs(next_day.Today - (next_day.Total - second.Total)) < 1e-3
    assert days_later.Yesterday == 0.0
    assert abs(days_later.Today - (days_later.Total - next_day.Total)) < 1e-3
    starts = {one.said["TotalStartTime"] for one in (first, second, next_day, days_later)}
    assert starts == {first.said["TotalStartTime"]}
