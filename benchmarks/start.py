"""How soon after its start the service serves, and a subscriber has the first data message."""

import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.counter import subscriber
from benchmarks.processes import wait_logged
from benchmarks.senders import DATA_FILTER
from benchmarks.served import environment, serving
from benchmarks.table import Row, Table
from tests.mosquitto import free_port

_REPEATS = 5
_INTERVAL_S = 0.5
_PATIENCE_S = 30
_METHOD = f"""\
`iotmock serve` with an empty state file, the embedded broker, the five default devices and
SIMULATION_INTERVAL={_INTERVAL_S:g}. Seconds from the start of the process to the times in its log,
and to the end of a `mosquitto_sub -C 1` that connects as soon as the broker listens. {_REPEATS}
starts, the first of which may find the disk cold; there is nothing beside it to take a ratio to."""
_EVENTS = ("embedded broker listens", "connected to the broker", "serving")
_FIRST_DATA = "first data message at a subscriber"


class _Line(msgspec.Struct):
    timestamp: datetime


def run(folder: Path) -> Iterator[Table]:
    """Start it some times."""
    starts = [_start(folder / str(number)) for number in range(_REPEATS)]
    rows = [_row(event, [start[event] for start in starts]) for event in (*_EVENTS, _FIRST_DATA)]
    yield Table("Start-up", _METHOD, rows)


def _row(event: str, times: list[float]) -> Row:
    return {"until": event, "median s": median(times), "least": min(times), "most": max(times)}


def _start(folder: Path) -> dict[str, float]:
    folder.mkdir()
    port = free_port()
    settings = environment(
        port, MQTT_EMBEDDED_BROKER="on", STATE_FILE="new.db", SIMULATION_INTERVAL=_INTERVAL_S
    )
    with serving(folder, settings) as served:
        wait_logged(served.log, _EVENTS[0])
        times = {_FIRST_DATA: _first_data_at(port)}
        times |= {event: _logged_at(served.log, event) for event in _EVENTS}
    return {event: at - served.began for event, at in times.items()}


def _first_data_at(port: int) -> float:
    command = subscriber(port, DATA_FILTER, "first", 1, _PATIENCE_S)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.time()


def _logged_at(log: Path, event: str) -> float:
    line = wait_logged(log, f'"event": "{event}"')
    return msgspec.json.decode(line, type=_Line).timestamp.timestamp()
