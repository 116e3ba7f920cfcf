"""Trimming the fault ledger: what is older than a moment goes, a slice at a time."""

import sqlite3
from typing import Any

from iotmock.actors.ports.ledger_file import Cursor

FAULTS = 200
"""How many faults a slice looks at, at most."""
MESSAGES = 5_000
"""How many messages of them a slice deletes, at most: some 10 ms."""
_OLDER = """
    SELECT fault_id, begin, state = 'ended' AND end < :before AS is_over
    FROM faults INDEXED BY faults_by_begin
    WHERE begin < :before AND (begin, fault_id) > (:begin, :fault_id)
    ORDER BY begin, fault_id LIMIT :most
"""
_MESSAGES_OF = """
    DELETE FROM messages WHERE (fault_id, time) IN (
        SELECT fault_id, time FROM messages WHERE fault_id = ? AND time < ? ORDER BY time LIMIT ?
    )
"""
_FAULT = "DELETE FROM faults WHERE fault_id = ?"
_EVERY = float("inf")
_START: Cursor = (-_EVERY, "")


def trim(db: sqlite3.Connection, before: float, after: Cursor | None) -> Cursor | None:
    """Delete a slice of what is older than `before`, Unix s, beginning after a fault.

    Of faults that ended earlier everything goes; of those that go on, the earlier messages. Return
    where the next slice begins, or None where nothing older is left. In a transaction of the
    caller.
    """
    reached, room = after or _START, MESSAGES
    given = {"before": before, "begin": reached[0], "fault_id": reached[1], "most": FAULTS}
    older = db.execute(_OLDER, given).fetchall()
    for row in older:
        room -= _trim_fault(db, row, before, room)
        if room == 0:
            return reached
        reached = (row["begin"], row["fault_id"])
    return reached if len(older) == FAULTS else None


def _trim_fault(db: sqlite3.Connection, row: Any, before: float, room: int) -> int:
    until = _EVERY if row["is_over"] else before
    deleted = db.execute(_MESSAGES_OF, (row["fault_id"], until, room)).rowcount
    if row["is_over"] and deleted < room:
        db.execute(_FAULT, (row["fault_id"],))
    return deleted
