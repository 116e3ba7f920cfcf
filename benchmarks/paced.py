"""Stamped messages at a rate: `python -m benchmarks.paced RATE SECONDS`.

The environment says where the broker is, as for the service. Prints `ready`, sends at a line on its
standard input, and at the end prints how many messages each device has sent, as JSON.
"""

import logging
import sys
import time
from itertools import cycle, islice

import msgspec
import structlog
import trio

from benchmarks.sender import PAYLOAD, TOPICS
from benchmarks.state_file import device_id
from iotmock.actors.messages import Kind, Outgoing
from iotmock.actors.outbox.publisher import Publisher
from iotmock.settings.reading import read_settings
from iotmock.verification.stamp import Numbering
from iotmock.wire import make_wire

_STEP_S = 0.02


async def send(rate: int, seconds: int) -> dict[str, int]:
    """Return how many messages each device has sent, once the broker has them."""
    settings, numbering = read_settings(), Numbering()
    wire, publisher = make_wire(settings, 0, embedded=False), Publisher(settings.mqtt_backlog)
    async with wire.connect() as connection, trio.open_nursery() as nursery:
        nursery.start_soon(publisher.pump, connection)
        print("ready", flush=True)
        await trio.to_thread.run_sync(sys.stdin.readline)
        await _pace(rate, seconds, publisher, numbering)
        await publisher.wait_drained()
        nursery.cancel_scope.cancel()
    return numbering.counts


async def _pace(rate: int, seconds: int, publisher: Publisher, numbering: Numbering) -> None:
    devices = cycle([device_id(number) for number in range(TOPICS)])
    begin, clock = trio.current_time(), time.time() - trio.current_time()
    for step in range(round(seconds / _STEP_S)):
        await trio.sleep_until(begin + step * _STEP_S)
        due = clock + begin + step * _STEP_S
        for name in islice(devices, round(rate * _STEP_S)):
            stamp = numbering.stamp(name, due)
            publisher.tell(Outgoing(Kind.DATA, name, PAYLOAD, stamp=stamp))


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    counts = trio.run(send, int(sys.argv[1]), int(sys.argv[2]))
    print(msgspec.json.encode(counts).decode(), flush=True)
