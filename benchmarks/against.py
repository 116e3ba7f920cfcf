"""Is this slower than another commit: `python -m benchmarks.against COMMIT [--cases NAME ...]`.

Runs the service of both in turns and prints ratios. CPU time is the kernel's for the process, and
messages are the ticks of /metrics. Numbers are of the machine and of the hour; a ratio is the
median over the rounds, each of two windows that follow each other.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from attrs import frozen

from benchmarks.beside import Measured, Pair, Turns, Version
from benchmarks.fleet_service import FleetService, even_fleet
from benchmarks.processes import cpu_seconds
from benchmarks.table import Row, Table

_SETTLED_S = 2.0
_WINDOW = 2_000
_CONNECT_RATE = 5_000
_LINES_INTERVAL_S = 0.2


@frozen
class Case:
    """What a service is to do, and how many connections it opens for that."""

    settings: dict[str, object]
    connections: int = 1

    @classmethod
    def shared(cls, devices: int, qos: int, **others: object) -> "Case":
        """Return a fleet over one connection."""
        settings = {"FLEET": even_fleet(devices), "SIMULATION_INTERVAL": 5, "MQTT_QOS": qos}
        return cls(settings | {"MQTT_WINDOW": _WINDOW} | others)

    @classmethod
    def lines(cls, devices: int, qos: int, **others: object) -> "Case":
        """Return a fleet with a connection for each device."""
        settings = {
            "FLEET": even_fleet(devices),
            "SIMULATION_INTERVAL": _LINES_INTERVAL_S,
            "MQTT_QOS": qos,
            "MQTT_CONNECTIONS": "per-device",
            "MQTT_CONNECT_RATE": _CONNECT_RATE,
        }
        return cls(settings | others, devices)

    def wait_standing(self, service: FleetService) -> None:
        """Wait until the fleet is there and connected."""
        service.wait_ready()
        service.wait_connected(self.connections)


@contextmanager
def standing(version: Version, case: Case) -> Iterator[FleetService]:
    """Run a service whose fleet stands and does nothing, during the block."""
    with version.serving(case.settings) as service:
        case.wait_standing(service)
        service.halt()
        yield service


def window(service: FleetService, seconds: float) -> Measured:
    """Let a service that stands still send for a while."""
    service.post("/api/v1/simulation/start", None)
    time.sleep(_SETTLED_S)
    before = service.sample()
    time.sleep(seconds)
    after = service.sample()
    service.halt()
    messages = after.ticks - before.ticks
    return {
        "CPU µs a message": (after.cpu_s - before.cpu_s) / messages * 1e6,
        "messages a second": messages / (after.at - before.at),
    }


def flow(case: Case, pair: Pair, given: argparse.Namespace) -> Turns:
    """Let both stand beside each other, and send in turns."""
    with standing(pair.there, case) as there, standing(pair.here, case) as here:
        turns = Turns()
        each = (partial(window, service, given.seconds) for service in (there, here))
        turns.take(given.rounds, *each)
    return turns


def start(case: Case, pair: Pair, given: argparse.Namespace) -> Turns:
    """Start one after the other, and weigh what stands."""
    turns = Turns()
    each = (partial(_start, case, version) for version in (pair.there, pair.here))
    turns.take(given.rounds, *each)
    return turns


def _start(case: Case, version: Version) -> Measured:
    small = Case.shared(5, 0)
    with standing(version, small) as service:
        base_kb = service.kb()
    with version.serving(case.settings) as service:
        case.wait_standing(service)
        took_s, cpu_s = time.monotonic() - service.began, cpu_seconds(service.pid)
        time.sleep(_SETTLED_S)
        devices = service.status()["devices"]["total"]
        kb = (service.kb() - base_kb) / devices
    return {"start s": took_s, "start CPU s": cpu_s, "resident kB a device": kb}


Measure = Callable[[Case, Pair, argparse.Namespace], Turns]


def cases(given: argparse.Namespace) -> dict[str, tuple[Measure, Case]]:
    """Return what can be measured, by name."""
    fleet, busy, lines = given.devices, given.busy, given.connections
    flat_out = {"SIMULATION_SPEED": 0}
    return {
        "shared-0": (flow, Case.shared(fleet, 0)),
        "shared-1": (flow, Case.shared(fleet, 1)),
        "flat-out-0": (flow, Case.shared(busy, 0, **flat_out)),
        "flat-out-1": (flow, Case.shared(busy, 1, **flat_out)),
        "lines-0": (flow, Case.lines(lines, 0)),
        "lines-1": (flow, Case.lines(lines, 1)),
        "lines-flat-out-0": (flow, Case.lines(lines, 0, **flat_out)),
        "lines-flat-out-1": (flow, Case.lines(lines, 1, **flat_out)),
        "start": (start, Case.shared(fleet, 0)),
        "lines-start": (start, Case.lines(given.starting, 0, SIMULATION_INTERVAL=60)),
    }


def rows(name: str, turns: Turns) -> Iterator[Row]:
    """Yield a row for each quantity of a case."""
    for quantity, there in turns.there.items():
        here = turns.here[quantity]
        ratios = turns.ratios(quantity)
        yield {
            "case": name,
            "what": quantity,
            "there": median(there),
            "here": median(here),
            "ratio": median(ratios),
            "rounds": " ".join(f"{ratio:.2f}" for ratio in ratios),
        }


def main() -> None:
    """Measure the cases that were asked for, and print each as it comes."""
    given = _arguments().parse_args()
    with TemporaryDirectory(prefix="iotmock-against-") as folder:
        pair, known = Pair.of(given.commit, Path(folder)), cases(given)
        for name in given.cases or known:
            measure, case = known[name]
            found = list(rows(name, measure(case, pair, given)))
            title = f"{name}: here against {given.commit}"
            print(f"{Table(title, str(case.settings), found)}\n", flush=True)


def _arguments() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.against", description=__doc__)
    arguments.add_argument("commit")
    arguments.add_argument("--cases", nargs="+", metavar="NAME", help="shared-0, lines-1, start, …")
    arguments.add_argument("--devices", type=int, default=100_000, help="of a fleet that stands")
    arguments.add_argument("--busy", type=int, default=10_000, help="devices that run flat out")
    arguments.add_argument("--connections", type=int, default=1_000, help="one for each device")
    arguments.add_argument("--starting", type=int, default=5_000, help="connections at a start")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=float, default=10.0)
    return arguments


if __name__ == "__main__":
    main()
