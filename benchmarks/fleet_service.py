"""A fleet in a service in a process of its own, before a real mosquitto: how to look at it."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from attrs import define, frozen
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.processes import cpu_seconds, resident_kb
from benchmarks.served import Served, environment, serving
from iotmock.model.families import built_in
from iotmock.settings.settings import Settings
from tests.mosquitto import Mosquitto

_POLL_S = 0.05
_PATIENCE_S = 600.0
_folders = count(1)


def has_setting(name: str) -> bool:
    """Say whether this version of the service knows a setting."""
    return name.lower() in {each.name for each in Settings.__attrs_attrs__}  # type: ignore[attr-defined]


def even_fleet(devices: int) -> str:
    """Return FLEET for so many devices, of all families alike."""
    kinds = built_in().names
    return ",".join(f"{kind}={devices // len(kinds)}" for kind in kinds)


@frozen
class Sample:
    """What was known of a service at a moment, on the monotonic clock."""

    at: float
    cpu_s: float
    values: dict[str, float]
    lateness: dict[float, float]
    """By upper bound in s, how many ticks were within."""

    @property
    def ticks(self) -> float:
        """How many ticks were handed out; without faults, each is a data message."""
        return self.values["iotmock_ticks_done_total"]

    def lateness_since(self, before: "Sample", share: float) -> float:
        """Return a bound in s that this share of the ticks since `before` were within."""
        within = {le: n - before.lateness[le] for le, n in self.lateness.items()}
        wanted = share * max(within.values())
        return next(le for le, n in sorted(within.items()) if n >= wanted)


@define(eq=False)
class FleetService:
    """A running service; `began` is when its process was started, on the monotonic clock."""

    served: Served
    url: str
    began: float

    @property
    def pid(self) -> int:
        """The service's process."""
        return self.served.process.pid

    def get(self, path: str) -> Any:
        """Return the JSON of an answer."""
        with urlopen(f"{self.url}{path}", timeout=60) as answer:
            return json.loads(answer.read())

    def post(self, path: str, body: object) -> None:
        """Send JSON."""
        request = Request(f"{self.url}{path}", json.dumps(body).encode(), method="POST")
        request.add_header("Content-Type", "application/json")
        with urlopen(request, timeout=60):
            pass

    def status(self) -> Any:
        """Return the simulation's status."""
        return self.get("/api/v1/simulation/status")

    def sample(self) -> Sample:
        """Scrape it."""
        with urlopen(f"{self.url}/metrics", timeout=60) as answer:
            text = answer.read().decode()
        cpu_s, values, lateness = cpu_seconds(self.pid), {}, {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == "iotmock_tick_lateness_seconds_bucket":
                    lateness[float(sample.labels["le"])] = sample.value
                elif not sample.labels:
                    values[sample.name] = sample.value
        return Sample(time.monotonic(), cpu_s, values, lateness)

    def wait_ready(self) -> float:
        """Wait until the whole fleet is there; return s since the process was started."""
        self._wait(lambda: self.get("/api/v1/fleets/cli")["state"] == "ready")
        return time.monotonic() - self.began

    def wait_connected(self, connections: int) -> None:
        """Wait until so many connections are open."""
        self._wait(lambda: self.status()["mqtt"]["open"] >= connections)

    def wait_drained(self) -> None:
        """Wait until the broker has taken everything that was accepted."""
        self._wait(lambda: self.status()["messages"]["waiting"] == 0)

    def _wait(self, condition: Any) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(self.served.log.read_text()[-2000:])
            time.sleep(_POLL_S)

    def halt(self) -> None:
        """Stop the simulation, and wait until the broker has everything."""
        self.post("/api/v1/simulation/stop", None)
        self.wait_drained()

    def kb(self) -> float:
        """Return the memory it holds."""
        return resident_kb(self.pid)

    def ledger_kb(self) -> float:
        """Return how large the fault ledger is, with its log."""
        folder = self.served.log.parent
        return sum(file.stat().st_size for file in folder.glob("fleet-faults.db*")) / 1e3

    def end(self) -> float:
        """End it in order; return how many s that took."""
        began = time.monotonic()
        self.served.process.send_signal(signal.SIGTERM)
        self.served.process.wait(120)
        return time.monotonic() - began


@contextmanager
def fleet_service(broker: Mosquitto, **settings: object) -> Iterator[FleetService]:
    """Run a service with these settings, by their names, during the block."""
    folder = broker.folder / f"service-{next(_folders)}"
    folder.mkdir()
    given = {"STATE_FILE": "fleet.db", "DEFAULT_DEVICES": "off"} | settings
    began = time.monotonic()
    with serving(Path(folder), environment(broker.port, **given)) as served:
        yield FleetService(served, served.wait_url(), began)
