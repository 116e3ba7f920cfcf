"""The registry writer: collects changes and writes them in batches."""

from collections.abc import Callable, Iterable

import structlog
import trio
from attrs import define, field

from iotmock.actors.errors import StorageError
from iotmock.actors.messages import Reply
from iotmock.actors.ports import Batch, EnergyCount, RegistryFile
from iotmock.model.spec import DeviceRecord

log = structlog.get_logger()

ENERGY_PERIOD_S = 4.0
RESERVED_S = 6.0
"""How long a saved counter's reserve lasts: the period, and time for a slow disk."""

_RETRY_S = 1.0
_SLICE = 1_000

Counters = Callable[[Iterable[str] | None], Iterable[EnergyCount]]
"""The counters of the named devices that there are; None asks for all."""


@define(eq=False)
class RegistryWriter:
    """Its inbox holds one pending change per device, so it is bounded by the fleet."""

    file: RegistryFile
    failing: str | None = None
    """Why the last write failed, for the health page."""
    _pending: dict[str, DeviceRecord | None] = field(factory=dict)
    _saves: list[Reply[None]] = field(factory=list)
    _work: trio.Event = field(factory=trio.Event)
    _lock: trio.Lock = field(factory=trio.Lock)

    def tell(self, record: DeviceRecord) -> None:
        """Write this record soon; a failure is logged and tried again."""
        self._pending[record.spec.device_id] = record
        self._work.set()

    def tell_gone(self, device_id: str) -> None:
        """Delete this device's record soon, if there is one."""
        self._pending[device_id] = None
        self._work.set()

    async def save(self, record: DeviceRecord) -> None:
        """Write this record and return once it is durable.

        Raises:
            StorageError: it could not be written, and will not be.
        """
        self.tell(record)
        await self._written(record.spec.device_id)

    async def forget(self, device_id: str) -> None:
        """Delete a record and return once that is durable.

        Raises:
            StorageError: it could not be deleted, and will not be.
        """
        self.tell_gone(device_id)
        await self._written(device_id)

    async def _written(self, device_id: str) -> None:
        reply: Reply[None] = Reply()
        self._saves.append(reply)
        try:
            await reply.wait()
        except StorageError:
            self._pending.pop(device_id, None)
            raise

    async def run(self, counters: Counters) -> None:
        """Write changes as they come, and the counters every `ENERGY_PERIOD_S`, until cancelled."""
        counters_due = trio.current_time() + ENERGY_PERIOD_S
        while True:
            with trio.move_on_at(counters_due):
                await self._work.wait()
            if trio.current_time() >= counters_due:
                counters_due = trio.current_time() + ENERGY_PERIOD_S
                await self._write(await _listed(counters(None)))
            else:
                await self._write(await _listed(counters(self._pending)))
            if self.failing:
                await trio.sleep(_RETRY_S)

    async def write_now(self, counters: Counters) -> None:
        """Write all that is pending and the counters, once: before the first tick, and at the end.

        Without the first, a second kill soon after a first would find a reserve that is used up.
        """
        await self._write(await _listed(counters(None)))

    async def _write(self, energies: list[EnergyCount]) -> None:
        async with self._lock:
            await self._write_batch(energies)

    async def _write_batch(self, energies: list[EnergyCount]) -> None:
        pending, saves = self._pending, self._saves
        self._pending, self._saves, self._work = {}, [], trio.Event()
        batch = Batch(
            upserts=[record for record in pending.values() if record is not None],
            deletes=[device_id for device_id, record in pending.items() if record is None],
            energies=energies,
        )
        try:
            await self.file.write(batch)
        except OSError as error:
            self._give_back(pending, saves, error)
        else:
            self._confirm(saves)

    def _give_back(
        self, pending: dict[str, DeviceRecord | None], saves: list[Reply[None]], error: OSError
    ) -> None:
        if self.failing is None:
            log.error("the state file can not be written; will keep trying", error=str(error))
        self.failing = str(error)
        self._pending = pending | self._pending
        self._work.set()
        for reply in saves:
            reply.fail(StorageError(f"the state file can not be written: {error}"))

    def _confirm(self, saves: list[Reply[None]]) -> None:
        if self.failing is not None:
            log.info("the state file can be written again")
        self.failing = None
        for reply in saves:
            reply.answer(None)


async def _listed(counts: Iterable[EnergyCount]) -> list[EnergyCount]:
    """List the counters of a fleet that is large without holding everyone up."""
    listed = []
    for count in counts:
        listed.append(count)
        if len(listed) % _SLICE == 0:
            await trio.lowlevel.checkpoint()
    return listed
