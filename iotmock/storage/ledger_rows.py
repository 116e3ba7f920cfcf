"""Faults as rows of the ledger, and back: each is held to the rules that it was written by."""

import sqlite3
from typing import Any, get_args

import msgspec

from iotmock.actors.ports.ledger_file import OpenFault
from iotmock.model.faults.entry import AffectedMessage, State
from iotmock.model.faults.fault import Injection
from iotmock.model.faults.memory import check_memory
from iotmock.model.faults.notes import Opened
from iotmock.model.faults.request import parse_fault
from iotmock.model.numbers.plain_number import plain_values
from iotmock.model.spec import InvalidFieldError, is_device_id
from iotmock.model.timestamp import FIRST, LAST, is_moment, rfc3339
from iotmock.storage.rows import is_number, of_record, require
from iotmock.wording.faults import InvalidValueError, decode

_CAUSES = ("request", "profile")
_A_TIME = "a time in Unix s, of the years 1 to 9999"
_OPEN = "SELECT * FROM faults WHERE state != 'ended' ORDER BY +begin"
"""By the index of those that are open, and not through all by their begin, as without the plus."""
_ENDED = "FROM faults WHERE state = 'ended'"
# What has ended may be millions: SQLite finds what Python need not look at, the same columns
# in the same ranges, and parameters are mostly the same few.
_ODD = f"""
    SELECT * FROM faults WHERE
    state NOT IN ('scheduled', 'active', 'ended') OR cause NOT IN ('request', 'profile')
    OR typeof(fault_id) != 'text' OR typeof(fault) != 'text'
    OR typeof(device_id) != 'text' OR length(device_id) NOT BETWEEN 1 AND 64
    OR device_id GLOB '*[^A-Za-z0-9_.-]*' OR typeof(grp) NOT IN ('text', 'null')
    OR typeof(begin) != 'real' OR begin NOT BETWEEN {FIRST} AND {LAST}
    OR state = 'ended' AND (typeof(end) != 'real' OR end NOT BETWEEN {FIRST} AND {LAST})
"""  # noqa: S608
_ONE_OF_EACH = f"SELECT *, min(fault_id) {_ENDED} GROUP BY fault, kind, parameters"


def row_of(note: Opened) -> tuple[Any, ...]:
    """Return the row of a fault that was taken up."""
    injection = note.injection
    fault, state = injection.fault, "active" if note.begun else "scheduled"
    return (
        injection.fault_id,
        injection.device_id,
        fault.name,
        fault.kind.value,
        msgspec.json.encode(plain_values(msgspec.to_builtins(fault))).decode(),
        injection.begin,
        injection.end,
        state,
        injection.cause,
        injection.group,
        msgspec.json.encode(note.memory).decode(),
    )


def injection_of(row: sqlite3.Row) -> Injection:
    """Return the fault of a row.

    Raises:
        RecordError: the row is not in order.
    """
    with of_record(f"fault {row['fault_id']!r} of device {row['device_id']!r}"):
        _check_row(row)
        fault = parse_fault(row["fault"], _decoded("parameters", row))
        require(row["kind"] == fault.kind.value, "kind", fault.kind.value, row["kind"])
    return Injection(
        row["fault_id"],
        row["device_id"],
        fault,
        row["begin"],
        row["end"],
        row["cause"],
        row["grp"],
    )


def _check_row(row: sqlite3.Row) -> None:
    for name in ("fault_id", "device_id", "fault"):
        require(isinstance(row[name], str), name, "a text", row[name])
    require(is_device_id(row["device_id"]), "device_id", "the id of a device", row["device_id"])
    for name, known in (("state", get_args(State)), ("cause", _CAUSES)):
        require(row[name] in known, name, f"one of {', '.join(known)}", row[name])
    require(row["grp"] is None or isinstance(row["grp"], str), "grp", "a text", row["grp"])
    _check_times(row["begin"], row["end"], row["state"])


def _check_times(begin: Any, end: Any, state: State) -> None:
    require(_is_time(begin), "begin", _A_TIME, begin)
    if state == "ended":  # perhaps before it began: it was cleared while it waited
        require(_is_time(end), "end", _A_TIME, end)
    elif end is not None:
        require(_is_time(end), "end", _A_TIME, end)
        require(end >= begin, "end", f"no earlier than its begin, {begin}", end)


def _is_time(value: Any) -> bool:
    return is_number(value) and is_moment(value)


def open_fault_of(row: sqlite3.Row) -> OpenFault:
    """Return the fault of a row that has not ended, and what it must remember.

    Raises:
        RecordError: the row is not in order.
    """
    injection = injection_of(row)
    with of_record(f"fault {row['fault_id']!r} of device {row['device_id']!r}"):
        memory = _decoded("memory", row)
        check_memory(injection.fault, memory)
    return OpenFault(injection, memory)


def message_of(row: sqlite3.Row) -> AffectedMessage:
    """Return a message that a fault touched.

    Raises:
        RecordError: the row is not in order.
    """
    with of_record(f"a message of fault {row['fault_id']!r}"):
        require(_is_time(row["time"]), "time", _A_TIME, row["time"])
        for name in ("timestamp", "effect"):
            require(isinstance(row[name], str), name, "a text", row[name])
    return AffectedMessage(row["timestamp"], rfc3339(row["time"], milliseconds=True), row["effect"])


def open_faults(db: sqlite3.Connection) -> list[OpenFault]:
    """Return the faults that had not ended when the process did, by their begin.

    Raises:
        RecordError: one is not in order.
    """
    return [open_fault_of(row) for row in db.execute(_OPEN)]


def check(db: sqlite3.Connection) -> None:
    """Look at every fault of a ledger; the messages of one are looked at when they are read.

    Raises:
        RecordError: one is not in order.
    """
    open_faults(db)
    for statement in (_ODD, _ONE_OF_EACH):
        for row in db.execute(statement):
            injection_of(row)


def _decoded(name: str, row: sqlite3.Row) -> dict[str, Any]:
    try:
        found: dict[str, Any] = decode(row[name], dict[str, Any])
    except (InvalidValueError, TypeError) as error:
        raise InvalidFieldError(name, f"are not to be read ({error}): {row[name]!r}") from error
    return found
