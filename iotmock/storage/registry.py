"""The state file: devices, their settings and counters, in SQLite."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from secrets import randbelow
from typing import Any

import attrs
import msgspec
import trio
from attrs import define, field

from iotmock.actors.definitions.file import SavedFleets
from iotmock.actors.ports.registry_file import Batch
from iotmock.model.spec import DeviceRecord
from iotmock.storage import memories
from iotmock.storage.fleets import table as fleets
from iotmock.storage.held import HeldFile
from iotmock.storage.kind import Kind
from iotmock.storage.rows import of_record, read_device, require
from iotmock.storage.schema import (
    APPLICATION_ID,
    BACK_SINCE,
    VERSION,
    check_tables,
    migrate,
    version_of,
)

_KIND = Kind("STATE_FILE", APPLICATION_ID, VERSION, "is no state file of iotmock")
_FULL = 1
"""Of `auto_vacuum`: the file gets shorter with what is deleted."""
_COUNTED = "c.energy_kwh, c.reserved_kwh, c.last_seen"
_COUNTED_BACK = "c.back_kwh, c.back_reserved_kwh"
_SELECT = """
    SELECT d.*, {}
    FROM devices d LEFT JOIN counters c USING (device_id) ORDER BY d.created_at, d.device_id
"""
_UPSERT = """
    INSERT OR REPLACE INTO devices VALUES (:device_id, :device_type, :name, :location,
        :base_power, :base_voltage, :interval, :created_at, :enabled, :online, :settings,
        :profile)
"""
_COUNT = "INSERT OR REPLACE INTO counters VALUES (?, ?, ?, ?, ?, ?)"
_STRICT, _LAZY = "PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL"
"""With the first a commit is on the disk; with the second it outlives the process."""
_MARK = "PRAGMA schema_version = {}"
"""A number in the file's first bytes that says nothing where nobody else has the file open."""


Check = Callable[[DeviceRecord], None]
"""Raises InvalidFieldError where a device can not be made as its record says."""


def _any(_: DeviceRecord) -> None:
    """Every device can be made."""


