"""What stamps cost the generator: paired rounds of the same devices over the same kind of wire.

`python -m benchmarks.stamped ROUNDS`, with the environment of a service, prints for each kind of
stamp the CPU time of each round, in s a message: ticks, physics, JSON, numbering, publisher, MQTT 5
at QoS 1, the acknowledgements. Only one fleet at a time is ticked; the order turns with each round.
"""

import logging
import os
import sys
from functools import partial
from time import process_time, time

import msgspec
import structlog
import trio
from attrs import define

from iotmock.actors.devices.device import MockDevice
from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.messages import Tick
from iotmock.actors.outbox.publisher import Publisher
from iotmock.actors.records.ledger import Ledger
from iotmock.actors.records.registry_writer import RegistryWriter
from iotmock.actors.time.clock import Clock
from iotmock.actors.time.pacer import Pacer
from iotmock.dialects.native.dialect import Native
from iotmock.model.families import built_in
from iotmock.model.faults.plan import FaultProfile
from iotmock.model.site.sites import Sites
from iotmock.settings.reading import read_settings
from iotmock.verification.stamp import Numbering
from iotmock.wire import MqttWire, make_wire
from tests.actors.rig import RememberedFile, RememberedLedger

STAMPS = ("off", "properties", "json")
DEVICES = 500
TICKS = 10
STEP_S = 5.0
_SLICE = 256


@define(eq=False)
class Fleet:
    """Devices whose ticks are ours to give, and their publisher over a connection of its own."""

    devices: list[MockDevice]
    publisher: Publisher
    now: float

    async def round(self) -> float:
        """Return the CPU time a message of some ticks, until the broker has acknowledged all."""
        begin = process_time()
        for _ in range(TICKS):
            self.now += STEP_S
            tick = Tick(self.now, STEP_S)
            for start in range(0, DEVICES, _SLICE):
                for device in self.devices[start : start + _SLICE]:
                    device._tick(tick)
                await trio.lowlevel.checkpoint()
            await self.publisher.wait_drained()
        return (process_time() - begin) / (TICKS * DEVICES)


async def make_fleet(nursery: trio.Nursery, stamp: str) -> Fleet:
    clock, now = Clock(time() - trio.current_time()), time()
    registry, pacer = RegistryWriter(RememberedFile()), Pacer(clock, STEP_S)
    own = {"MQTT_STAMP": stamp, "MQTT_CLIENT_ID": f"bench-{stamp}"}
    settings = read_settings({**os.environ, **own})
    publisher = Publisher(settings.mqtt_backlog)
    numbering = None if stamp == "off" else Numbering()
    ledger = Ledger(RememberedLedger())
    around = Surroundings(
        clock, publisher, registry, pacer, ledger, False, numbering, dialect=Native()
    )
    supervisor = Supervisor(built_in(), Sites(1, 0.1), around, FaultProfile.OFF)
    nursery.start_soon(registry.run, supervisor.counters)
    await nursery.start(supervisor.run, [])
    kinds = built_in().names
    for number in range(DEVICES):
        kind, place = kinds[number % len(kinds)], f"location {number % 10}"
        await supervisor.create(kind, name="bench", location=place)
    await nursery.start(partial(_connect, make_wire(settings, 0, embedded=False), publisher))
    return Fleet(list(supervisor), publisher, now)


async def _connect(
    wire: MqttWire, publisher: Publisher, task_status: trio.TaskStatus[None]
) -> None:
    async with wire.connect() as connection:
        task_status.started()
        await publisher.pump(connection)


async def measure(rounds: int) -> dict[str, list[float]]:
    """Return s a message, by kind of stamp and round; the first round warms up."""
    seconds: dict[str, list[float]] = {stamp: [] for stamp in STAMPS}
    async with trio.open_nursery() as nursery:
        fleets = [(stamp, await make_fleet(nursery, stamp)) for stamp in STAMPS]
        for number in range(rounds + 1):
            turn = number % len(fleets)
            for stamp, fleet in fleets[turn:] + fleets[:turn]:
                took = await fleet.round()
                if number:
                    seconds[stamp].append(took)
        nursery.cancel_scope.cancel()
    return seconds


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(msgspec.json.encode(trio.run(measure, int(sys.argv[1]))).decode(), flush=True)
