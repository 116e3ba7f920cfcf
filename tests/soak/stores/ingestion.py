"""A small platform: `python -m tests.soak.stores.ingestion BROKER_PORT TARGET [SKIPPED ...]`.

It subscribes, and writes each reading to TARGET: the URL of an InfluxDB 1.x, or a SQLite file. What
it skips is given as `device_id@timestamp` or `device_id@first`. It says `ready` once it has
subscribed, and ends with its standard input.
"""

import json
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cached_property, partial
from subprocess import PIPE
from threading import Event
from typing import Any, Protocol

import httpx
import trio
from attrs import define, field
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from tests.mosquitto import PASSWORD, USERNAME
from tests.patience import SLACK, within
from tests.soak.stores.influxd import DATABASE

END = "ingestion/end"
PATIENCE_S = 30.0


class Target(Protocol):
    def write(self, device: str, timestamp: str, power: float) -> None: ...


@define(eq=False)
class Influx:
    """Points with the reading's own time, one a request as the simplest platforms do."""

    url: str
    client: httpx.Client = field(factory=partial(httpx.Client, timeout=10 * SLACK))

    def write(self, device: str, timestamp: str, power: float) -> None:
        time_ms = round(datetime.fromisoformat(timestamp).timestamp() * 1e3)
        line = f"energy,device_id={device} power={power} {time_ms}"
        where = {"db": DATABASE, "precision": "ms"}
        self.client.post(f"{self.url}/write", params=where, content=line).raise_for_status()


@define(eq=False)
class Sqlite:
    """Rows with the reading's time as it came."""

    file: str

    @cached_property
    def database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.file)  # in the thread that writes

    def write(self, device: str, timestamp: str, power: float) -> None:
        row = (device, timestamp, power)
        with self.database:
            self.database.execute("INSERT INTO readings VALUES (?, ?, ?)", row)


@define(eq=False)
class Platform:
    """Stores what comes; its own message, which comes last, ends it."""

    into: Target
    skipped: tuple[str, ...]
    client: Client = field(factory=lambda: Client(CallbackAPIVersion.VERSION2))
    ended: Event = field(factory=Event)
    seen: set[str] = field(factory=set)

    def run(self, broker_port: int) -> None:
        client = self.client
        client.username_pw_set(USERNAME, PASSWORD)
        client.on_message = self._store
        client.on_connect = self._subscribe
        client.on_subscribe = self._say_ready
        client.connect("127.0.0.1", broker_port)
        client.loop_start()
        sys.stdin.read()
        client.publish(END, qos=1)
        self.ended.wait(PATIENCE_S * SLACK)
        client.loop_stop()

    def _subscribe(self, *_: object) -> None:
        self.client.subscribe([("energy/devices/+/data", 1), (END, 1)])

    def _say_ready(self, *_: object) -> None:
        sys.stdout.write("ready\n")
        sys.stdout.flush()

    def _store(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        if message.topic == END:
            self.ended.set()
            return
        reading = json.loads(message.payload)
        device, timestamp = reading["device_id"], reading["timestamp"]
        names = {f"{device}@{timestamp}", *([] if device in self.seen else [f"{device}@first"])}
        self.seen.add(device)
        if names.isdisjoint(self.skipped):
            self.into.write(device, timestamp, reading["power"])


def main(broker_port: str, target: str, *skipped: str) -> None:
    into: Target = Influx(target) if target.startswith("http") else Sqlite(target)
    Platform(into, skipped).run(int(broker_port))


@asynccontextmanager
async def running_ingestion(
    broker_port: int, target: str, *skipped: str
) -> AsyncIterator[trio.Process]:
    """Run the platform; it has subscribed."""
    command = [
        sys.executable,
        "-m",
        "tests.soak.stores.ingestion",
        str(broker_port),
        target,
        *skipped,
    ]
    async with trio.open_nursery() as nursery:
        process = await nursery.start(partial(trio.run_process, command, stdin=PIPE, stdout=PIPE))
        with within(PATIENCE_S):
            said = await process.stdout.receive_some()
        assert said == b"ready\n"
        yield process
        await process.stdin.aclose()


if __name__ == "__main__":
    main(*sys.argv[1:])