@define(eq=False)
class Registry:
    """An open state file, used by one thread at a time and held against other processes.

    A counter is saved together with the most that it can show before the next save. After an end
    without a last batch (a kill, a power cut, a full disk) the counters go on from there: a client
    never sees one go backwards.
    """

    path: str
    _db: sqlite3.Connection
    _was_closed: bool
    _held: HeldFile
    _is_closed: bool = field(init=False)
    """Whether the file says that its counters are the last of a life."""
    _known: set[str] = field(init=False)
    """The devices that have a row."""

    def __attrs_post_init__(self) -> None:
        self._is_closed = self._was_closed
        self._known = {row[0] for row in self._db.execute("SELECT device_id FROM devices")}

    @classmethod
    def open(cls, path: str, check: Check = _any) -> "Registry":
        """Open a file, or make it; `:memory:` keeps everything until the end of the process.

        Raises:
            RegistryFileError: it is corrupt, of a newer version or another program, in use, can
                not be written, or a record in it is not in order.
        """
        with _KIND.opening(path):
            _KIND.prepare(path, partial(_count, check=check))
            return cls._open(path)

    @staticmethod
    def look_over(path: str, check: Check = _any) -> int:
        """Look at a file without writing to it, and return how many devices it has.

        Raises:
            RegistryFileError: see `open`. FileInUseError: a service has it.
        """
        with _KIND.opening(path):
            return _KIND.look_over(path, partial(_count, check=check)) or 0

    @classmethod
    def _open(cls, path: str) -> "Registry":
        db = sqlite3.connect(path, check_same_thread=False, timeout=0.5, isolation_level=None)
        db.row_factory = sqlite3.Row
        try:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute(_LAZY)
            _keep_lengths(db)
            migrate(db)
            was_closed = _was_closed(db)
            if not was_closed:
                fleets.renew_reserve(db)
            held = HeldFile.of(path, APPLICATION_ID)
        except BaseException:
            db.close()
            raise
        return cls(path, db, was_closed, held)

    def load(self) -> list[DeviceRecord]:
        """Return every device, the oldest first."""
        return list(_devices(self._db, was_closed=self._was_closed))

    def load_fleets(self) -> SavedFleets:
        """Return every fleet, the oldest first."""
        return fleets.load(self._db)

    def load_memories(self) -> dict[str, bytes]:
        """Return what dialects remember, by device."""
        return memories.load(self._db)

    async def write(self, batch: Batch) -> None:
        """See `RegistryFile.write`; in a worker thread."""
        await trio.to_thread.run_sync(self._write_or_raise, batch)

    def _write_or_raise(self, batch: Batch) -> None:
        self._held.refuse_changed()
        try:
            if self._changes_roster(batch):
                self._write_through(batch)
            else:
                self._commit(batch)
        except sqlite3.Error as error:
            raise OSError(f"{self.path}: {error}") from error
        finally:
            self._held.note_written()

    def _changes_roster(self, batch: Batch) -> bool:
        """Return whether devices or fleets come or go with it."""
        comes = any(record.spec.device_id not in self._known for record in batch.upserts)
        return comes or bool(batch.deletes or batch.changes)

    def _write_through(self, batch: Batch) -> None:
        """Write it onto the disk and into the main file: who comes and goes must not hang on a log.

        It takes 9 ms; without it a log that is cut or lost takes devices along unsaid.
        """
        self._db.execute(_STRICT)
        try:
            self._commit(batch)
            # It is durable: who is told otherwise would find it in the next life. The log is
            # carried over by the next write, or by whoever opens the file.
            with suppress(sqlite3.Error):
                self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        finally:
            self._db.execute(_LAZY)

    def _commit(self, batch: Batch) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._write(batch)
            self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        self._is_closed = batch.closes
        self._known.difference_update(batch.deletes)
        self._known.update(record.spec.device_id for record in batch.upserts)

    def _write(self, batch: Batch) -> None:
        if batch.closes != self._is_closed:
            self._db.execute("UPDATE closing SET clean = ?", (batch.closes,))
        if self._changes_roster(batch):
            self._db.execute(_MARK.format(1 + randbelow(2**31 - 1)))  # for `HeldFile`
        self._db.executemany(_UPSERT, map(_row, batch.upserts))
        self._db.executemany(_COUNT, batch.energies)
        memories.write(self._db, batch.memories)
        for table in ("devices", "counters", "memories"):  # last: a counter may be of one that goes
            gone = ((device_id,) for device_id in batch.deletes)
            self._db.executemany(f"DELETE FROM {table} WHERE device_id = ?", gone)  # noqa: S608
        fleets.write_blocks(self._db, batch.blocks)
        fleets.apply_changes(self._db, batch.changes)

    def close(self) -> None:
        """Close the file. Only a batch that `closes` has said that its counters are complete."""
        self._db.close()
        self._held.let_go()


def _keep_lengths(db: sqlite3.Connection) -> None:
    """Have SQLite shorten neither the file nor its log, as builds of it may: see `HeldFile`."""
    db.execute("PRAGMA journal_size_limit = -1")
    if db.execute("PRAGMA auto_vacuum").fetchone()[0] == _FULL:
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")


def _was_closed(db: sqlite3.Connection) -> bool:
    rows = [row["clean"] for row in db.execute("SELECT clean FROM closing LIMIT 2")]
    with of_record("closing"):
        require(len(rows) == 1, "rows", "one", len(rows))
        require(rows[0] in {0, 1}, "clean", "0 or 1", rows[0])
    return bool(rows[0])


def _count(db: sqlite3.Connection, check: Check) -> int:
    """Read everything, and return how many devices there are."""
    check_tables(db)
    count = sum(1 for _ in _devices(db, was_closed=_was_closed(db), check=check))
    if version_of(db) >= fleets.SINCE:
        saved = fleets.load(db).fleets
        count += sum(group.wanted for fleet in saved for group in fleet.groups)
    if version_of(db) >= memories.SINCE:
        memories.load(db)
    return count


def _devices(
    db: sqlite3.Connection, *, was_closed: bool, check: Check = _any
) -> Iterator[DeviceRecord]:
    has_back = version_of(db) >= BACK_SINCE
    columns = f"{_COUNTED}, {_COUNTED_BACK}" if has_back else _COUNTED
    for row in db.execute(_SELECT.format(columns)):
        with of_record(f"device {row['device_id']!r}"):
            record = read_device(row, was_closed=was_closed)
            check(record)
        yield record


def _row(record: DeviceRecord) -> dict[str, Any]:
    state = record.state
    return attrs.asdict(record.spec) | {
        "created_at": record.created_at,
        "enabled": state.enabled,
        "online": state.online,
        "settings": msgspec.json.encode(state.settings).decode(),
    }
