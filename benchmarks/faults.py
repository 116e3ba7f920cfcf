"""What the faults cost a tick: paired rounds of the same fleet, without the feature and with it.

A tick is the device actor's: physics, reading, JSON, handing over to the publisher. "without" is
the code as it would be if there were no faults, kept here beside the real one.
"""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time

import msgspec
import trio
from attrs import define

from benchmarks.table import Row, Table
from iotmock.actors.devices.device import MockDevice
from iotmock.actors.devices.sides.status import publish_status
from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.messages import Kind, Outgoing, Tick
from iotmock.actors.outbox.publisher import Publisher
from iotmock.actors.records.ledger import Ledger
from iotmock.actors.records.registry_writer import RegistryWriter
from iotmock.actors.time.clock import Clock
from iotmock.actors.time.pacer import Pacer
from iotmock.dialects.native.dialect import Native
from iotmock.model.device import Device
from iotmock.model.families import built_in
from iotmock.model.faults.plan import FaultProfile
from iotmock.model.reading import Status
from iotmock.model.site.sites import Sites
from tests.actors.rig import RememberedFile, RememberedLedger

MONDAY_10_H = 1_754_906_400.0
STEP_S = 5.0
DEVICES = 200
TICKS = 20
ROUNDS = 61
_PROFILES = (FaultProfile.OFF, FaultProfile.REALISTIC, FaultProfile.HARSH)
_encode = msgspec.json.Encoder().encode


def run(_: Path) -> Iterator[Table]:
    """Yield the table."""
    seconds = trio.run(_measure)
    base = median(seconds["without"])
    rows: list[Row] = [
        {
            "faults": name,
            "us_per_tick": round(median(times) * 1e6, 2),
            "cost": f"{median(_ratios(times, seconds['without'])) - 1.0:+.1%}",
        }
        for name, times in seconds.items()
    ]
    yield Table("Faults", f"{__doc__}\n{DEVICES} devices, base {base * 1e6:.2f} us.", rows)


def _ratios(times: list[float], base: list[float]) -> list[float]:
    return [one / other for one, other in zip(times, base, strict=True)]


async def _measure() -> dict[str, list[float]]:
    async with trio.open_nursery() as nursery:
        fleets = {"without": await _fleet(nursery, FaultProfile.OFF)}
        for device in fleets["without"]:
            device.__class__, device.model.__class__ = PlainMockDevice, PlainDevice
        for profile in _PROFILES:
            fleets[profile.name.lower()] = await _fleet(nursery, profile)
        seconds: dict[str, list[float]] = {name: [] for name in fleets}
        for number in range(ROUNDS):
            for name, devices in fleets.items():
                seconds[name].append(_round(devices, number * TICKS))
        nursery.cancel_scope.cancel()
    return seconds


async def _fleet(nursery: trio.Nursery, profile: FaultProfile) -> list[MockDevice]:
    clock = Clock(MONDAY_10_H - trio.current_time())
    registry, pacer = RegistryWriter(RememberedFile()), Pacer(clock, STEP_S)
    ledger = Ledger(RememberedLedger())
    around = Surroundings(clock, Publisher(10_000), registry, pacer, ledger, dialect=Native())
    supervisor = Supervisor(built_in(), Sites(1, 0.1), around, profile)
    nursery.start_soon(registry.run, supervisor.counters)
    await nursery.start(supervisor.run, [])
    kinds = built_in().names
    for number in range(DEVICES):
        place = f"location {number % 10}"
        await supervisor.create(kinds[number % len(kinds)], name="bench", location=place)
    return list(supervisor)


def _round(devices: list[MockDevice], first: int) -> float:
    begin = process_time()
    for number in range(first + 1, first + TICKS + 1):
        tick = Tick(MONDAY_10_H + number * STEP_S, STEP_S)
        for device in devices:
            device._tick(tick)
    seconds = (process_time() - begin) / (TICKS * len(devices))
    around = devices[0].around
    around.ledger._pending.take()
    assert isinstance(around.publisher, Publisher)
    around.publisher._waiting.clear()
    return seconds


@define(eq=False)
class PlainDevice(Device):
    """The model as it would be if there were no faults."""

    @property
    def status(self) -> Status:
        if self.failed:
            return "error"
        return "online" if self.online and self.reboot_left_s <= 0.0 else "offline"

    @property
    def publishes(self) -> bool:
        return self.enabled and self.status == "online"

    def tick(self, now: float, dt_s: float) -> None:
        site, rated = self.site, self.spec.base_power
        conditions = site.at(now - 0.5 * dt_s)
        if self.reboot_left_s:
            self.reboot_left_s = max(0.0, self.reboot_left_s - dt_s)
        share = self.family.step(conditions, dt_s) if self.enabled else 0.0
        peak = self.profile.peak
        share = share if share < peak else peak  # noqa: FURB136 - as the model does
        power = share * rated
        site.feeder.draw(power, rated, dt_s)
        voltage = self.spec.base_voltage * (conditions.voltage_factor - self.drop * share)
        self.meter.measure(power, voltage, dt_s)


@define(eq=False)
class PlainMockDevice(MockDevice):
    """The actor as it would be if there were no faults."""

    def _tick(self, tick: Tick) -> None:
        model = self.model
        before = model.status
        model.tick(tick.now, tick.dt_s)
        self.last_seen = tick.now
        if model.status != before:
            publish_status(self.around, model)
        if model.publishes:
            payload = _encode(model.reading(tick.now))
            message = Outgoing(Kind.DATA, model.spec.device_id, payload, self.voice.topic)
            self.around.publisher.tell(message)
