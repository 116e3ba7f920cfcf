"""A fleet at the greatest speed against a real broker: what arrived, what was true, the ledger."""

import subprocess
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import trio
from attrs import define, field
from msgspec.structs import replace

from iotmock.actors.devices.device import MockDevice
from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.links.link import Link
from iotmock.actors.messages import Tick
from iotmock.actors.outbox.publisher import Publisher
from iotmock.actors.records.ledger import Ledger
from iotmock.actors.records.registry_writer import RegistryWriter
from iotmock.actors.routers.command_router import CommandRouter
from iotmock.actors.routers.fault_router import FaultRouter
from iotmock.actors.routers.platform_mirror import PlatformMirror
from iotmock.actors.time.clock import FLAT_OUT, Clock
from iotmock.actors.time.pacer import Pacer
from iotmock.dialects.native.dialect import Native
from iotmock.model.device import Device
from iotmock.model.families import built_in
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.faults.plan import FaultProfile
from iotmock.model.reading import Reading
from iotmock.model.site.sites import Sites
from iotmock.settings.reading import read_settings
from iotmock.storage import FaultLedger
from iotmock.wire import make_wire
from tests.actors.rig import NOON, RememberedFile
from tests.mosquitto import Mosquitto, program
from tests.service.process import credentials, publish, wait_until

KINDS = ("hvac", "lighting", "server", "industrial", "appliance")
_SLICE = 250
_RATE = 3_600.0
"""Simulated seconds a second, at most: what the reserves of counters must cover."""


@define(eq=False)
class Witness:
    """mosquitto_sub, which writes what arrives to a file: payloads in hex, spoilt ones too."""

    file: Path

    def messages(self, count: int) -> list[tuple[str, bytes]]:
        """Return the data messages, once there are `count`, with the device of each."""

        def has_all() -> bool:
            return self.file.read_bytes().count(b"\n") > count  # one line is the marker's

        wait_until(has_all, 60.0, f"{count} messages arrive")
        lines = self.file.read_text().splitlines()[1:]
        return [(topic.split("/")[2], bytes.fromhex(text)) for topic, text in map(str.split, lines)]


@contextmanager
def witnessing(broker: Mosquitto, folder: Path) -> Iterator[Witness]:
    """Have a witness subscribe to all data; it has when it sees a retained marker."""
    publish(broker.port, "energy/devices/marker/data", "{}", "-r")
    command = [program("mosquitto_sub"), *credentials(broker.port), "-q", "1", "-F", "%t %x"]
    witness = Witness(folder / "arrived")
    with witness.file.open("wb") as out:
        process = subprocess.Popen([*command, "-t", "energy/devices/+/data"], stdout=out)
        try:
            wait_until(lambda: witness.file.stat().st_size > 0, 10.0, "the witness subscribes")
            yield witness
        finally:
            process.kill()
            process.wait()


@define(eq=False)
class Stream:
    """Everything about one run. Times are Unix seconds, on the grid of the interval."""

    clock: Clock
    supervisor: Supervisor
    faults: FaultRouter
    ledger: Ledger
    ledger_file: FaultLedger
    publisher: Publisher
    truth: dict[str, dict[float, Reading]] = field(factory=lambda: defaultdict(dict))
    arrived: dict[str, list[bytes]] = field(factory=lambda: defaultdict(list))
    now: float = NOON

    async def advance(self, seconds: float, step_s: float) -> None:
        """Let the fleet live, as fast as it can."""
        for _ in range(int(seconds / step_s)):
            self.now += step_s
            self.clock.move_to(self.now)
            devices = list(self.supervisor)
            for start in range(0, len(devices), _SLICE):
                await self._tick(devices[start : start + _SLICE], step_s)

    async def _tick(self, devices: list[MockDevice], step_s: float) -> None:
        for device in devices:
            device.tick_waits = True
            device.tell(Tick(self.now, step_s))
        while any(device.tick_waits for device in devices):
            await trio.lowlevel.checkpoint()
        for device in devices:
            self.truth[device.device_id][self.now] = _true_message(device.model, self.now)
        await self.publisher.wait_drained()

    async def on_record(self) -> list[FaultEntry]:
        """Return the ledger, complete up to now."""
        await self.ledger.write_now()
        return list(self.ledger_file.every_entry())

    async def take(self, witness: Witness, count: int) -> None:
        """Wait until `count` data messages have arrived, and read them."""
        for device_id, payload in await trio.to_thread.run_sync(witness.messages, count):
            self.arrived[device_id].append(payload)


@asynccontextmanager
async def streaming(
    broker: Mosquitto, ledger_path: str, profile: FaultProfile, devices: int, places: int
) -> AsyncIterator[Stream]:
    """Run a fleet without a pacer: the test hands out the ticks."""
    clock = Clock(NOON, FLAT_OUT, rate=_RATE)
    clock.move_to(NOON)
    file = FaultLedger.open(ledger_path)
    ledger, publisher = Ledger(file), Publisher(1_000_000)
    registry, pacer = RegistryWriter(RememberedFile()), Pacer(clock, 20.0)
    around = Surroundings(clock, publisher, registry, pacer, ledger, dialect=Native())
    supervisor = Supervisor(built_in(), Sites(7, 0.1), around, profile)
    router = CommandRouter(supervisor, publisher)
    wire = make_wire(_settings(broker), 0, embedded=False)
    link = Link(wire, publisher, router, PlatformMirror(supervisor))
    stream = Stream(clock, supervisor, FaultRouter(supervisor), ledger, file, publisher)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(registry.run, supervisor.counters)
        await nursery.start(supervisor.run, [])
        await nursery.start(link.run)
        for number in range(devices):
            place = f"site {number % places}"
            await supervisor.create(KINDS[number % 5], name=f"D{number}", location=place)
        yield stream
        nursery.cancel_scope.cancel()
    file.close()


def _settings(broker: Mosquitto) -> Any:
    return read_settings({"MQTT_BROKER_HOST": broker.host, "MQTT_BROKER_PORT": str(broker.port)})


def _true_message(model: Device, now: float) -> Reading:
    """Return the message that the device makes, whether or not its link lets it through."""
    faults = model.faults
    status = "error" if faults is not None and faults.effects.error else "online"
    return replace(model.reading(now), status=status)


def decoded(payload: bytes) -> dict[str, Any] | None:
    """Return a payload as a platform reads it; None where it can not."""
    try:
        return dict(msgspec.json.decode(payload.decode()))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
