"""Sites in the real service: made at the start, and balanced in every message."""

import json
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.model.site_balance import digits
from tests.mosquitto import PASSWORD, USERNAME, running_mosquitto
from tests.service.process import Service, Subscriber, subscribed, wait_until

pytestmark = pytest.mark.long(15)


def balance(messages: list[tuple[str, str]]) -> int:
    """See that at each moment each meter shows its devices' sum; return how many that were."""
    by_moment = defaultdict[tuple[str, str], dict[str, Any]](dict)
    for topic, payload in messages:
        name, reading = topic.split("/")[2], json.loads(payload)
        by_moment[name.rpartition("-")[2], reading["timestamp"]][name] = reading
    for readings in by_moment.values():
        meter = next(one for name, one in readings.items() if "-meter-" in name)
        others = [one for one in readings.values() if one is not meter]
        total = sum(digits(one["power"]) for one in others)
        assert digits(meter["power"]) == total + digits(meter["background"])
    return len(by_moment)


def counted(service: Service) -> dict[str, Any]:
    devices = service.request("GET", "/api/v1/devices?limit=1000")[1]["devices"]
    return {one["device_id"]: (one["readings"]["energy"], one["location"]) for one in devices}


def test_sites_are_made_at_the_start_and_are_the_same_after_it(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker:
        environment = {
            "MQTT_BROKER_PORT": str(broker.port),
            "MQTT_BROKER_HOST": "127.0.0.1",
            "MQTT_USERNAME": USERNAME,
            "MQTT_PASSWORD": PASSWORD,
            "STATE_FILE": str(tmp_path / "state.db"),
            "SIMULATION_SPEED": "step",
            "DEFAULT_DEVICES": "false",
            "READING": "full",
        }
        arguments = ("--sites", "home=12,office/FR=1")
        service = Service(tmp_path, environment, arguments=arguments).start()
        try:
            before: dict[str, Any] | None = None
            for _ in range(2):
                wait_until(lambda: is_ready(service), 20, "the sites stand")
                if before is not None:
                    assert counted(service) == before
                with subscribed(broker.port, topic="energy/devices/+/data") as heard:
                    status, done = service.request(
                        "POST", "/api/v1/simulation/step", {"seconds": 60}
                    )
                    assert status == 200
                    heard.wait_for(partial(has_heard, done["ticks"]))
                assert balance(heard.messages) == 13 * 12
                before = counted(service)
                sites = service.request("GET", "/api/v1/sites")[1]["sites"]
                where = [(one["name"], one["country"]) for one in sites]
                assert where == [("cli-home", None), ("cli-office-FR", "FR")]
                assert service.end() == 0
                service.start()
            goes_on_dark(service)
        finally:
            service.end()


def goes_on_dark(service: Service) -> None:
    """See that a site which is an island stays one over a restart."""
    wait_until(lambda: is_ready(service), 20, "the sites stand")
    batteries = service.request("GET", "/api/v1/devices?device_type=battery&limit=100")[1]
    place = batteries["devices"][0]["location"]
    dark = {"fault": "black_out", "selector": {"location": place}}
    assert service.request("POST", "/api/v1/faults", dark)[0] == 201
    for _ in range(2):
        service.request("POST", "/api/v1/simulation/step", {"seconds": 30})
        (site,) = service.request("GET", f"/api/v1/locations?name={place}")[1]["locations"]
        assert (site["power"], site["black_out"], site["island"]) == (0.0, True, True)
        there = service.request("GET", f"/api/v1/devices?location={place}&limit=100")[1]["devices"]
        assert round(sum(one["readings"]["power"] for one in there), 4) == 0.0
        assert service.end() == 0
        service.start()
        wait_until(lambda: is_ready(service), 20, "the sites stand")


def has_heard(count: int, heard: Subscriber) -> bool:
    return len(heard.messages) >= count


def is_ready(service: Service) -> bool:
    sites = service.request("GET", "/api/v1/sites")[1]["sites"]
    return [one["state"] for one in sites] == ["ready", "ready"]
