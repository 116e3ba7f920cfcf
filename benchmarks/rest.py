"""Requests per second of the REST API, over a socket to the service as it is really served."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from benchmarks.load import CONNECTIONS, SECONDS, TOOL, Answers, Call, load
from benchmarks.processes import cpu_seconds
from benchmarks.served import Served, environment, serving
from benchmarks.state_file import device_id, write_fleet
from benchmarks.table import Row, Table
from tests.mosquitto import Mosquitto, running_mosquitto

_REPEATS = 3
_FLEETS = (5, 10_000)
_INTERVAL_S = 5.0
_DEVICE = f"/api/v1/devices/{device_id(1)}"
_CALLS = {
    "GET /health": Call("GET", "/health"),
    "GET one device": Call("GET", _DEVICE),
    "GET list, limit=100": Call("GET", "/api/v1/devices?limit=100"),
    "POST command": Call(
        "POST", f"{_DEVICE}/command", '{"command": "set_power", "parameters": {"power": 30.0}}'
    ),
}
_METHOD = f"""\
`iotmock serve` (hypercorn) asked by {TOOL} over {CONNECTIONS} loopback connections, {SECONDS} s
each, while the simulation runs at {_INTERVAL_S:g} s and QoS 1 to mosquitto. CPU is the whole
service's per request, so with 10,000 devices it contains their 2,000 messages per second. Rounds
over all calls, median of {_REPEATS}; p99 is the median of the rounds' p99."""


def run(folder: Path) -> Iterator[Table]:
    """Measure every call with every fleet."""
    with running_mosquitto(folder) as broker:
        rows = [row for devices in _FLEETS for row in _fleet(broker, devices)]
    yield Table("REST", _METHOD, rows)


def _fleet(broker: Mosquitto, devices: int) -> Iterator[Row]:
    folder = broker.folder / str(devices)
    folder.mkdir()
    write_fleet(folder / "fleet.db", devices)
    settings = environment(broker.port, STATE_FILE="fleet.db", SIMULATION_INTERVAL=_INTERVAL_S)
    with serving(folder, settings) as served:
        url = served.wait_url()
        rounds = [
            {name: _ask(served, url, call) for name, call in _CALLS.items()}
            for _ in range(_REPEATS)
        ]
    for name in _CALLS:
        row: Row = {"devices": devices, "call": name}
        yield row | _medians([each[name] for each in rounds])


def _ask(served: Served, url: str, call: Call) -> tuple[Answers, float]:
    where = urlsplit(url)
    cpu_s = cpu_seconds(served.process.pid)
    answers = load(where.hostname or "", where.port or 0, call)
    if answers.errors:
        raise RuntimeError(f"{call} failed {answers.errors} times; {served.log.read_text()[-500:]}")
    return answers, cpu_seconds(served.process.pid) - cpu_s


def _medians(results: list[tuple[Answers, float]]) -> Row:
    return {
        "requests/s": round(median(each.requests / each.seconds for each, _ in results)),
        "p99 ms": median(each.p99_ms for each, _ in results),
        "CPU µs/request": round(median(cpu_s / each.requests * 1e6 for each, cpu_s in results)),
    }
