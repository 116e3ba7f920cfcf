"""The kinds of files that a service keeps: how each is told from others, and looked over."""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from attrs import frozen

from iotmock.storage.opening import (
    MEMORY,
    RegistryFileError,
    explained,
    is_empty,
    make_private,
    refuse_damaged,
    refuse_foreign,
    refuse_newer,
    to_look_over,
)
from iotmock.storage.rows import RecordError

T = TypeVar("T")


@frozen
class Kind:
    """The file that a `setting` names; of another one is said that it `is_none`."""

    setting: str
    application_id: int
    version: int
    is_none: str

    def opening(self, path: str) -> AbstractContextManager[None]:
        """Turn whatever goes wrong in the block into one line.

        Raises:
            RegistryFileError, FileInUseError: in place of other errors.
        """
        return explained(self.setting, path)

    def prepare(self, path: str, read: Callable[[sqlite3.Connection], object]) -> None:
        """Make the file that a service opens next, or look it over; nothing is to do in memory.

        Raises:
            RegistryFileError: see `look_over`.
        """
        if path != MEMORY:
            make_private(path)
            self.look_over(path, read)

    def look_over(self, path: str, read: Callable[[sqlite3.Connection], T]) -> T | None:
        """Return what `read` finds in a file, or None of an empty one; nothing is written.

        Raises:
            RegistryFileError: it is of another kind or a newer version, damaged, or what `read`
                finds in it is not in order.
        """
        with to_look_over(path) as db:
            if is_empty(db):
                return None
            self.check(db, path)
            refuse_damaged(db)
            try:
                return read(db)
            except RecordError as error:
                raise RegistryFileError(
                    f"{self.setting}={path} is not in order: {error}; "
                    "mend it or choose another file"
                ) from error

    def check(self, db: sqlite3.Connection, path: str) -> None:
        """Refuse a file of another kind, or of a newer version.

        Raises:
            RegistryFileError: it is.
        """
        refuse_foreign(db, self.application_id, f"{self.setting}={path} {self.is_none}")
        refuse_newer(db, self.version, f"{self.setting}={path}")
