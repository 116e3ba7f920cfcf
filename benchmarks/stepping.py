"""Time by hand beside flat out: `python -m benchmarks.stepping [--devices N] [--steps N] …`.

One service at QoS 1 before mosquitto, by turns: some steps by hand, each of which waits for all of
the broker's answers, then a quarter as many messages flat out. What counts is the ratio of the two.
"""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from attrs import frozen

from benchmarks.fleet_service import FleetService, even_fleet, fleet_service
from benchmarks.processes import cpu_seconds
from benchmarks.table import Row, Table
from iotmock.client import Client
from tests.mosquitto import running_mosquitto

_LOOK_S = 0.5
"""Between two looks how far it is: each costs the service some ms."""


@frozen
class Way:
    """Messages that the broker has acknowledged, in s of the wall and s of the processor."""

    messages: int
    seconds: float
    cpu_s: float

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    @property
    def cpu_us(self) -> float:
        """µs of the processor a message."""
        return 1e6 * self.cpu_s / self.messages


def by_hand(client: Client, pid: int, steps: int, step_s: float) -> Way:
    """Go so many steps; every message of each must be acknowledged."""
    client.set_speed("step")
    messages, began, cpu_s = 0, monotonic(), cpu_seconds(pid)
    for _ in range(steps):
        done = client.step(step_s, timeout=600)
        if not done.ticks == done.accepted == done.acknowledged:
            raise AssertionError(f"not every message of a step was acknowledged: {done}")
        messages += done.acknowledged
    return Way(messages, monotonic() - began, cpu_seconds(pid) - cpu_s)


def flat_out(client: Client, pid: int, messages: int) -> Way:
    """Go as fast as it can until about so many messages were acknowledged."""
    before, began, cpu_s = _acknowledged(client), monotonic(), cpu_seconds(pid)
    client.set_speed(0)
    while _acknowledged(client) - before < messages:
        sleep(_LOOK_S)
    done = _acknowledged(client) - before
    way = Way(done, monotonic() - began, cpu_seconds(pid) - cpu_s)
    client.set_speed("step")
    client.step(1.0, timeout=600)  # what is on its way is of no turn
    return way


def _acknowledged(client: Client) -> int:
    return client.get_simulation_status().messages.acknowledged


def rows(service: FleetService, given: argparse.Namespace) -> Iterator[Row]:
    """Yield a row for each turn."""
    with Client(service.url) as client:
        for turn in range(1, given.turns + 1):
            stepped = by_hand(client, service.pid, given.steps // given.turns, given.step)
            free = flat_out(client, service.pid, stepped.messages // 4)
            yield {
                "turn": turn,
                "load": os.getloadavg()[0],
                "messages by hand": stepped.messages,
                "by hand, msg/s": round(stepped.rate),
                "flat out, msg/s": round(free.rate),
                "ratio": stepped.rate / free.rate,
                "by hand, µs CPU": stepped.cpu_us,
                "flat out, µs CPU": free.cpu_us,
                "ratio of CPU": stepped.cpu_us / free.cpu_us,
            }


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.stepping", description=__doc__)
    arguments.add_argument("--devices", type=int, default=10_000)
    arguments.add_argument("--steps", type=int, default=288, help="in all: a day of 5 minutes each")
    arguments.add_argument("--step", type=float, default=300.0, help="s; devices' interval, too")
    arguments.add_argument("--turns", type=int, default=12)
    given = arguments.parse_args()
    settings = {"SIMULATION_INTERVAL": given.step, "SIMULATION_SPEED": "step", "MQTT_QOS": 1}
    settings |= {"FLEET": even_fleet(given.devices), "MQTT_WINDOW": 2_000}
    broker_settings = ("max_inflight_messages 0", "persistence false")
    with (
        TemporaryDirectory() as folder,
        running_mosquitto(Path(folder), *broker_settings) as broker,
        fleet_service(broker, **settings) as service,
    ):
        service.wait_ready()
        found = list(rows(service, given))
    total = sum(int(row["messages by hand"]) for row in found)
    print(Table("Time by hand beside flat out, QoS 1", f"{given.devices:,} devices", found))
    print(f"\n{given.steps} steps: {total:,} messages, every one acknowledged")
    for name in ("ratio", "ratio of CPU"):
        print(f"median of the {name}: {median(float(row[name]) for row in found):.2f}")


if __name__ == "__main__":
    main()
