"""What a scenario's timeline does to a shard's devices and connections."""

from collections.abc import Iterator
from typing import Any

import trio
from attrs import define, field

from iotmock.actors.devices.device import MockDevice
from iotmock.actors.errors import ActorError
from iotmock.actors.links.connect_rate import ConnectRate
from iotmock.actors.routers.selector import Selector as FaultSelector
from iotmock.actors.system import System
from iotmock.model.faults.request import FaultRequest, InvalidFaultError
from iotmock.model.fleet import split_id
from iotmock.soak.scenario.selection import chosen
from iotmock.soak.scenario.timeline import (
    AnyPhase,
    Blackout,
    ConnectionStorm,
    FaultInjection,
    Pause,
    Selector,
)
from iotmock.soak.shard.order import ShardOrder
from iotmock.soak.stores.polling import until

_SLICE = 256


@define(eq=False)
class ShardPhases:
    """Carries out the phases; `notes` say what could not be done."""

    order: ShardOrder
    system: System
    rate: ConnectRate
    notes: list[str] = field(factory=list)

    async def run(self, began: float) -> None:
        """Carry out each phase at its time; `began` is on Trio's clock."""
        async with trio.open_nursery() as nursery:
            for phase in self.order.scenario.phases:
                if began + phase.at < trio.current_time() and self.order.life:
                    continue  # an earlier life has carried it out
                nursery.start_soon(self._at, began + phase.at, phase)

    async def _at(self, moment: float, phase: AnyPhase) -> None:
        await trio.sleep_until(moment)
        await self.carry_out(phase)

    async def carry_out(self, phase: AnyPhase) -> None:
        """Do what a phase is."""
        match phase:
            case FaultInjection():
                await self._inject(phase)
            case Blackout():
                await self._black_out(phase)
            case ConnectionStorm():
                await self._storm(phase)
            case Pause(duration=duration):
                self.system.pacer.stop()
                await trio.sleep(duration)
                self.system.pacer.start()
            case _:
                pass  # scaling is the schedule's, and the broker's command the coordinator's

    # Faults

    def _chosen(self, selector: Selector) -> Iterator[MockDevice]:
        for device in list(self.system.supervisor):
            spec = device.model.spec
            if chosen(selector, spec.device_id, spec.device_type, spec.location, self._group(spec)):
                yield device

    def _group(self, spec: Any) -> str:
        parts = split_id(spec.device_id)
        return parts[0].removeprefix(f"{self.order.scenario.fleet.name}-") if parts else ""

    async def _inject(self, phase: FaultInjection) -> None:
        duration = None if phase.duration is None else self._simulated(phase.duration)
        request = FaultRequest(phase.fault, phase.parameters, duration=duration)
        await self._inject_each(
            phase.label, [(device, request) for device in self._chosen(phase.select)]
        )

    async def _black_out(self, phase: Blackout) -> None:
        devices = sorted(
            self._chosen(Selector(location=phase.location)), key=lambda device: device.device_id
        )
        step = phase.recovery / max(1, len(devices))
        pairs = []
        for place, device in enumerate(devices, start=1):
            duration = self._simulated(phase.duration + place * step)
            pairs.append((device, FaultRequest("outage", {"buffer": 0}, duration=duration)))
        await self._inject_each(phase.label, pairs)

    def _simulated(self, seconds: float) -> float:
        return seconds * self.order.scenario.load.pace

    async def _inject_each(self, label: str, pairs: list[tuple[MockDevice, FaultRequest]]) -> None:
        refused = 0
        for number, (device, request) in enumerate(pairs, start=1):
            try:
                selector = FaultSelector(ids=(device.device_id,))
                refused += len((await self.system.faults.begin_where(selector, request)).refused)
            except (ActorError, InvalidFaultError) as error:
                self.notes.append(f"{label}: {error}")
                return
            if number % _SLICE == 0:
                await trio.lowlevel.checkpoint()
        if refused:
            self.notes.append(f"{label}: {refused:,} of {len(pairs):,} devices refused it")

    # Connections

    async def _storm(self, phase: ConnectionStorm) -> None:
        usual, self.rate.per_second = self.rate.per_second, phase.rate or 0.0
        self.system.links.drop(phase.share)
        try:
            await trio.lowlevel.checkpoint()
            await until(lambda: self.system.links.statistics().is_whole)
        finally:
            self.rate.per_second = usual
