"""Faults as rows of the ledger, and back."""

import sqlite3
from typing import Any

import msgspec

from iotmock.model.faults.fault import Injection
from iotmock.model.faults.notes import Opened
from iotmock.model.faults.request import parse_fault
from iotmock.model.numbers.plain_number import plain_values
from iotmock.model.spec import InvalidFieldError
from iotmock.storage.rows import is_number, of_record, require
from iotmock.wording.faults import InvalidValueError, decode


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
    for name in ("fault_id", "device_id", "fault", "cause"):
        require(isinstance(row[name], str), name, "a text", row[name])
    require(is_number(row["begin"]), "begin", "a number", row["begin"])
    require(row["end"] is None or is_number(row["end"]), "end", "a number", row["end"])


def memory_of(row: sqlite3.Row) -> dict[str, Any]:
    """Return what a row's fault must remember.

    Raises:
        RecordError: the row is not in order.
    """
    with of_record(f"fault {row['fault_id']!r}"):
        return _decoded("memory", row)


def _decoded(name: str, row: sqlite3.Row) -> dict[str, Any]:
    try:
        found: dict[str, Any] = decode(row[name], dict[str, Any])
    except (InvalidValueError, TypeError) as error:
        raise InvalidFieldError(name, f"are not to be read ({error}): {row[name]!r}") from error
    return found
