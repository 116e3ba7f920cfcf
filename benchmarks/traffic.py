"""Record, replay and record again: `python -m benchmarks.traffic [--messages N] [--rate R]`.

Against mosquitto, each command a process of its own. Prints whether the second recording has the
same bytes in the same order per topic, and how late messages were sent at speed 1.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from os import environ, getloadavg
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import trio

from iotmock.mqtt import Client, ConnectOptions, Message, Session
from iotmock.traffic.files.formats import reader_of
from tests.mosquitto import PASSWORD, USERNAME, Mosquitto, running_mosquitto

TOPICS = 500
_SLICE_S = 0.002


async def send(broker: Mosquitto, messages: int, rate: float) -> None:
    """Send so many messages a second; a third of the topics has QoS 0, 1 and 2 each."""
    options = ConnectOptions("bench-traffic", USERNAME, PASSWORD)
    async with Client(broker.host, broker.port, options, Session(window=1_000)) as client:
        start, sent = trio.current_time(), 0
        while sent < messages:
            due = min(messages, int((trio.current_time() - start) * rate))
            sent += client.publish_nowait([message(number) for number in range(sent, due)])
            await client.flush()
            if sent < due:
                await client.wait_window()
            else:
                await trio.sleep(_SLICE_S)
        await client.wait_settled()


def message(number: int) -> Message:
    """Return the message of this number; the QoS is one of its topic."""
    payload = f'{{"device_id":"d{number % TOPICS}","n":{number},"power":{number % 97}.25}}'
    return Message(f"site/d{number % TOPICS}/data", payload.encode(), number % TOPICS % 3)


def start(broker: Mosquitto, *arguments: str) -> subprocess.Popen[str]:
    variables = {**environ, "MQTT_USERNAME": USERNAME, "MQTT_PASSWORD": PASSWORD}
    command = [sys.executable, "-m", "iotmock", *arguments, "--json"]
    command += ["--broker", f"127.0.0.1:{broker.port}"]
    return subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> Any:
    output, _ = process.communicate()
    return {"exit": process.returncode, **json.loads(output)}


def recording(broker: Mosquitto, topic: str, file: Path, count: int) -> subprocess.Popen[str]:
    process = start(broker, "record", "--topic", topic, "-o", str(file), "--count", str(count))
    log = broker.folder / "mosquitto.log"
    while topic not in log.read_text():
        time.sleep(0.05)
    return process


def digests(file: Path) -> dict[str, str]:
    """Return a hash of what went over each topic, in order, below its first level."""
    found: dict[str, Any] = defaultdict(sha256)
    for rows in reader_of(file).batches():
        for row in rows:
            below = row.topic.partition("/")[2]
            found[below].update(b"%d %d " % (row.qos, len(row.payload)) + row.payload)
    return {topic: digest.hexdigest() for topic, digest in found.items()}


def moments(file: Path) -> dict[str, list[int]]:
    """Return when what went over each topic came, in µs, below its first level."""
    found: dict[str, list[int]] = defaultdict(list)
    for rows in reader_of(file).batches():
        for row in rows:
            found[row.topic.partition("/")[2]].append(row.at_us)
    return found


def shifts(first: Path, second: Path) -> list[float]:
    """Return by how many ms each message came beside its moment in the other file, in order."""
    before, after = moments(first), moments(second)
    apart = [b - a for topic in before for a, b in zip(before[topic], after[topic], strict=False)]
    usual = median(apart)
    return sorted(abs(one - usual) / 1e3 for one in apart)


def oversleeping(process: subprocess.Popen[str]) -> Iterator[float]:
    """Yield by how many ms each of this process's own sleeps is too long while another runs."""
    while process.poll() is None:
        due = time.perf_counter() + 0.01
        time.sleep(0.01)
        yield 1e3 * (time.perf_counter() - due)


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.traffic", description=__doc__)
    arguments.add_argument("--messages", type=int, default=1_000_000)
    arguments.add_argument("--rate", type=float, default=5_000.0)
    given = arguments.parse_args()
    more = ("max_inflight_messages 0", "log_type subscribe")
    with TemporaryDirectory() as name, running_mosquitto(Path(name), *more) as broker:
        run(broker, Path(name), given.messages, given.rate)


def run(broker: Mosquitto, folder: Path, messages: int, rate: float) -> None:
    first, second = folder / "first.parquet", folder / "second.parquet"
    recorder = recording(broker, "site/#", first, messages)
    trio.run(send, broker, messages, rate)
    print("recorded:", json.dumps(ended(recorder)), flush=True)
    recorder = recording(broker, "copy/#", second, messages)
    player = start(broker, "replay", str(first), "--map", "site=copy")
    machine = sorted(oversleeping(player))
    played = ended(player)
    print("replayed:", json.dumps(played), flush=True)
    print("recorded:", json.dumps(ended(recorder)))
    before, after = digests(first), digests(second)
    same = sum(after.get(topic) == digest for topic, digest in before.items())
    print(f"same bytes in the same order: {same} of {len(before)} topics")
    apart = shifts(first, second)
    share = [f"p{percent} {apart[len(apart) * percent // 100]:.2f} ms" for percent in (50, 99)]
    print(f"recorded again at the same distances within {', '.join(share)}")
    bare = machine[int(0.99 * len(machine))]
    print(f"a bare sleep on this machine meanwhile: late by p99 {bare:.2f} ms, load {getloadavg()}")
    print(f"late by p99 {played['late']['p99_ms']} ms at speed 1, at {rate:,.0f} messages/s")


if __name__ == "__main__":
    main()
