"""Messages per second of the whole service, from the devices' physics to the subscriber."""

from collections.abc import Iterator
from math import inf
from pathlib import Path
from statistics import median
from time import sleep
from urllib.request import Request, urlopen

import msgspec

from benchmarks.counter import LOGGED, Counter
from benchmarks.processes import cpu_seconds, ending
from benchmarks.senders import DATA_FILTER, Run, mosquitto_pub
from benchmarks.served import Served, environment, serving
from benchmarks.state_file import write_fleet
from benchmarks.table import Row, Table
from tests.mosquitto import Mosquitto, running_mosquitto

_REPEATS = 3
_FLEETS = ((1_000, 1.0), (5_000, 1.0), (5_000, 0.25), (5_000, 0.125))
_WARM_UP_S = 2.0
_COUNTED_S = 4
_POLL_S = 0.1
_REFERENCE_MESSAGES = 50_000
_METHOD = f"""\
`iotmock serve` with a fleet of all five families over one connection to mosquitto, QoS 1; counted
by an independent `mosquitto_sub -W {_COUNTED_S}` (QoS 0), {_WARM_UP_S:g} s after the simulation was
started. CPU is the whole service's (ticks, physics, JSON, MQTT) per message that arrived. The last
fleet is due more than one core can do. The ratio is to `mosquitto_pub -l` at QoS 1, run in turns
while the simulation is stopped and nothing waits; where the service sends all that is due, it only
says how much was due. Median of {_REPEATS}."""


def run(folder: Path) -> Iterator[Table]:
    """Measure every fleet."""
    with running_mosquitto(folder, LOGGED) as broker:
        rows = [_fleet(broker, devices, interval) for devices, interval in _FLEETS]
    yield Table("The whole service to mosquitto", _METHOD, rows)


def _fleet(broker: Mosquitto, devices: int, interval: float) -> Row:
    folder = broker.folder / f"{devices}-{interval}"
    folder.mkdir()
    write_fleet(folder / "fleet.db", devices)
    settings = environment(broker.port, STATE_FILE="fleet.db", SIMULATION_INTERVAL=interval)
    with serving(folder, settings) as served:
        pairs = [_pair(broker, served) for _ in range(_REPEATS)]
    return {
        "devices": devices,
        "interval s": f"{interval:g}",
        "due msg/s": round(devices / interval),
        "msg/s": round(median(service.rate for service, _ in pairs)),
        "CPU µs/msg": median(service.cpu_us for service, _ in pairs),
        "mosquitto_pub msg/s": round(median(base.rate for _, base in pairs)),
        "ratio": median(service.rate / base.rate for service, base in pairs),
    }


def _pair(broker: Mosquitto, served: Served) -> tuple[Run, Run]:
    return measured(broker, served), mosquitto_pub(broker, 1, _REFERENCE_MESSAGES)


def _count(broker: Mosquitto, served: Served) -> Run:
    pid = served.process.pid
    counter = Counter.start(broker, DATA_FILTER, seconds=_COUNTED_S)
    with ending(counter.process):
        cpu_s = cpu_seconds(pid)
        messages, ended = counter.wait()
        cpu_s = cpu_seconds(pid) - cpu_s
    # A service that chokes may send nothing at all.
    cpu_us = cpu_s / messages * 1e6 if messages else inf
    return Run(messages / (ended - counter.since), cpu_us)


def measured(broker: Mosquitto, served: Served) -> Run:
    """Let a service that stands still simulate for a while; it stands still again afterwards."""
    url = served.wait_url()
    _simulation(url, "start")
    sleep(_WARM_UP_S)
    service = _count(broker, served)
    stand_still(served)
    return service


def stand_still(served: Served) -> None:
    """Have a service stop its simulation, and wait until nothing is left to send."""
    url = served.wait_url()
    _simulation(url, "stop")
    _wait_drained(url)


def _simulation(url: str, verb: str) -> None:
    with urlopen(Request(f"{url}/api/v1/simulation/{verb}", method="POST")):
        pass


def _wait_drained(url: str) -> None:
    # What a fleet left in the backlog would share the broker with the sender it is compared to.
    waiting = 1
    while waiting:
        sleep(_POLL_S)
        with urlopen(f"{url}/api/v1/simulation/status") as answer:
            waiting = msgspec.json.decode(answer.read())["messages"]["waiting"]
