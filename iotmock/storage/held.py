"""A file of ours while it is open: before each write it must be as the last one left it."""

import os
from contextlib import suppress
from os.path import realpath

from attrs import define, field, frozen

from iotmock.actors.ports.registry_file import FileLostError
from iotmock.storage.opening import HEADER, MEMORY, Place, place_of, refuse_moved

_KIND = slice(68, 72)
"""Of the header: `application_id`."""


@frozen
class _Looks:
    """How long a file is, how it begins, and where its log is and how long that is."""

    size: int
    header: bytes
    log: Place | None
    log_size: int

    def follows(self, before: "_Looks", application_id: int) -> bool:
        """Whether a write of ours can have made it so: neither file gets shorter while open."""
        grown = self.size >= before.size and self.log_size >= before.log_size
        same_log = before.log in {None, self.log}
        ours = self.header[_KIND] == application_id.to_bytes(4)
        return grown and same_log and (ours or self.header == before.header)


@define(eq=False)
class HeldFile:
    """What SQLite does not look at: it writes on where another has cut the file or its log.

    Its first bytes have a number by chance, another after each change of the roster: so a copy of
    an earlier moment that is put over it is told from it.
    The descriptor is kept: to close one would give up the locks that SQLite has on the file.
    """

    path: str
    application_id: int
    _place: Place | None
    _descriptor: int | None
    _log: str
    """SQLite has it beside the file itself, wherever a link to that is."""
    _left: _Looks = field(init=False)
    _is_unsure: bool = False
    """A write of ours has changed it since it was looked at."""
    _is_lost: bool = False

    def __attrs_post_init__(self) -> None:
        self._left = self._look()

    @classmethod
    def of(cls, path: str, application_id: int) -> "HeldFile":
        """Hold a file that SQLite has open already; nothing is to be held in memory."""
        descriptor = None if path == MEMORY else os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        return cls(path, application_id, place_of(path), descriptor, f"{realpath(path)}-wal")

    def refuse_changed(self) -> None:
        """Refuse to write where what goes there is lost, and the file perhaps with it.

        Raises:
            FileLostError: it is not where it was, or not as our last write has left it.
            OSError: it can not be looked at now.
        """
        refuse_moved(self.path, self._place)
        now = self._look()
        if self._is_unsure and now.follows(self._left, self.application_id):
            self._left, self._is_unsure = now, False
        if self._is_lost or now != self._left:
            self._give_up(now)
            raise FileLostError(
                f"{self.path} or its log was cut or overwritten by something else: save what GET "
                "/api/v1/devices and /api/v1/fleets list, put a backup in its place or move it "
                "away, and restart the service"
            )

    def note_written(self) -> None:
        """Take note of what a write has made of the file, whether or not it came to its end.

        Raises:
            FileLostError: it can not have been that write alone.
            OSError: it can not be looked at now, which says nothing of the file.
        """
        self._is_unsure = True
        self.refuse_changed()

    def _look(self) -> _Looks:
        if self._descriptor is None:
            return _Looks(0, b"", None, 0)
        size = os.fstat(self._descriptor).st_size
        header = os.pread(self._descriptor, HEADER, 0)
        with suppress(FileNotFoundError):
            found = os.stat(self._log)
            return _Looks(size, header, (found.st_dev, found.st_ino), found.st_size)
        return _Looks(size, header, None, 0)

    def _give_up(self, now: _Looks) -> None:
        # For good: what SQLite still remembers and what its log has are of a file that is no more.
        # It must carry over neither, now or when it closes the file: there may be a backup now.
        self._is_lost = True
        if now.log is not None and now.log == self._left.log:
            os.truncate(self._log, 0)

    def let_go(self) -> None:
        """Give it up; SQLite has closed it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
