"""Where a message's microseconds go: `python -m benchmarks.where [DEVICES] [SETTING=VALUE ...]`.

Needs py-spy (`pip install py-spy`). Each sample of the service's only busy thread is counted once:
for the nearest caller that the table names. So the rows add up to the CPU time per message that
the kernel measured.
"""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.counter import LOGGED
from benchmarks.fleet_service import even_fleet, fleet_service
from benchmarks.table import Row, Table
from tests.mosquitto import running_mosquitto

_SECONDS = 20
_SETTLED_S = 3.0
_IDLE = ("WorkerThread._work", "get_events")
"""What py-spy takes for work, and is waiting."""
_PLACES = {
    "encoder.py": "MQTT: encode PUBLISH",
    "Driver._read": "MQTT: acknowledgements, reading",
    "Driver._write": "the write to the socket",
    "Driver._guard": "the write to the socket",
    "mqtt/": "MQTT: session, client",
    "wire": "wire: from actors' messages to MQTT's",
    "publisher.py": "publisher",
    "model/families": "physics",
    "model/site/site.py": "physics",
    "Device.tick": "physics",
    "Device.reading": "reading: rounding, timestamp, struct",
    "MockDevice._tick": "device actor, JSON (msgspec)",
    "MemoryReceiveChannel": "Trio: receive from the inbox, sleep",
    "MemorySendChannel": "Trio: send to the inbox, wake",
    "MockDevice": "device actor, JSON (msgspec)",
    "Supervisor._supervise": "Trio: task switch",
    "counter_blocks.py": "counters for the state file",
    "registry_writer.py": "counters for the state file",
    "pacer.py": "pacer",
    "cohorts.py": "pacer",
    "handout.py": "pacer",
    "trio/_core/_run.py": "Trio: task switch",
}


def main() -> None:
    """Measure a fleet that stands, 5 s interval unless given."""
    devices = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    settings: dict[str, object] = {"SIMULATION_INTERVAL": 5}
    settings |= dict(text.split("=", 1) for text in sys.argv[2:])
    with (
        TemporaryDirectory(prefix="iotmock-where-") as folder,
        running_mosquitto(Path(folder), LOGGED, "max_inflight_messages 0") as broker,
        fleet_service(broker, FLEET=even_fleet(devices), **settings) as service,
    ):
        service.wait_ready()
        time.sleep(_SETTLED_S)
        before = service.sample()
        time.sleep(_SECONDS)
        after = service.sample()
        stacks = _record(service.pid, Path(folder) / "stacks")
    cpu_us = (after.cpu_s - before.cpu_s) / (after.ticks - before.ticks) * 1e6
    print(_table(_counted(stacks), cpu_us, f"{devices:,} devices, {settings}"))


def _record(pid: int, stacks: Path) -> list[str]:
    command = ["py-spy", "record", "-d", str(_SECONDS), "-r", "250", "-f", "raw"]
    subprocess.run([*command, "-o", stacks, "-p", str(pid)], check=True, capture_output=True)
    return stacks.read_text().splitlines()


def _counted(stacks: list[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in stacks:
        stack, _, count = line.rpartition(" ")
        frames = stack.split(";")
        if not any(mark in frames[-1] for mark in _IDLE):
            counts[_place(frames)] += int(count)
    return counts


def _place(frames: list[str]) -> str:
    for frame in reversed(frames):
        for mark, place in _PLACES.items():
            if mark in frame:
                return place
    return "all else: start, REST, other tasks"


def _table(counts: Counter[str], cpu_us: float, title: str) -> Table:
    total = counts.total()
    rows: list[Row] = [
        {"where": place, "µs": count / total * cpu_us, "share": f"{count / total:.0%}"}
        for place, count in counts.most_common()
    ]
    rows.append({"where": "all", "µs": cpu_us, "share": "100%"})
    return Table(f"Where a message's microseconds go: {title}", (__doc__ or "").strip(), rows)


if __name__ == "__main__":
    main()
