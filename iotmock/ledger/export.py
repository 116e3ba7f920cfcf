"""The ledger as files: a fault a line in JSON, or an affected message a line in CSV."""

import csv
from collections.abc import Iterable
from typing import IO

import msgspec

from iotmock.model.faults.entry import FaultEntry

COLUMNS = (
    "fault_id",
    "device_id",
    "fault",
    "kind",
    "parameters",
    "begin",
    "end",
    "state",
    "cause",
    "group",
    "timestamp",
    "time",
    "effect",
)


def write_jsonl(entries: Iterable[FaultEntry], file: IO[str]) -> None:
    """Write a line for each fault, with its messages in it."""
    for entry in entries:
        file.write(msgspec.json.encode(entry).decode() + "\n")


def write_csv(entries: Iterable[FaultEntry], file: IO[str]) -> None:
    """Write a line for each affected message; a fault without any has one with empty columns."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        about = _about(entry)
        for message in entry.messages:
            writer.writerow([*about, message.timestamp, message.time, message.effect])
        if not entry.messages:
            writer.writerow([*about, "", "", ""])


def _about(entry: FaultEntry) -> list[str | None]:
    return [
        entry.fault_id,
        entry.device_id,
        entry.fault,
        entry.kind,
        msgspec.json.encode(entry.parameters).decode(),
        entry.begin,
        entry.end,
        entry.state,
        entry.cause,
        entry.group,
    ]
