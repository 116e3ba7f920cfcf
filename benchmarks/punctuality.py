"""How late a replay is beside a bare sleep: `python -m benchmarks.punctuality [--rounds N] …`.

In turns: a bare Trio task that wakes for each of the same moments, and `iotmock replay` at speed 1
to mosquitto, each a process of its own. On a busy machine it is the ratio that says something.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import trio

from benchmarks.table import Row, Table
from benchmarks.traffic import TOPICS, ended, message, start
from iotmock.traffic.files.formats import writer_of
from iotmock.traffic.recorded import Recorded
from iotmock.verification.latency import Latency
from tests.mosquitto import Mosquitto, running_mosquitto

_BEGIN_US = 1_772_406_000_000_000
_LEAD_S = 0.2
_BATCH = 5_000


async def sleep(messages: int, rate: float) -> dict[str, float]:
    """Return how late, in ms, a bare task is for as many moments."""
    late, begin, number = Latency(), trio.current_time() + _LEAD_S, 0
    while number < messages:
        await trio.sleep_until(begin + number / rate)
        now = trio.current_time()
        while number < messages and (due := begin + number / rate) <= now:
            late.record(int((now - due) * 1e6))
            number += 1
    found = late.quantiles()
    return {"p50_ms": found.p50_ms, "p99_ms": found.p99_ms, "max_ms": found.max_ms}


def write(file: Path, messages: int, rate: float) -> None:
    """Write a recording whose messages come at even distances over 500 topics."""
    writer = writer_of(file)
    for begin in range(0, messages, _BATCH):
        numbers = range(begin, min(messages, begin + _BATCH))
        writer.write([_recorded(number, rate) for number in numbers])
    writer.finish()


def _recorded(number: int, rate: float) -> Recorded:
    one = message(number)
    return Recorded(_BEGIN_US + int(number / rate * 1e6), one.topic, one.payload, one.qos)


def turns(broker: Mosquitto, file: Path, given: argparse.Namespace) -> Iterator[Row]:
    """Yield a row for each round."""
    for number in range(1, given.rounds + 1):
        bare = _bare(given.messages, given.rate)
        played = ended(start(broker, "replay", str(file)))["late"]
        row: Row = {"round": number, "load": os.getloadavg()[0]}
        for name in ("p50_ms", "p99_ms", "max_ms"):
            row |= {f"bare {name}": bare[name], f"replay {name}": played[name]}
        yield {**row, "p99 ratio": played["p99_ms"] / bare["p99_ms"]}


def _bare(messages: int, rate: float) -> dict[str, float]:
    command = [sys.executable, "-m", __spec__.name, "--bare"]
    command += ["--messages", str(messages), "--rate", str(rate)]
    done = subprocess.run(command, check=True, capture_output=True)
    return {str(name): float(value) for name, value in json.loads(done.stdout).items()}


def main() -> None:
    arguments = argparse.ArgumentParser(
        prog="python -m benchmarks.punctuality", description=__doc__
    )
    arguments.add_argument("--messages", type=int, default=50_000)
    arguments.add_argument("--rate", type=float, default=5_000.0, help="messages a second")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.bare:
        print(json.dumps(trio.run(sleep, given.messages, given.rate)))
        return
    with TemporaryDirectory() as name, running_mosquitto(Path(name)) as broker:
        file = Path(name) / "even.parquet"
        write(file, given.messages, given.rate)
        rows = list(turns(broker, file, given))
    method = f"{given.messages:,} messages over {TOPICS} topics at {given.rate:,.0f}/s, speed 1"
    print(Table("How late a replay is beside a bare sleep", method, rows))
    print(f"\nmedian of the ratios of p99: {median(float(row['p99 ratio']) for row in rows):.2f}")


if __name__ == "__main__":
    main()
