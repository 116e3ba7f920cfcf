"""Lives of a service with fleets, in a file of its own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import trio
from attrs import define, field
from trio.testing import wait_all_tasks_blocked

from iotmock.actors.definitions.draft import GroupDraft
from iotmock.actors.definitions.file import EnergyBlock
from iotmock.actors.messages import CommandRequest
from iotmock.actors.ports.registry_file import Batch
from iotmock.storage import Registry
from tests.actors.rig import Rig, assemble, running

PLAIN = GroupDraft("plain", 3)


@define(eq=False)
class FileAtOnce:
    """A real registry file, written in the caller's task: a steered clock bears no thread."""

    registry: Registry
    blocks: list[EnergyBlock] = field(factory=list)

    async def write(self, batch: Batch) -> None:
        await trio.lowlevel.checkpoint()
        self.registry._write_or_raise(batch)
        self.blocks += batch.blocks


@asynccontextmanager
async def life(path: Path, *, clean: bool = False, paced: bool = True) -> AsyncIterator[Rig]:
    """A service with a file of its own; without a clean end it is as if it were killed."""
    rig, file = assemble(), Registry.open(str(path / "state.db"))
    rig.registry.file = FileAtOnce(file)
    singles = rig.fleets.recall(file.load_fleets(), file.load())
    assert singles == []
    async with running(rig, paced=paced):
        yield rig
        if clean:
            await rig.registry.write_now(rig.supervisor.counters, closes=True)
    file.close() if clean else file._db.close()


async def until(rig: Rig, state: str, name: str = "f") -> None:
    """Let everybody work until all wait."""
    await wait_all_tasks_blocked()
    assert rig.fleets.get(name).state == state


async def until_gone(rig: Rig, name: str = "f") -> None:
    await wait_all_tasks_blocked()
    assert name not in {fleet.name for fleet in rig.fleets}


def ids(rig: Rig) -> list[str]:
    return sorted(device.device_id for device in rig.supervisor)


def energies(rig: Rig) -> Mapping[str, float]:
    return {device.device_id: device.model.meter.energy_kwh for device in rig.supervisor}


async def command(rig: Rig, device_id: str, name: str, **parameters: object) -> None:
    result = await rig.supervisor.command(device_id, CommandRequest(name, parameters))
    assert result.status == "applied"
