"""The fleet engine against its aims: 100,000 devices in one process, before a real mosquitto."""

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import fleet_connections, fleet_halves, fleet_long, fleet_rate, fleet_stand
from benchmarks.counter import LOGGED
from benchmarks.fleet_row import Scale
from benchmarks.table import Row, Table
from tests.mosquitto import Mosquitto, running_mosquitto

_METHOD = """\
`iotmock serve` with a fleet of all five families in a process of its own, mosquitto beside it on
the same machine, and `mosquitto_sub` counting where messages are said to have arrived. CPU and
memory (Pss) are the kernel's, ticks and lateness from /metrics. Of several windows the best is
shown: other work on the machine can only make it slower. What stands beside is measured in the
same run."""
_UNLIMITED = "max_inflight_messages 0"

PARTS: dict[str, Callable[[Mosquitto, Scale], Iterator[Row]]] = {
    "stand": fleet_stand.rows,
    "rate": fleet_rate.rows,
    "halves": fleet_halves.rows,
    "connections": fleet_connections.rows,
    "soak": fleet_long.rows,
}


def run(folder: Path, scale: Scale, parts: list[str]) -> Iterator[Table]:
    """Measure the parts that were asked for."""
    with running_mosquitto(folder, LOGGED, _UNLIMITED) as broker:
        for part in parts:
            if rows := list(PARTS[part](broker, scale)):
                yield Table(f"Fleet: {part}", _METHOD, rows)
