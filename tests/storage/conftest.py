"""A state file for those who alter it."""

from array import array
from pathlib import Path

import pytest

from iotmock.actors.definitions.file import BlockKey, EnergyBlock, SaveFleet
from iotmock.actors.ports.registry_file import Batch, EnergyCount
from iotmock.storage import Registry
from tests.storage.test_fleets import fleet
from tests.storage.test_registry import record, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A state file with a device, a fleet and counters, as a kill has left it."""
    path = tmp_path / "state.db"
    file = Registry.open(str(path))
    count = EnergyCount("a", 5.0, 6.0, 1_700_000_000.0)
    doubles = array("d", [1.0])
    block = EnergyBlock(BlockKey("soak", "roof", 0), doubles, doubles, doubles, 0.0)
    changes = [SaveFleet(fleet())]
    write(file, Batch(upserts=[record("a")], energies=[count], changes=changes, blocks=[block]))
    file._db.close()
    return path
