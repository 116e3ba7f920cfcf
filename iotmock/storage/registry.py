"""The state file: devices, their settings and counters, in SQLite."""

import sqlite3
from pathlib import Path
from typing import Any

import attrs
import msgspec
import trio
from attrs import define, field

from iotmock.actors.fleet_file import SavedFleets
from iotmock.actors.ports import Batch
from iotmock.model.spec import DeviceRecord, DeviceSpec, DeviceState, Setting
from iotmock.storage import fleets
from iotmock.storage.schema import VERSION, migrate, version_of

_SELECT = """
    SELECT d.*, c.energy_kwh, c.reserved_kwh, c.last_seen
    FROM devices d LEFT JOIN counters c USING (device_id) ORDER BY d.created_at, d.device_id
"""
_UPSERT = """
    INSERT OR REPLACE INTO devices VALUES (:device_id, :device_type, :name, :location,
        :base_power, :base_voltage, :interval, :created_at, :enabled, :online, :settings,
        :profile)
"""
_COUNT = "INSERT OR REPLACE INTO counters VALUES (?, ?, ?, ?)"


class RegistryFileError(Exception):
    """The state file can not be used; it was left as it was."""


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
    _place: tuple[int, int] | None = None
    """Device and inode of the file; None: it is in memory."""
    _is_closed: bool = field(init=False)
    """Whether the file says that its counters are the last of a life."""

    def __attrs_post_init__(self) -> None:
        self._is_closed = self._was_closed

    @classmethod
    def open(cls, path: str) -> "Registry":
        """Open a file, or make it; `:memory:` keeps everything until the end of the process.

        Raises:
            RegistryFileError: it is corrupt, of a newer version, in use, or can not be written.
        """
        try:
            return cls._open(path)
        except sqlite3.Error as error:
            raise RegistryFileError(_explain(path, error)) from error

    @classmethod
    def _open(cls, path: str) -> "Registry":
        db = sqlite3.connect(path, check_same_thread=False, timeout=0.5, isolation_level=None)
        db.row_factory = sqlite3.Row
        try:
            _check(db, path)
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            migrate(db)
            was_closed = bool(db.execute("SELECT clean FROM closing").fetchone()[0])
            if not was_closed:
                fleets.renew_reserve(db)
        except BaseException:
            db.close()
            raise
        return cls(path, db, was_closed, _place_of(path))

    def load(self) -> list[DeviceRecord]:
        """Return every device, the oldest first."""
        return [self._record(row) for row in self._db.execute(_SELECT)]

    def load_fleets(self) -> SavedFleets:
        """Return every fleet, the oldest first."""
        return fleets.load(self._db)

    def _record(self, row: sqlite3.Row) -> DeviceRecord:
        spec = DeviceSpec(**{column.name: row[column.name] for column in attrs.fields(DeviceSpec)})
        energy = row["energy_kwh"] if self._was_closed else row["reserved_kwh"]
        state = DeviceState(
            enabled=bool(row["enabled"]),
            online=bool(row["online"]),
            energy_kwh=energy or 0.0,
            settings=msgspec.json.decode(row["settings"], type=dict[str, Setting]),
            last_seen=row["last_seen"],
        )
        return DeviceRecord(spec, row["created_at"], state)

    async def write(self, batch: Batch) -> None:
        """See `RegistryFile.write`; in a worker thread."""
        await trio.to_thread.run_sync(self._write_or_raise, batch)

    def _write_or_raise(self, batch: Batch) -> None:
        if self._place is not None and _place_of(self.path) != self._place:
            raise OSError(f"{self.path} was deleted or replaced: restart the service")
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._write(batch)
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise OSError(f"{self.path}: {error}") from error
        self._is_closed = batch.closes

    def _write(self, batch: Batch) -> None:
        if batch.closes != self._is_closed:
            self._db.execute("UPDATE closing SET clean = ?", (batch.closes,))
        self._db.executemany(_UPSERT, map(_row, batch.upserts))
        self._db.executemany(_COUNT, batch.energies)
        for table in ("devices", "counters"):  # last: a counter may be of one that goes
            gone = ((device_id,) for device_id in batch.deletes)
            self._db.executemany(f"DELETE FROM {table} WHERE device_id = ?", gone)  # noqa: S608
        fleets.write_blocks(self._db, batch.blocks)
        fleets.apply_changes(self._db, batch.changes)

    def close(self) -> None:
        """Close the file. Only a batch that `closes` has said that its counters are complete."""
        self._db.close()


def _place_of(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _check(db: sqlite3.Connection, path: str) -> None:
    found = version_of(db)
    if found > VERSION:
        raise RegistryFileError(
            f"STATE_FILE {path} is of version {found}, this iotmock knows up to {VERSION}: "
            "use a newer iotmock or another file"
        )
    verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def _explain(path: str, error: sqlite3.Error) -> str:
    if "locked" in str(error):
        return f"STATE_FILE {path} is in use by another process; stop that or choose another file"
    if isinstance(error, sqlite3.OperationalError):
        return f"STATE_FILE {Path(path).absolute()} can not be opened: {error}"
    return f"STATE_FILE {path} is corrupt ({error}); move it away to start with a new one"


def _row(record: DeviceRecord) -> dict[str, Any]:
    state = record.state
    return attrs.asdict(record.spec) | {
        "created_at": record.created_at,
        "enabled": state.enabled,
        "online": state.online,
        "settings": msgspec.json.encode(state.settings).decode(),
    }
