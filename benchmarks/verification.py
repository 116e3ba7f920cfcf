"""What verification costs: the receiver, the stamps, and the memory of the account."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from subprocess import PIPE, Popen

import msgspec

from benchmarks.accounting import Footprint
from benchmarks.counter import LOGGED
from benchmarks.processes import cpu_seconds, ending
from benchmarks.receivers import mosquitto_sub, receiver, started_receiver, told, until
from benchmarks.replay import RUN, messages
from benchmarks.sender import TOPICS
from benchmarks.served import environment, serving
from benchmarks.service import measured, stand_still
from benchmarks.state_file import write_fleet
from benchmarks.table import Row, Table
from iotmock.soak.receiver.receipts import Expect, Finish
from tests.mosquitto import Mosquitto, running_mosquitto

STAMPS = ("off", "properties", "json")
_REPEATS = 3
_ROUNDS = 30
_RATE, _SECONDS = 30_000, 5
_SERVICE = {"devices": 2_500, "interval": 0.25, "pairs": 10}
_PATH_ROUNDS = 40
_ACCOUNTS = ((100_000, 5, 0.0), (100_000, 40, 0.0), (100_000, 5, 0.1), (100_000, 40, 0.1))


def run(folder: Path) -> Iterator[Table]:
    """Measure all of it."""
    yield Table("The receiver alone", _ALONE, list(_alone()))
    with running_mosquitto(folder, LOGGED) as broker:
        yield Table("The receiver behind mosquitto", _BEHIND, [_behind(broker)])
        yield Table("What stamps cost the service", _STAMPED, _stamped(broker))
        yield Table("What stamps cost the hot path", _PATH, _path(broker))
    yield Table("Memory of the account", _MEMORY, list(_memory()))


_ALONE = f"""\
{_ROUNDS * TOPICS:,} ready-made stamped messages of 284 bytes for {TOPICS:,} devices, written to the
subscriber's socket as fast as it takes them (no broker, no sender); `mosquitto_sub -F .` the same
way. Medians of {_REPEATS} turns; msg/s per core is from the CPU time, the ratio is of CPU time."""


def _alone() -> Iterator[Row]:
    count = _ROUNDS * TOPICS
    for stamp in ("properties", "json"):
        for qos in (0, 1):
            data = messages(_ROUNDS, qos, stamp)
            turns = [
                (receiver(data, count, qos, stamp), mosquitto_sub(data, count, qos, stamp))
                for _ in range(_REPEATS)
            ]
            cpu_us = median(ours.cpu_us for ours, _ in turns)
            yield {
                "stamp": stamp,
                "QoS": qos,
                "msg/s": round(median(ours.rate for ours, _ in turns)),
                "CPU µs/msg": cpu_us,
                "msg/s per core": round(1e6 / cpu_us),
                "mosquitto_sub µs/msg": median(theirs.cpu_us for _, theirs in turns),
                "x mosquitto_sub": median(ours.cpu_us / theirs.cpu_us for ours, theirs in turns),
            }


_BEHIND = f"""\
{_RATE:,} messages a second for {_SECONDS} s at QoS 1 from the service's own wire, through
mosquitto, into the receiver, all on this machine. Latency is from when a message was due."""


def _behind(broker: Mosquitto) -> Row:
    command = [sys.executable, "-m", "benchmarks.paced", str(_RATE), str(_SECONDS)]
    settings = environment(broker.port, MQTT_STAMP="properties", MQTT_STAMP_RUN=RUN)
    sender = Popen(command, env=settings, stdin=PIPE, stdout=PIPE)
    config = {"username": broker.username, "password": broker.password}
    with ending(sender), ending(started_receiver(broker.port, 1, "5", **config)) as counter:
        until(counter, lambda receipts: receipts.connected)
        cpu_s = cpu_seconds(counter.pid)
        assert sender.stdout is not None
        sender.stdout.readline()
        counts, _ = sender.communicate(b"go\n")
        told(counter, Expect(msgspec.json.decode(counts, type=dict[str, int])))
        told(counter, Finish())
        final = until(counter, lambda receipts: receipts.final)
        cpu_s = cpu_seconds(counter.pid) - cpu_s
    return {
        "sent": _RATE * _SECONDS,
        "received": final.counts.distinct,
        "lost": final.counts.lost,
        "p50 ms": final.latency.p50_ms,
        "p99 ms": final.latency.p99_ms,
        "p99.9 ms": final.latency.p999_ms,
        "receiver's CPU": f"{cpu_s / _SECONDS:.0%}",
    }


_STAMPED = f"""\
Three `iotmock serve` of {_SERVICE["devices"]:,} devices at {_SERVICE["interval"]} s over MQTT 5 at
QoS 1; one simulates at a time, in turns. CPU of the whole service per message that an independent
`mosquitto_sub` got; the cost is the median over {_SERVICE["pairs"]} pairs."""


def _stamped(broker: Mosquitto) -> list[Row]:
    costs: dict[str, list[float]] = {stamp: [] for stamp in STAMPS}
    with ExitStack() as stack:
        services = {}
        for stamp in STAMPS:
            folder = broker.folder / stamp
            folder.mkdir()
            write_fleet(folder / "fleet.db", int(_SERVICE["devices"]))
            settings = environment(
                broker.port,
                STATE_FILE="fleet.db",
                SIMULATION_INTERVAL=_SERVICE["interval"],
                MQTT_STAMP=stamp,
                MQTT_CLIENT_ID=f"bench-{stamp}",
            )
            services[stamp] = stack.enter_context(serving(folder, settings))
            stand_still(services[stamp])
        for number in range(int(_SERVICE["pairs"])):
            for stamp in _turned(number):
                costs[stamp].append(measured(broker, services[stamp]).cpu_us)
    return _costs(costs)


def _turned(number: int) -> tuple[str, ...]:
    turn = number % len(STAMPS)
    return STAMPS[turn:] + STAMPS[:turn]


_PATH = f"""\
One process, three fleets of 500 devices that are ticked in turns, {_PATH_ROUNDS} rounds of 5,000
messages: ticks, physics, JSON, numbering, publisher, MQTT 5 at QoS 1 until the last PUBACK; without
pacer, inboxes and REST, so that the base is smaller and the cost a greater share."""


def _path(broker: Mosquitto) -> list[Row]:
    command = [sys.executable, "-m", "benchmarks.stamped", str(_PATH_ROUNDS)]
    printed = subprocess.run(command, env=environment(broker.port), stdout=PIPE, check=True).stdout
    seconds = msgspec.json.decode(printed, type=dict[str, list[float]])
    return _costs({stamp: [each * 1e6 for each in all_] for stamp, all_ in seconds.items()})


def _costs(costs: dict[str, list[float]]) -> list[Row]:
    return [_cost(stamp, values, costs["off"]) for stamp, values in costs.items()]


def _cost(stamp: str, values: list[float], base: list[float]) -> Row:
    shares = [one / other - 1.0 for one, other in zip(values, base, strict=True)]
    low, middle, high = quantiles(shares, n=4)
    return {
        "stamp": stamp,
        "CPU µs/msg": median(values),
        "cost µs": median(one - other for one, other in zip(values, base, strict=True)),
        "cost": f"{middle:+.1%}",
        "quartiles": f"{low:+.1%} to {high:+.1%}",
    }


_MEMORY = """\
A process of its own for each row: the account of a receiver, in each round a message of each
device. A share of the messages never comes, and as many come late and twice. A bound, not a
history: 40 rounds hold little more than 5."""


def _memory() -> Iterator[Row]:
    for devices, rounds, share in _ACCOUNTS:
        command = [sys.executable, "-m", "benchmarks.accounting"]
        command += [str(devices), str(rounds), str(share)]
        printed = subprocess.run(command, stdout=PIPE, check=True).stdout
        footprint = msgspec.json.decode(printed, type=Footprint)
        yield {
            "devices": devices,
            "rounds": rounds,
            "bad": f"{share:.0%}",
            "received": footprint.received,
            "lost": footprint.lost,
            "account MB": footprint.account_mb,
            "process MB": footprint.process_mb,
        }
