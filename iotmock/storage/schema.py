"""The schema of the state file, and the steps that lead to it from every earlier version."""

import sqlite3
from contextlib import closing

from iotmock.storage import memories
from iotmock.storage.fleets import table as fleets
from iotmock.storage.rows import RecordError

APPLICATION_ID = 0x696F746D  # "iotm", so that `file` and we can tell whose database it is

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE devices (
        device_id TEXT PRIMARY KEY,
        device_type TEXT NOT NULL,
        name TEXT NOT NULL,
        location TEXT NOT NULL,
        base_power REAL NOT NULL,
        base_voltage REAL NOT NULL,
        interval REAL,
        created_at REAL NOT NULL,
        enabled INTEGER NOT NULL,
        online INTEGER NOT NULL,
        settings TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE counters (
        device_id TEXT PRIMARY KEY,
        energy_kwh REAL NOT NULL,
        reserved_kwh REAL NOT NULL,
        last_seen REAL
    ) WITHOUT ROWID;
    CREATE TABLE closing (clean INTEGER NOT NULL);
    INSERT INTO closing VALUES (1);
    """,
    "ALTER TABLE devices ADD COLUMN profile TEXT;",
    fleets.MIGRATION,
    f"""
    ALTER TABLE counters ADD COLUMN back_kwh REAL NOT NULL DEFAULT 0;
    ALTER TABLE counters ADD COLUMN back_reserved_kwh REAL NOT NULL DEFAULT 0;
    {fleets.BACK_MIGRATION}
    """,
    memories.MIGRATION,
)

VERSION = len(MIGRATIONS)
assert MIGRATIONS[fleets.SINCE - 1] is fleets.MIGRATION  # noqa: S101
BACK_SINCE = 4
"""The version of the file that has registers of energy fed in first."""
assert MIGRATIONS[memories.SINCE - 1] is memories.MIGRATION  # noqa: S101


def version_of(db: sqlite3.Connection) -> int:
    """Return the schema version of a file; 0 is an empty one."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def migrate(db: sqlite3.Connection) -> None:
    """Bring a file to `VERSION`, each step in a transaction of its own."""
    for number, script in enumerate(MIGRATIONS[version_of(db) :], start=version_of(db) + 1):
        db.executescript(
            f"BEGIN; {script} PRAGMA application_id = {APPLICATION_ID}; "
            f"PRAGMA user_version = {number}; COMMIT;"
        )


Tables = dict[str, tuple[str, ...]]
"""The columns of each table, in their order."""


def check_tables(db: sqlite3.Connection) -> None:
    """See to it that a file has the tables of its version, and that all can be written.

    Raises:
        RecordError: another has altered them.
    """
    version = version_of(db)
    if version < 1:
        raise RecordError(f"user_version: must be from 1 to {VERSION}, not {version}")
    found, wanted = _tables_of(db), _tables_at(version)
    for table in _tables_at(VERSION):
        if found.get(table) != wanted.get(table):
            must = f"must have the columns {', '.join(wanted.get(table, ())) or 'of no table'}"
            has = ", ".join(found.get(table, ())) or "none"
            raise RecordError(f"table {table!r} of version {version}: {must}; it has {has}")
    for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        raise RecordError(f"trigger {trigger!r}: must not be there")


def _tables_at(version: int) -> Tables:
    with closing(sqlite3.connect(":memory:")) as db:
        for script in MIGRATIONS[:version]:
            db.executescript(script)
        return _tables_of(db)


def _tables_of(db: sqlite3.Connection) -> Tables:
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    columns = "SELECT name FROM pragma_table_info(?) ORDER BY cid"
    return {name: tuple(row[0] for row in db.execute(columns, (name,))) for name in names}
