"""The ledger keeps what it can not write, within a bound."""

from collections.abc import Awaitable, Callable
from functools import partial

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from iotmock.actors.errors import UnsavedError
from iotmock.actors.messages import CommandRequest, Kind
from iotmock.actors.records import after_save
from iotmock.actors.records.ledger import Ledger
from iotmock.actors.routers.selector import Selector
from iotmock.model.faults.notes import Affected, Closed, Opened
from iotmock.model.faults.request import FaultRequest
from tests.actors.faults import noted, send
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


Ask = Callable[[], Awaitable[object]]
STUCK = FaultRequest("stuck")


async def test_who_asks_for_faults_is_answered_once_they_are_on_record_and_shares_the_write(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble(), paced=False) as rig, trio.open_nursery() as nursery:
        for number in range(20):
            await rig.supervisor.create("plain", name="D", device_id=f"d{number}")
        rig.ledger_file.hold = trio.Event()
        answered = list[int]()

        async def ask(number: int) -> None:
            await rig.faults.inject(f"d{number}", STUCK)
            answered.append(number)

        for number in range(20):
            nursery.start_soon(ask, number)
        await wait_all_tasks_blocked()
        assert answered == []
        began = trio.current_time()
        rig.ledger_file.hold.set()
        await wait_all_tasks_blocked()
        assert sorted(answered) == list(range(20))
        assert trio.current_time() == began  # and not at the next full second
        assert (
            len({one.injection.device_id for one in await noted(rig) if isinstance(one, Opened)})
            == 20
        )
        assert rig.ledger_file.writes <= 2


async def test_what_can_not_be_saved_is_told_with_the_reason(autojump_clock: MockClock) -> None:
    async with running(assemble(), paced=False) as rig:
        await rig.supervisor.create("plain", name="D", device_id="d")
        known = await rig.faults.inject("d", STUCK)
        many = await rig.faults.inject_where(Selector(), STUCK)
        rig.ledger_file.failure = OSError("disk full")
        asks: list[Ask] = [
            partial(rig.faults.inject, "d", STUCK),
            partial(rig.faults.inject_where, Selector(), STUCK),
            partial(rig.faults.clear, "d", known.fault_id),
            partial(rig.faults.clear_group, many.group),
            partial(rig.supervisor.command, "d", CommandRequest("clear_fault")),
        ]
        for ask in asks:
            with pytest.raises(UnsavedError, match=r"not saved yet: .* disk full"):
                await ask()
        rig.ledger_file.failure = None
        await rig.ledger.wait_saved()
        notes = await noted(rig)
        closed = {note.injection.fault_id for note in notes if isinstance(note, Closed)}
        assert closed == {note.injection.fault_id for note in notes if isinstance(note, Opened)}
        assert len(closed) == 4


async def test_what_is_on_record_already_waits_for_nothing(autojump_clock: MockClock) -> None:
    async with running(assemble(), paced=False) as rig:
        await rig.supervisor.create("plain", name="D", device_id="d")
        await rig.faults.inject("d", STUCK)
        rig.ledger_file.hold = trio.Event()
        await rig.ledger.wait_saved()
        assert (await rig.faults.inject_where(Selector(location="none"), STUCK)).faults == []
        result = await rig.supervisor.command("d", CommandRequest("inject_fault", {"fault": "no"}))
        assert result.status == "rejected"


async def test_the_result_of_a_command_for_a_fault_comes_after_the_save_and_in_order(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble(), paced=False) as rig:
        await rig.supervisor.create("plain", name="D", device_id="d")
        rig.ledger_file.hold = trio.Event()
        await send(rig, "inject_fault", fault="stuck")
        await send(rig, "set_power", power=5.0)
        assert rig.sent(Kind.RESULT) == []
        rig.ledger_file.hold.set()
        await wait_all_tasks_blocked()
        told = [(result["command"], result["reason"]) for result in rig.sent(Kind.RESULT)]
        assert told == [("inject_fault", None), ("set_power", None)]


async def test_the_result_of_a_command_says_that_the_ledger_was_not_written(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble(), paced=False) as rig:
        await rig.supervisor.create("plain", name="D", device_id="d")
        rig.ledger_file.failure = OSError("disk full")
        await send(rig, "inject_fault", fault="stuck")
        await send(rig, "set_power", power=5.0)
        await trio.sleep(2)
        reasons = [result["reason"] for result in rig.sent(Kind.RESULT)]
        assert "not saved yet: the fault ledger can not be written: disk full" in reasons[0]
        assert reasons[1] is None


async def test_nobody_waits_for_ever_for_a_ledger_that_hangs(autojump_clock: MockClock) -> None:
    async with running(assemble(), paced=False) as rig:
        await rig.supervisor.create("plain", name="D", device_id="d")
        rig.ledger_file.hold = trio.Event()
        with trio.fail_after(after_save.PATIENCE_S + 1):
            with pytest.raises(UnsavedError, match="the fault ledger took more than"):
                await rig.faults.inject("d", STUCK)
        rig.ledger_file.hold.set()
