"""Opening a file of ours: looked over first, so that one that is not in order stays untouched."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from iotmock.actors.ports.registry_file import FileLostError
from iotmock.files.reasons import reason

HEADER = 100
"""Bytes of the header of a file of SQLite."""
_WAL = b"\x02\x02"
MEMORY = ":memory:"


Place = tuple[int, int]
"""Device and inode of a file."""


class RegistryFileError(Exception):
    """A file of the service can not be used; it was left as it was."""


class FileInUseError(RegistryFileError):
    """Another process has the file."""


@contextmanager
def explained(name: str, path: str) -> Iterator[None]:
    """Turn what SQLite and the system say into one line that names the setting and the file.

    Raises:
        RegistryFileError, FileInUseError: in place of their errors.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise FileInUseError(
                f"{name}={path} is in use by another process; stop that or choose another file"
            ) from error
        text = " ".join(str(error).split())  # of a text that is none it quotes every line
        raise RegistryFileError(f"{name}={path} can not be opened: {text}") from error
    except OSError as error:
        text = reason(error, Path(path).absolute())
        raise RegistryFileError(f"{name}={path} can not be opened: {text}") from error
    except sqlite3.Error as error:
        raise RegistryFileError(
            f"{name}={path} is corrupt ({error}); move it away to start with a new one, or choose "
            "another file"
        ) from error


def make_private(path: str) -> None:
    """Make an empty file that only its owner may read, unless there is one.

    SQLite gives its journals the same mode.
    """
    if path != MEMORY and not os.path.exists(path):
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def hold(path: str) -> sqlite3.Connection | None:
    """Keep a file for this process until the connection is closed; others may read it meanwhile.

    What is locked is an empty file beside it: a lock on the file itself would keep readers out.

    Raises:
        OperationalError: another process has it. OSError: the file beside it can not be made.
    """
    if path == MEMORY:
        return None
    beside = f"{os.path.realpath(path)}-lock"
    make_private(beside)
    db = sqlite3.connect(beside, check_same_thread=False, timeout=0.5, isolation_level=None)
    try:
        db.execute("BEGIN EXCLUSIVE")
    except BaseException:
        db.close()
        raise
    return db


@contextmanager
def to_look_over(path: str) -> Iterator[sqlite3.Connection]:
    """Connect so that nothing is written, not even when the connection is closed.

    But for a journal that a kill has left: SQLite rolls that back, which nothing can do without.
    """
    refuse_pipes(path)
    path = os.path.realpath(path)  # beside which its log is
    address = f"{Path(path).as_uri()}?{_way_to(path)}"
    db = sqlite3.connect(address, uri=True, timeout=0.5, isolation_level=None)
    try:
        db.row_factory = sqlite3.Row
        yield db
    finally:
        db.close()


def _way_to(path: str) -> str:
    # Whoever may write a file with a log carries the log over when it closes the file, and who
    # may only read it makes a log, unless it is told that nobody writes meanwhile.
    log = Path(f"{path}-wal")
    if not _has_log(path):
        return "mode=rw"
    return "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"


def _has_log(path: str) -> bool:
    with open(path, "rb") as file:
        return file.read(HEADER)[18:20] == _WAL


def refuse_pipes(path: str) -> None:
    """Refuse what to open would mean to wait for its other end.

    Raises:
        OSError: it is a pipe or a device.
    """
    mode = os.stat(path).st_mode
    if not (S_ISREG(mode) or S_ISDIR(mode)):
        raise OSError(errno.EINVAL, "it is a pipe or a device and must be a file")


def is_empty(db: sqlite3.Connection) -> bool:
    """Say whether nothing was ever written to a file."""
    return not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def refuse_foreign(db: sqlite3.Connection, application_id: int, what: str) -> None:
    """Refuse a database of another program, or of another kind.

    Raises:
        RegistryFileError: `application_id` is not the file's.
    """
    if db.execute("PRAGMA application_id").fetchone()[0] != application_id:
        raise RegistryFileError(f"{what}; choose another file")


def refuse_newer(db: sqlite3.Connection, version: int, what: str) -> None:
    """Refuse a file that a later release has written.

    Raises:
        RegistryFileError: it is of a later version than `version`.
    """
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if found > version:
        raise RegistryFileError(
            f"{what} is of version {found}, this iotmock knows up to {version}: "
            "use a newer iotmock or another file"
        )


def refuse_damaged(db: sqlite3.Connection) -> None:
    """Refuse a file with a damaged page.

    Raises:
        DatabaseError: there is one, and what SQLite says of it.
    """
    verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def place_of(path: str) -> Place | None:
    """Return where a file is, or None: it is in memory, or gone."""
    try:
        found = os.stat(path)  # asked at each write: a `Path` interns its parts, each time anew
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def refuse_moved(path: str, place: Place | None) -> None:
    """Refuse to write to a file that has no name any more: what goes there is lost.

    Raises:
        FileLostError: a file that was at `place` when it was opened is there no more.
    """
    if place is not None and place_of(path) != place:
        raise FileLostError(f"{path} was deleted or replaced: restart the service")
