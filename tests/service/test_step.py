"""Time by hand in a real service before a real mosquitto: acknowledged, and the same each time."""

import json
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.mosquitto import Mosquitto, running_mosquitto
from tests.service.process import Service, running_service, subscribed, wait_until

pytestmark = pytest.mark.long(10)
STEP = "/api/v1/simulation/step"
DATA = "energy/devices/+/data"
STATUS = "energy/devices/+/status"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


def by_hand(broker: Mosquitto, **more: Any) -> dict[str, Any]:
    return {
        "MQTT_BROKER_PORT": broker.port,
        "STATE_FILE": ":memory:",
        "SIMULATION_SPEED": "step",
        "SIMULATION_NOW": "2026-06-03T06:00:00Z",
        **more,
    }


def step(service: Service, **body: Any) -> Any:
    status, answer = service.request("POST", STEP, body)
    assert status == 200, answer
    return answer


def told(broker: Mosquitto, folder: Path, steps: list[float]) -> list[tuple[str, str]]:
    """Return what all devices say in these steps, device by device."""
    folder.mkdir()
    with (
        subscribed(broker.port, topic=DATA) as heard,
        running_service(folder, **by_hand(broker)) as service,
    ):
        count = 0
        for seconds in steps:
            done = step(service, seconds=seconds)
            assert done["acknowledged"] >= done["ticks"]
            count += done["ticks"]
        heard.wait_for(lambda s: len(s.messages) >= count)
        assert len(heard.messages) == count
        return sorted(heard.messages, key=lambda message: message[0])


def test_the_same_steps_say_the_same_and_so_do_others_that_go_as_far(
    broker: Mosquitto, tmp_path: Path
) -> None:
    once, again = (told(broker, tmp_path / name, [300.0] * 4) for name in "ab")
    assert once == again
    assert told(broker, tmp_path / "c", [1.0, 599.0, 600.0]) == once
    assert len(once) == 5 * 1_200 / 5


def test_a_step_that_goes_on_keeps_no_device_from_its_goodbye(
    broker: Mosquitto, tmp_path: Path
) -> None:
    with (
        subscribed(broker.port, topic=STATUS) as heard,
        running_service(tmp_path, **by_hand(broker)) as service,
    ):
        service.wait_connected()
        with stepping(service, 31_536_000):
            wait_until(lambda: service.status()["now"] > "2026-06-03T07", 10, "it goes")
            assert service.end() == 0
        heard.wait_for(lambda s: states(s.messages) == ["offline"] * 5)


def test_a_step_whose_messages_are_not_answered_keeps_none_from_it_either(
    broker: Mosquitto, tmp_path: Path
) -> None:
    with (
        subscribed(broker.port, topic=STATUS) as heard,
        running_service(tmp_path, **by_hand(broker, MQTT_QOS=1, SHUTDOWN_TIMEOUT=16)) as service,
    ):
        service.wait_connected()
        assert service.process is not None
        assert broker.process is not None
        broker.process.send_signal(signal.SIGSTOP)
        try:
            with stepping(service, 60):
                wait_until(lambda: service.status()["now"] > "2026-06-03T06:00:59", 10, "it went")
                service.process.send_signal(signal.SIGTERM)
                wait_until(lambda: "not done at the end" in service.log, 20, "it waits no more")
        finally:
            broker.process.send_signal(signal.SIGCONT)
        heard.wait_for(lambda s: states(s.messages) == ["offline"] * 5)


@contextmanager
def stepping(service: Service, seconds: float) -> Iterator[None]:
    """Ask for a step that is carried out to its end, whoever hangs up, and do not wait for it."""
    body = json.dumps({"seconds": seconds, "timeout": 3600})
    headers = {"Content-Type": "application/json", "Idempotency-Key": "once"}
    with closing(HTTPConnection("127.0.0.1", service.port)) as connection:
        connection.request("POST", STEP, body, headers)
        yield


def states(messages: list[tuple[str, str]]) -> list[str]:
    return [json.loads(text)["status"] for text in dict(messages).values() if text]


def test_a_device_that_a_fault_cuts_off_is_not_waited_for(
    broker: Mosquitto, tmp_path: Path
) -> None:
    with running_service(tmp_path, **by_hand(broker, MQTT_CONNECTIONS="per-device")) as service:
        step(service, seconds=60)
        answer = service.request(
            "POST", "/api/v1/devices/mock-hvac-001/faults", {"fault": "outage"}
        )
        assert answer[0] == 201, answer
        done = step(service, until="2026-06-03T07:00:00Z")
        assert done["now"] == "2026-06-03T07:00:00Z"
        assert done["ticks"] == 5 * (3_600 - 60) / 5
