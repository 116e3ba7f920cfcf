"""The fault ledger's file: every fault and every message that it touched, in SQLite."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from sys import maxsize
from threading import Lock
from typing import Any

import msgspec
import trio
from attrs import define, field, frozen

from iotmock.actors.ports.ledger_file import Cursor, OpenFault, Page, SeenFault
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.faults.notes import Affected, Closed, Note, Opened, Remembered
from iotmock.storage.kind import Kind
from iotmock.storage.ledger_rows import check, injection_of, message_of, open_faults, row_of
from iotmock.storage.ledger_trim import trim
from iotmock.storage.opening import Place, hold, is_empty, place_of, refuse_moved, refuse_pipes
from iotmock.storage.rows import RecordError

VERSION = 1
APPLICATION_ID = 0x696F7466  # "iotf"
_KIND = Kind("FAULT_LEDGER", APPLICATION_ID, VERSION, "is not a fault ledger")
_SCHEMA = f"""
    BEGIN;
    CREATE TABLE faults (
        fault_id TEXT PRIMARY KEY, device_id TEXT NOT NULL, fault TEXT NOT NULL,
        kind TEXT NOT NULL, parameters TEXT NOT NULL, begin REAL NOT NULL, end REAL,
        state TEXT NOT NULL, cause TEXT NOT NULL, grp TEXT, memory TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX faults_by_begin ON faults (begin);
    CREATE INDEX faults_by_device ON faults (device_id, begin);
    CREATE INDEX open_faults ON faults (state) WHERE state != 'ended';
    CREATE TABLE messages (
        fault_id TEXT NOT NULL, time REAL NOT NULL, timestamp TEXT NOT NULL,
        effect TEXT NOT NULL, PRIMARY KEY (fault_id, time)
    ) WITHOUT ROWID;
    PRAGMA application_id = {APPLICATION_ID};
    PRAGMA user_version = {VERSION};
    COMMIT;
"""
_OPEN = "INSERT OR REPLACE INTO faults VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_CLOSE = "UPDATE faults SET end = ?, state = 'ended' WHERE fault_id = ?"
_REMEMBER = "UPDATE faults SET memory = ? WHERE fault_id = ?"
_AFFECT = "INSERT OR REPLACE INTO messages VALUES (?, ?, ?, ?)"
_MATCHING = """
    FROM faults WHERE (:begin IS NULL OR end IS NULL OR end >= :begin)
    AND (:end IS NULL OR begin <= :end)
    AND (:device_id IS NULL OR device_id = :device_id) AND (:fault IS NULL OR fault = :fault)
"""
_PAGE = f"SELECT * {_MATCHING} ORDER BY begin, fault_id LIMIT :limit OFFSET :offset"
_COUNT = f"SELECT count(*) {_MATCHING}"
_MESSAGES = "SELECT * FROM messages WHERE fault_id = ? ORDER BY time LIMIT ?"
_AFFECTED = "SELECT count(*) FROM messages WHERE fault_id = ?"
_SEEN = """
    SELECT device_id, fault, min(begin, min(time)), max(time)
    FROM faults JOIN messages USING (fault_id) GROUP BY fault_id
"""
_EVERY = -1


@frozen
class _Columns:
    """Notes as rows, by statement; each statement is run once for a batch."""

    rows: dict[str, list[tuple[Any, ...]]] = field(factory=dict)

    @classmethod
    def empty(cls) -> "_Columns":
        return cls({statement: [] for statement in (_OPEN, _REMEMBER, _CLOSE, _AFFECT)})

    def add(self, statement: str, *values: Any) -> None:
        self.rows.setdefault(statement, []).append(values)


@define(eq=False)
class FaultLedger:
    """An open ledger, for one service; other processes can read the file meanwhile."""

    path: str
    _db: sqlite3.Connection
    _place: Place | None = None
    _held: sqlite3.Connection | None = None
    """What keeps other services from it."""
    _lock: Lock = field(factory=Lock)
    _one_reader: trio.CapacityLimiter = field(factory=lambda: trio.CapacityLimiter(1))
    """The others would wait for the lock in threads, until none is left for whoever writes."""

    @classmethod
    def open(cls, path: str) -> "FaultLedger":
        """Open a file, or make it; `:memory:` keeps everything until the end of the process.

        Raises:
            RegistryFileError: it is not a ledger, corrupt, of a newer version, or can not be
                written, or a fault in it is not in order.
            FileInUseError: another service has it.
        """
        with _KIND.opening(path):
            _KIND.prepare(path, check)
            held = hold(path)
            try:
                return cls(path, _connect(path), place_of(path), held)
            except BaseException:
                if held is not None:
                    held.close()
                raise

    @staticmethod
    def look_over(path: str) -> None:
        """Look at a file without writing to it.

        Raises:
            RegistryFileError: see `open`.
        """
        with _KIND.opening(path):
            _KIND.look_over(path, check)

    @classmethod
    def read_only(cls, path: str) -> "FaultLedger":
        """Open a file that a service may be writing to.

        Raises:
            RegistryFileError: there is none, or it is not a ledger.
        """
        with _KIND.opening(path):
            refuse_pipes(path)  # and of a file that is not there, SQLite says less
            db = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True, timeout=5.0)
            db.row_factory = sqlite3.Row
            _KIND.check(db, path)
        return cls(path, db)

    async def write(self, notes: Sequence[Note]) -> None:
        """See `LedgerFile.write`; in a worker thread."""
        await trio.to_thread.run_sync(self._write_or_raise, notes)

    def _write_or_raise(self, notes: Sequence[Note]) -> None:
        refuse_moved(self.path, self._place)
        if not notes:
            return
        try:
            with self._lock, self._db:
                self._write(notes)
        except sqlite3.Error as error:
            raise OSError(f"{self.path}: {error}") from error

    def _write(self, notes: Iterable[Note]) -> None:
        for columns in _by_statement(notes):
            for statement, rows in columns.rows.items():
                self._db.executemany(statement, rows)

    async def trim(self, before: float, after: Cursor | None) -> Cursor | None:
        """See `TrimmedFile.trim`; in a worker thread."""
        return await trio.to_thread.run_sync(self._trim_or_raise, before, after)

    def _trim_or_raise(self, before: float, after: Cursor | None) -> Cursor | None:
        try:
            with self._lock, self._db:
                return trim(self._db, before, after)
        except sqlite3.Error as error:
            raise OSError(f"{self.path}: {error}") from error

    async def find(self, page: Page) -> tuple[list[FaultEntry], int]:
        """See `LedgerFile.find`; in a worker thread."""
        return await trio.to_thread.run_sync(self._find_or_raise, page, limiter=self._one_reader)

    def _find_or_raise(self, page: Page) -> tuple[list[FaultEntry], int]:
        try:
            with self._lock:
                return list(self._entries(page)), self._total(page)
        except (sqlite3.Error, RecordError) as error:
            raise OSError(f"{self.path}: {error}") from error

    async def seen(self) -> list[SeenFault]:
        """See `LedgerFile.seen`; in a worker thread."""
        return await trio.to_thread.run_sync(self._seen_or_raise, limiter=self._one_reader)

    def _seen_or_raise(self) -> list[SeenFault]:
        try:
            with self._lock:
                return [SeenFault(*row) for row in self._db.execute(_SEEN)]
        except sqlite3.Error as error:
            raise OSError(f"{self.path}: {error}") from error

    def _entries(self, page: Page) -> Iterator[FaultEntry]:
        left = page.messages_in_all
        for row in self._db.execute(_PAGE, _bound(page)).fetchall():
            entry = self._entry(row, min(page.messages, left))
            left -= len(entry.messages)
            yield entry

    def _total(self, page: Page) -> int:
        return int(self._db.execute(_COUNT, _bound(page)).fetchone()[0])

    def _entry(self, row: sqlite3.Row, most: int) -> FaultEntry:
        entry = FaultEntry.of(injection_of(row), row["state"])
        found = self._db.execute(_MESSAGES, (row["fault_id"], most))
        messages = [message_of(message) for message in found]
        affected = self._db.execute(_AFFECTED, (row["fault_id"],)).fetchone()[0]
        return msgspec.structs.replace(entry, affected=affected, messages=messages)

    def every_entry(self) -> Iterator[FaultEntry]:
        """Yield all entries with all their messages, by their begin.

        Raises:
            OSError: the file could not be read.
        """
        try:
            yield from self._entries(Page(limit=_EVERY, messages=_EVERY, messages_in_all=maxsize))
        except (sqlite3.Error, RecordError) as error:
            raise OSError(f"{self.path}: {error}") from error

    def open_faults(self) -> list[OpenFault]:
        """Return the faults that had not ended when the process did."""
        return open_faults(self._db)

    def close(self) -> None:
        """Close the file."""
        self._db.close()
        if self._held is not None:
            self._held.close()


def _connect(path: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, check_same_thread=False, timeout=5.0)
    try:
        db.row_factory = sqlite3.Row
        if is_empty(db):
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(_SCHEMA)
        db.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        db.close()
        raise
    return db


def _by_statement(notes: Iterable[Note]) -> Iterator[_Columns]:
    # And not by note: what opens in a batch is there before it closes in it.
    columns, closed = _Columns.empty(), set[str]()
    for note in notes:
        if isinstance(note, Opened) and note.injection.fault_id in closed:  # its id once more
            yield columns
            columns, closed = _Columns.empty(), set[str]()
        _sort_in(columns, note)
        if isinstance(note, Closed):
            closed.add(note.injection.fault_id)
    yield columns


def _sort_in(columns: _Columns, note: Note) -> None:
    match note:
        case Opened():
            columns.add(_OPEN, *row_of(note))
        case Remembered(fault_id=fault_id, memory=memory):
            columns.add(_REMEMBER, msgspec.json.encode(memory).decode(), fault_id)
        case Closed(injection=injection, end=end):
            columns.add(_CLOSE, end, injection.fault_id)
        case Affected(fault_id=fault_id, time=time, timestamp=timestamp, effect=effect):
            columns.add(_AFFECT, fault_id, time, timestamp, effect)


def _bound(page: Page) -> dict[str, Any]:
    return {
        "begin": page.begin,
        "end": page.end,
        "device_id": page.device_id,
        "fault": page.fault,
        "limit": page.limit,
        "offset": page.offset,
    }
