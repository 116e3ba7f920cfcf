"""A ledger in a real file, trimmed by age: what goes, what stays, and how much at a time."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from iotmock.actors.ports.ledger_file import Cursor
from iotmock.model.faults.fault import Injection
from iotmock.model.faults.notes import Affected, Closed, Note, Opened
from iotmock.model.faults.request import parse_fault
from iotmock.storage import FaultLedger
from iotmock.storage.ledger_trim import FAULTS, MESSAGES

NOW = 1_700_000_000.0


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[FaultLedger]:
    file = FaultLedger.open(str(tmp_path / "ledger.db"))
    yield file
    file.close()


def fault(fault_id: str, begin: float, end: float | None = None, messages: int = 1) -> list[Note]:
    injection = Injection(fault_id, "a", parse_fault("gap", {}), begin, None)
    affected = [Affected(fault_id, begin + n, f"{begin + n}", "missing") for n in range(messages)]
    closed = [Closed(injection, end)] if end is not None else []
    return [Opened(injection, {}, begun=True), *affected, *closed]


def slices(ledger: FaultLedger, before: float) -> Iterator[Cursor | None]:
    after: Cursor | None = None
    while True:
        yield (after := ledger._trim_or_raise(before, after))
        if after is None:
            return


def left(ledger: FaultLedger) -> dict[str, int]:
    return {entry.fault_id: entry.affected for entry in ledger.every_entry()}


def rows_of_messages(ledger: FaultLedger) -> int:
    with sqlite3.connect(ledger.path) as db:
        return int(db.execute("SELECT count(*) FROM messages").fetchone()[0])


def test_what_ended_before_a_moment_goes_with_all_its_messages(ledger: FaultLedger) -> None:
    ledger._write_or_raise(
        [
            *fault("old", NOW - 900, NOW - 800, messages=90),
            *fault("ended later", NOW - 900, NOW - 99, messages=90),
            *fault("new", NOW - 50, NOW - 40, messages=5),
        ]
    )
    assert list(slices(ledger, NOW - 100)) == [None]
    assert left(ledger) == {"ended later": 0, "new": 5}
    assert rows_of_messages(ledger) == 5


def test_what_goes_on_stays_with_its_younger_messages(ledger: FaultLedger) -> None:
    ledger._write_or_raise(fault("drift", NOW - 900, messages=900))
    assert list(slices(ledger, NOW - 100)) == [None]
    assert left(ledger) == {"drift": 100}
    assert [one.injection.fault_id for one in ledger.open_faults()] == ["drift"]


def test_a_slice_deletes_no_more_than_a_writer_can_wait_for(ledger: FaultLedger) -> None:
    ledger._write_or_raise(fault("long", NOW - 90_000, NOW - 50_000, messages=2 * MESSAGES + 1))
    before = rows_of_messages(ledger)
    for _ in slices(ledger, NOW):
        after = rows_of_messages(ledger)
        assert before - after <= MESSAGES
        before = after
    assert left(ledger) == {}
    assert after == 0


def test_every_fault_is_looked_at_however_many_stay(ledger: FaultLedger) -> None:
    """Those of one moment, too: the last of a slice and the first of the next may have the same."""
    stays = [note for n in range(FAULTS + 5) for note in fault(f"open{n}", NOW - 500)]
    goes = [note for n in range(FAULTS + 5) for note in fault(f"past{n}", NOW - 500, NOW - 490)]
    ledger._write_or_raise([*stays, *goes])
    assert len(list(slices(ledger, NOW))) == 3
    assert left(ledger) == {f"open{n}": 0 for n in range(FAULTS + 5)}


def test_the_room_of_what_went_is_used_again(ledger: FaultLedger) -> None:
    """By the same again: the file of an hour is no larger than that of five minutes."""
    sizes = []
    for hour in range(6):
        begin = NOW + 3_600 * hour
        notes = [note for n in range(40) for note in fault(f"{hour}-{n}", begin, begin + 9, 50)]
        ledger._write_or_raise(notes)
        assert list(slices(ledger, begin)) == [None]
        sizes.append(pages(ledger))
    assert max(sizes) < 1.2 * sizes[1]


def pages(ledger: FaultLedger) -> int:
    return int(ledger._db.execute("PRAGMA page_count").fetchone()[0])
