"""Anonymous peers do all they can for a minute, and nobody else notices."""

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import quantiles

import pytest
from attrs import define, field

from tests.fuzz.fuzzer import fuzz
from tests.mosquitto import running_mosquitto
from tests.patience import LATE, SLACK
from tests.service.process import Service, running_service, subscribed, wait_until

pytestmark = pytest.mark.long(20)
APPLIED = "a command was applied"
"""By luck; what is done is told each time, and complaints of a kind once a minute."""
SECONDS = float(os.environ.get("IOTMOCK_FUZZ_SECONDS", "20"))
SEED = int(os.environ.get("IOTMOCK_FUZZ_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
DEVICE = "mock-hvac-001"
COMMAND = {"command": "set_voltage", "parameters": {"voltage": 235}}


@define(eq=False)
class OtherClient:
    """Asks in order, as if nothing were."""

    service: Service
    took_s: list[float] = field(factory=list)
    wrong: list[object] = field(factory=list)
    ending: threading.Event = field(factory=threading.Event)

    def run(self) -> None:
        while not self.ending.wait(0.05):
            for ask in (
                ("GET", "/health", None),
                ("GET", f"/api/v1/devices/{DEVICE}", None),
                ("POST", f"/api/v1/devices/{DEVICE}/command", COMMAND),
            ):
                self.ask(*ask)

    def ask(self, method: str, path: str, body: object) -> None:
        begin = time.monotonic()
        try:
            status, content = self.service.request(method, path, body)
        except OSError as error:
            self.wrong.append(error)
            return
        self.took_s.append(time.monotonic() - begin)
        if status != 200:
            self.wrong.append((method, path, status, content))


@contextmanager
def asking(service: Service) -> Iterator[OtherClient]:
    client = OtherClient(service)
    thread = threading.Thread(target=client.run)
    thread.start()
    try:
        yield client
    finally:
        client.ending.set()
        thread.join(20 * SLACK)


def gaps(timestamps: list[str]) -> list[float]:
    moments = [time.mktime(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")) for text in timestamps]
    return [later - earlier for earlier, later in pairwise(moments)]


@pytest.mark.timeout(SECONDS + 100 * SLACK)
def test_nothing_that_a_peer_sends_is_noticed_by_others(tmp_path: Path) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        running_service(tmp_path, MQTT_BROKER_PORT=broker.port, SIMULATION_INTERVAL=1) as service,
        subscribed(broker.port, topic=f"energy/devices/{DEVICE}/data") as subscriber,
    ):
        wait_until(lambda: bool(subscriber.data(DEVICE)), 20, "data flows")
        lines = len(service.log.splitlines())
        with asking(service) as other:
            answers = fuzz(service.port, SECONDS, SEED)
        assert service.process is not None
        assert service.process.poll() is None, service.log[-3_000:]
        said = [
            line
            for line in service.log.splitlines()[lines:]
            if "over=rest" not in line  # the journal of who changed what, which has its own bound
        ]
        data = subscriber.data(DEVICE)
        status = service.status()
        assert service.end() == 0
    seed = f"IOTMOCK_FUZZ_SEED={SEED}"
    assert not answers.faults, seed
    assert not other.wrong, (seed, other.wrong[:3])
    assert quantiles(other.took_s, n=100)[98] < 2.0 * LATE, seed
    assert answers.connections > SECONDS, answers
    assert {200, 400, 404} <= set(answers.statuses), "it has not come through to anything"
    assert len(said) < SECONDS, (seed, said[-10:])
    assert len(data) >= SECONDS / LATE, seed
    assert max(gaps([reading["timestamp"] for reading in data])) <= 3 * LATE, seed
    assert status["messages"]["dropped"] == 0, seed
