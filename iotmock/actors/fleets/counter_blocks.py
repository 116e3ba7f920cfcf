"""The counter blocks: which counters of fleets must be saved when, a block at a time."""

from array import array
from collections.abc import Iterable
from itertools import repeat
from math import ceil, nan

import trio
from attrs import define, field

from iotmock.actors.definitions.file import BLOCK, BlockKey, EnergyBlock
from iotmock.actors.definitions.roster import Group, Roster
from iotmock.actors.devices.device import MockDevice
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.ports.registry_file import EnergyCount
from iotmock.actors.records.registry_writer import RESERVED_S
from iotmock.model.spec import DeviceRecord

_A_PERIOD = 40_000
"""Devices whose counters are saved in one period of the registry writer; more take turns."""


@define(eq=False)
class CounterBlocks:
    """The counters of fleets as blocks.

    A big fleet's blocks take turns, and each has a reserve that lasts until its next turn: 6 s for
    every 40,000 devices. No device is made before its reserve is durable.
    """

    roster: Roster
    supervisor: Supervisor
    _good_until: dict[BlockKey, float] = field(factory=dict)
    _planned: dict[str, EnergyCount] = field(factory=dict)
    _taken: dict[BlockKey, list[MockDevice | None]] = field(factory=dict)
    """The devices of the blocks that are being written, by number."""

    @property
    def reserve_s(self) -> float:
        """How long a reserve that is saved now lasts."""
        wanted = sum(group.wanted for group in self.roster)
        return RESERVED_S * max(1, ceil(wanted / _A_PERIOD))

    # What fleets tell

    def plan(self, key: BlockKey, records: Iterable[DeviceRecord]) -> None:
        """Have a block written soon, with a reserve for devices that are about to be made."""
        reserve_s = self.reserve_s
        for record in records:
            first = self.supervisor.children.models.first_counter(record, reserve_s)
            self._planned[record.spec.device_id] = first
        self._good_until[key] = 0.0

    def planned_kwh(self, device_id: str) -> float:
        """Return the reserve of a device that is about to be made."""
        return self._planned[device_id].reserved_kwh

    def close_plan(self, records: Iterable[DeviceRecord]) -> None:
        """Plan these no more: they have been made, or will not be."""
        for record in records:
            self._planned.pop(record.spec.device_id, None)

    def cut(self, group: Group) -> None:
        """Forget the blocks of a group beyond the devices that it has."""
        for key in list(self._good_until):
            if key[:2] == (group.fleet, group.spec.name) and key.number * BLOCK >= group.made:
                del self._good_until[key]

    # What the registry writer asks: see `Blocks`

    async def take(self, touched: Iterable[str]) -> list[EnergyBlock]:
        """Return the blocks whose reserve is nearly used up, and those of `touched` devices."""
        soon = trio.current_time() + RESERVED_S
        due = {key: None for key, until in self._good_until.items() if until < soon}
        of_touched = {key: None for name in touched if (key := self._key_of(name))}
        return await self._blocks(due | of_touched)

    async def take_all(self) -> list[EnergyBlock]:
        """Return every block."""
        return await self._blocks(tuple(self._good_until))

    def note_saved(self, blocks: Iterable[EnergyBlock]) -> None:
        """Take note that these are durable."""
        for block in blocks:
            if block.key in self._good_until:
                self._good_until[block.key] = block.good_until
            self._let_show(block, block.back_reserved or repeat(0.0))
        self._taken.clear()

    def _let_show(self, block: EnergyBlock, backs: Iterable[float]) -> None:
        taken = self._taken[block.key]
        for device, reserved, back in zip(taken, block.reserved, backs, strict=False):
            if device is not None:
                device.model.meter.let_show(reserved, back)

    def _key_of(self, device_id: str) -> BlockKey | None:
        place = self.roster.place(device_id)
        if place is None:
            return None
        group, number = place
        key = BlockKey(group.fleet, group.spec.name, (number - 1) // BLOCK)
        return key if key in self._good_until else None

    async def _blocks(self, keys: Iterable[BlockKey]) -> list[EnergyBlock]:
        groups = {(group.fleet, group.spec.name): group for group in self.roster}
        blocks = []
        for key in keys:
            if group := groups.get(key[:2]):
                blocks.append(self._block(group, key))
                await trio.lowlevel.checkpoint()
        return blocks

    def _block(self, group: Group, key: BlockKey) -> EnergyBlock:
        energies, reserved, last_seen = array("d"), array("d"), array("d")
        back, back_reserved = array("d"), array("d")
        devices = self._taken[key] = list[MockDevice | None]()
        reserve_s = self.reserve_s
        counters = self.supervisor.counters
        horizon = counters.horizon(reserve_s)
        first = key.number * BLOCK + 1
        for number in range(first, min(first + BLOCK, group.top + 1)):
            device_id = group.id_of(number)
            device, count = counters.of(device_id, horizon)
            devices.append(device)
            count = count or self._planned.get(device_id)
            energies.append(count.energy_kwh if count else 0.0)
            reserved.append(count.reserved_kwh if count else 0.0)
            last_seen.append(count.last_seen or nan if count else nan)
            back.append(count.back_kwh if count else 0.0)
            back_reserved.append(count.back_reserved_kwh if count else 0.0)
        ways = (back, back_reserved) if any(back_reserved) else ()
        good_until = trio.current_time() + reserve_s
        return EnergyBlock(key, energies, reserved, last_seen, good_until, *ways)
