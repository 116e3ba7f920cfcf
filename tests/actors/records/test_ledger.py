"""The ledger keeps what it can not write, within a bound."""

import pytest
import trio
from trio.testing import MockClock

from iotmock.actors.records.ledger import Ledger
from iotmock.model.faults.notes import Affected
from iotmock.model.faults.request import FaultRequest
from tests.actors.faults import noted
from tests.actors.rig import RememberedLedger, assemble, running

pytestmark = pytest.mark.trio


async def test_a_ledger_that_can_not_be_written_keeps_its_notes(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="D", device_id="d")
        await rig.faults.inject("d", FaultRequest("gap", duration=30.0))
        rig.ledger_file.failure = OSError("disk full")
        await trio.sleep(60)
        await rig.ledger.write_now()
        assert rig.ledger.failing == "disk full"
        rig.ledger_file.failure = None
        notes = await noted(rig)
        assert rig.ledger.failing is None
        assert len([one for one in notes if isinstance(one, Affected)]) == 6


async def test_a_full_ledger_leaves_out_messages_and_counts_them() -> None:
    file = RememberedLedger()
    ledger = Ledger(file, capacity=10)
    ledger.tell(Affected("f", float(number), "t", "missing") for number in range(25))
    await ledger.write_now()
    assert (len(file.notes), ledger.unnoted) == (10, 15)
