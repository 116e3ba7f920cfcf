"""The builder: brings a fleet to what is wanted, in slices, beside all else."""

import structlog
import trio
from attrs import define

from iotmock.actors.definitions.file import BLOCK, BlockKey, ForgetFleet, SaveFleet
from iotmock.actors.definitions.fleet import Fleet
from iotmock.actors.definitions.past import Past
from iotmock.actors.definitions.roster import Group
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.errors import DeviceExistsError, DeviceGoneError, StorageError
from iotmock.actors.fleets.counter_blocks import CounterBlocks
from iotmock.actors.records.registry_writer import RegistryWriter
from iotmock.model.family import UnknownDeviceTypeError, UnknownProfileError
from iotmock.model.spec import DeviceRecord, InvalidFieldError

log = structlog.get_logger()

_SLICE = 16
"""Devices that come or go between two turns of the others: about a millisecond."""
_RETRY_S = 1.0
_REASONS = (UnknownDeviceTypeError, UnknownProfileError, InvalidFieldError, DeviceExistsError)
"""Why a fleet of another life may not stand in this one; whatever else is a fault of ours."""


@define(eq=False)
class FleetBuilder:
    """Makes and takes down the devices of one fleet; its task ends when the fleet is gone."""

    fleet: Fleet
    supervisor: Supervisor
    blocks: CounterBlocks
    past: Past

    @property
    def _registry(self) -> RegistryWriter:
        return self.supervisor.around.registry

    async def run(self) -> bool:
        """Bring about what is wanted, until the fleet is gone; false: the service stops."""
        fleet = self.fleet
        while True:
            fleet.changed = trio.Event()
            try:
                if await self._bring_about():
                    return True
            except StorageError:  # which the registry writer has logged
                await trio.sleep(_RETRY_S)
                continue
            except DeviceGoneError:
                return False
            except _REASONS as error:
                fleet.problem = str(error)
                log.warning("a fleet does not stand", fleet=fleet.name, reason=fleet.problem)
            except Exception as error:
                fleet.problem = str(error) or type(error).__name__
                log.exception("a fleet can not be brought about", fleet=fleet.name)
            await fleet.changed.wait()

    async def _bring_about(self) -> bool:
        fleet = self.fleet
        fleet.problem = None
        for group in fleet.groups.values():
            await self._take_down(group)
            await self._fill(group)
        async with fleet.turns.alone():
            if fleet.deleting and not fleet.present:
                await self._registry.save_fleet(ForgetFleet(fleet.name))
                log.info("a fleet is gone", fleet=fleet.name)
                return True
        if fleet.state == "ready":
            fleet.stood = True
            log.info("a fleet stands", fleet=fleet.name, devices=fleet.present)
        return False

    # Down

    async def _take_down(self, group: Group) -> None:
        self.past.cut(group)
        if max(group.reached, group.made) <= group.top:
            return
        while (number := max(group.reached, group.made)) > group.top:
            self._take_down_one(group, number)
            if number % _SLICE == 0:
                await trio.lowlevel.checkpoint()
        self.blocks.cut(group)
        async with self.fleet.turns.alone():
            await self._registry.save_fleet(SaveFleet(self.fleet.record()))

    def _take_down_one(self, group: Group, number: int) -> None:
        device_id = group.id_of(number)
        self.past.forget(device_id)
        if group.stands_at(number):
            self.supervisor.children.take_down(device_id)
        group.made = min(group.made, number - 1)
        group.reached = number - 1
        group.gone.discard(number)

    # Up

    async def _fill(self, group: Group) -> None:
        while group.made < group.top:
            key = BlockKey(group.fleet, group.spec.name, group.made // BLOCK)
            last = min(group.top, (key.number + 1) * BLOCK)
            records = await self._records(group, last)
            self.blocks.plan(key, records.values())
            try:
                await self._registry.save_fleet()
                await self._make(group, records, last)
            finally:
                self.blocks.close_plan(records.values())

    async def _records(self, group: Group, last: int) -> dict[int, DeviceRecord]:
        records = {}
        for number in range(group.made + 1, last + 1):
            if group.has(number):
                records[number] = self.past.record(group, number)
            if number % _SLICE == 0:
                await trio.lowlevel.checkpoint()
        return records

    async def _make(self, group: Group, records: dict[int, DeviceRecord], last: int) -> None:
        for number in range(group.made + 1, last + 1):
            if number > group.top:  # scaled down meanwhile
                return
            if group.has(number):
                record = records.get(number)
                if record is None:  # a hole when the records were made, and wanted again since
                    return
                self.supervisor.children.bring(
                    record, self.blocks.planned_kwh(record.spec.device_id)
                )
                self.past.forget(record.spec.device_id)
            group.made = number
            group.reached = max(group.reached, number)
            if number % _SLICE == 0 or number == last:
                await trio.lowlevel.checkpoint()
