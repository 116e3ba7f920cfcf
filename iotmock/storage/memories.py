"""What dialects remember of devices, in the state file: bytes that only they can read."""

import sqlite3
from collections.abc import Iterable

from iotmock.storage.rows import of_record, require

MIGRATION = """
    CREATE TABLE memories (device_id TEXT PRIMARY KEY, memory BLOB NOT NULL) WITHOUT ROWID;
"""
SINCE = 5
"""The version of the file that has them first."""


def write(db: sqlite3.Connection, memories: Iterable[tuple[str, bytes | None]]) -> None:
    """Write them; None deletes."""
    for device_id, memory in memories:
        if memory is None:
            db.execute("DELETE FROM memories WHERE device_id = ?", (device_id,))
        else:
            db.execute("INSERT OR REPLACE INTO memories VALUES (?, ?)", (device_id, memory))


def load(db: sqlite3.Connection) -> dict[str, bytes]:
    """Return them by device.

    Raises:
        RecordError: one is not as it can have been written.
    """
    return dict(map(_memory, db.execute("SELECT * FROM memories")))


def _memory(row: sqlite3.Row) -> tuple[str, bytes]:
    device_id, memory = row
    with of_record(f"what is remembered of device {device_id!r}"):
        require(isinstance(device_id, str), "device_id", "a text", device_id)
        require(isinstance(memory, bytes), "memory", "bytes", memory)
    return device_id, memory
