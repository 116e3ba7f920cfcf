"""At most one line a minute for one kind of complaint; it says for how many it stands."""

import logging
import time
from collections.abc import Callable
from typing import TextIO

from attrs import define

EVERY_S = 60.0
_MOST_KINDS = 256
"""Libraries write ids into their texts: beyond so many kinds, a logger is one."""

Kind = tuple[object, ...]


@define(eq=False)
class _Complaint:
    """When a kind was said last, and what was held back since."""

    said_at: float
    held: int = 0
    latest: logging.LogRecord | None = None

    def hold(self, record: logging.LogRecord) -> None:
        self.held += 1
        self.latest = record


class LimitedHandler(logging.StreamHandler[TextIO]):
    """Writes warnings and errors once a minute for each kind, and everything below always.

    A kind is the logger, the event (whose ids are facts beside it), the fact `kind` where a line
    has one, and the exception's type. The line that follows those held back has `times`.
    """

    def __init__(self, stream: TextIO, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._now = now
        self._complaints: dict[Kind, _Complaint] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging.Handler.emit`."""
        self._say_held(EVERY_S)
        if record.levelno < logging.WARNING or self._may_be_said(record):
            super().emit(record)

    def say_held(self, older_than_s: float = EVERY_S) -> None:
        """Write the latest line of each kind of which some were held back for so long."""
        self.acquire()
        try:
            self._say_held(older_than_s)
        finally:
            self.release()

    def close(self) -> None:
        """Write what is held back, and close."""
        self.say_held(0.0)
        super().close()

    def _may_be_said(self, record: logging.LogRecord) -> bool:
        kind = self._kind(record)
        complaint = self._complaints.get(kind)
        if complaint is None:
            self._complaints[kind] = _Complaint(self._now())
            return True
        complaint.hold(record)
        return False

    def _kind(self, record: logging.LogRecord) -> Kind:
        kind = kind_of(record)
        crowded = len(self._complaints) >= _MOST_KINDS and kind not in self._complaints
        return (record.name,) if crowded else kind

    def _say_held(self, older_than_s: float) -> None:
        now = self._now()
        for kind, complaint in list(self._complaints.items()):
            if now - complaint.said_at < older_than_s:
                continue
            if complaint.latest is None:
                del self._complaints[kind]
            else:
                self._complaints[kind] = _Complaint(now)
                super().emit(_counted(complaint.latest, complaint.held))


def kind_of(record: logging.LogRecord) -> Kind:
    """Return what a record complains of, whatever ids it names."""
    error = record.exc_info[0] if isinstance(record.exc_info, tuple) else None
    if not isinstance(record.msg, dict):
        return (record.name, record.msg, error)
    facts = record.msg
    raised = facts.get("exc_info")
    error = type(raised) if isinstance(raised, BaseException) else error
    return (record.name, facts.get("event"), facts.get("kind"), error)


def _counted(record: logging.LogRecord, times: int) -> logging.LogRecord:
    if times > 1:
        if isinstance(record.msg, dict):
            record.msg["times"] = times
        else:
            record.msg, record.args = f"{record.getMessage()} ({times} times)", None
    return record
