"""The alarms that have come."""

import csv
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import IO

from attrs import define, field

from iotmock.alarms.fields import AlarmError, Fields
from iotmock.ledger.score import Alarm

MOST = 1_000_000
_COLUMNS = ("device_id", "timestamp", "kind")
_MOST_TOLD = 5


@define(eq=False)
class Gathered:
    """Takes messages in, keeps at most a million alarms, and writes each to `file` as it comes.

    `note` is told why a message is none, of the first few.
    """

    fields: Fields
    note: Callable[[str], None]
    file: IO[str] | None = None
    alarms: list[Alarm] = field(factory=list)
    unreadable: int = 0
    beyond: int = 0
    """Alarms that came when there were a million."""

    def __attrs_post_init__(self) -> None:
        self._write(_COLUMNS)

    def take(self, payload: bytes, source: str) -> str | None:
        """Take a message in; return what is wrong with it, if something is.

        Of several alarms in it, those that are in order are kept.
        """
        wrong = None
        for alarm in self._alarms(payload):
            if isinstance(alarm, Alarm):
                self._keep(alarm)
            else:
                wrong = wrong or str(alarm)
                self.refuse(source, str(alarm))
        return wrong

    def _alarms(self, payload: bytes) -> Iterator[Alarm | AlarmError]:
        try:
            yield from self.fields.alarms(payload, time.time())
        except AlarmError as error:
            yield error

    def refuse(self, source: str, why: str) -> None:
        """Count what is no alarm; say of the first few why not."""
        self.unreadable += 1
        if self.unreadable <= _MOST_TOLD:
            self.note(f"{source}: no alarm: {why}")

    def _keep(self, alarm: Alarm) -> None:
        if len(self.alarms) == MOST:
            self.beyond += 1
            return
        self.alarms.append(alarm)
        moment = datetime.fromtimestamp(alarm.time, UTC).isoformat(timespec="milliseconds")
        self._write((alarm.device_id, moment.replace("+00:00", "Z"), alarm.fault or ""))

    def _write(self, row: tuple[str, ...]) -> None:
        if self.file is not None:
            csv.writer(self.file, lineterminator="\n").writerow(row)
            self.file.flush()
