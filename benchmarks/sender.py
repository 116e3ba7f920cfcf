"""The process that sends: `python -m benchmarks.sender client|publisher QOS ROUNDS`.

A round is one message to each of 10,000 topics, as of a fleet that ticks once. The process
connects, sends a round so that caches and broker are warm, says `ready`, and at a line on its
standard input sends what is measured; at the end it prints a `Report`. The environment says where
the broker is, as it does for the service.
"""

import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from itertools import chain, islice, repeat

import msgspec
import trio

from benchmarks.state_file import device_id
from iotmock.actors.messages import Kind, Outgoing
from iotmock.actors.outbox.publisher import Publisher
from iotmock.mqtt import Client, ConnectOptions, Message, Session
from iotmock.mqtt.codec import topics
from iotmock.settings.reading import read_settings
from iotmock.settings.settings import Settings
from iotmock.wire import make_wire

TOPICS = 10_000
PAYLOAD = b'{"device_id":"bench-0000000","power":' + b"1" * 142 + b"}"
_SLICE = 256
"""How many messages are made at a time: a slice of the pacer, and a batch of the publisher."""

Send = Callable[[int], Awaitable[None]]
_DEVICES = [device_id(number) for number in range(TOPICS)]
_TOPIC_NAMES = [topics.data_topic(name) for name in _DEVICES]


class Report(msgspec.Struct, frozen=True):
    """When sending began, on the machine's monotonic clock, and the CPU time it took, in s."""

    began: float
    cpu_s: float


@asynccontextmanager
async def client(settings: Settings, qos: int) -> AsyncIterator[Send]:
    """Send with `Client.publish_nowait` and `flush` alone."""
    options = ConnectOptions("bench", settings.mqtt_username, settings.mqtt_password)
    session = Session(window=settings.mqtt_window)
    host, port = settings.mqtt_broker_host, settings.mqtt_broker_port
    async with Client(host, port, options, session) as connected:
        yield partial(_send_over_client, connected, qos)


async def _send_over_client(connected: Client, qos: int, rounds: int) -> None:
    names = chain.from_iterable(repeat(_TOPIC_NAMES, rounds))
    room = _SLICE
    while batch := [Message(name, PAYLOAD, qos) for name in islice(names, room)]:
        connected.publish_nowait(batch)
        await connected.flush()
        if qos:
            await connected.wait_window()
            room = min(_SLICE, connected.window)
    await connected.wait_settled()


@asynccontextmanager
async def publisher(settings: Settings, qos: int) -> AsyncIterator[Send]:
    """Send with the publisher actor over the service's wire, as `Link` runs it."""
    wire, actor = make_wire(settings, 0, embedded=False), Publisher(settings.mqtt_backlog)
    wire.broker.wanted_qos = qos
    async with wire.connect() as connection, trio.open_nursery() as nursery:
        nursery.start_soon(actor.pump, connection)
        yield partial(_send_over_publisher, actor)
        nursery.cancel_scope.cancel()


async def _send_over_publisher(actor: Publisher, rounds: int) -> None:
    for _ in range(rounds):
        for start in range(0, TOPICS, _SLICE):
            for name in _DEVICES[start : start + _SLICE]:
                actor.tell(Outgoing(Kind.DATA, name, PAYLOAD))
            await trio.lowlevel.checkpoint()
        await actor.wait_drained()


async def measure(
    subject: Callable[[Settings, int], AbstractAsyncContextManager[Send]], qos: int, rounds: int
) -> None:
    """Connect, warm up, wait for the word, send, report."""
    async with subject(read_settings(), qos) as send:
        await send(1)
        print("ready", flush=True)
        await trio.to_thread.run_sync(sys.stdin.readline)
        began, cpu_s = time.monotonic(), time.process_time()
        await send(rounds)
        report = Report(began, time.process_time() - cpu_s)
    print(msgspec.json.encode(report).decode(), flush=True)


if __name__ == "__main__":
    _, name, of_qos, of_rounds = sys.argv
    trio.run(measure, {"client": client, "publisher": publisher}[name], int(of_qos), int(of_rounds))
