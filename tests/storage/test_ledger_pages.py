"""A page of the ledger in a real file: how much of it there is at most."""

import pytest
import trio
import trio.testing

from iotmock.actors.ports.ledger_file import Page
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.faults.fault import Injection
from iotmock.model.faults.notes import Affected, Closed, Note, Opened
from iotmock.model.faults.request import parse_fault
from iotmock.storage import FaultLedger

FAULTS, MESSAGES = 5, 30


@pytest.fixture
def ledger() -> FaultLedger:
    file = FaultLedger.open(":memory:")
    notes = list[Note]()
    for number in range(FAULTS):
        injection = Injection(f"f{number}", "a", parse_fault("gap", {}), float(number), None)
        notes.append(Opened(injection, {}, begun=True))
        notes += (Affected(f"f{number}", n, f"{n}", "missing") for n in range(MESSAGES))
    file._write_or_raise(notes)
    return file


def listed(entries: list[FaultEntry]) -> list[int]:
    return [len(entry.messages) for entry in entries]


def test_messages_are_bounded_together_and_counted_all(ledger: FaultLedger) -> None:
    page = Page(messages=20, messages_in_all=50)
    entries, total = trio.run(ledger.find, page)
    assert (listed(entries), total) == ([20, 20, 10, 0, 0], FAULTS)
    assert {entry.affected for entry in entries} == {MESSAGES}
    assert listed(list(ledger.every_entry())) == [MESSAGES] * FAULTS


def test_an_id_that_is_taken_again_in_one_write_is_open_again() -> None:
    file = FaultLedger.open(":memory:")
    injection = Injection("mine", "a", parse_fault("gap", {}), 1.0, None)
    opened = Opened(injection, {}, begun=True)
    file._write_or_raise([opened, Closed(injection, 2.0), opened])
    (entry,), _ = trio.run(file.find, Page())
    assert (entry.state, entry.end) == ("active", None)


def test_readers_do_not_wait_for_each_other_in_threads(ledger: FaultLedger) -> None:
    async def read() -> None:
        async with trio.open_nursery() as nursery:
            for _ in range(100):
                nursery.start_soon(ledger.find, Page())
            await trio.testing.wait_all_tasks_blocked()
            limiter = trio.to_thread.current_default_thread_limiter()
            assert limiter.borrowed_tokens == 0

    trio.run(read)
