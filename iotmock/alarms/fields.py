"""From what a platform sends to alarms: which fields say which device, when, and what is wrong."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from attrs import frozen

from iotmock.ledger.score import Alarm
from iotmock.wording.words import shown

_LATEST_S = 1e11
"""Unix s until the year 5138; a larger number is in ms, and a moment is never later."""


class AlarmError(Exception):
    """A message is no alarm, and why."""


@frozen
class Fields:
    """Names of fields, with dots where one is within another: `labels.device`.

    `each` names a list in which the alarms are, else the message is one alarm, or a list of them.
    An empty `time` is the moment at which the message came.
    """

    device: str = "device_id"
    time: str = "timestamp"
    kind: str = "kind"
    each: str = ""

    def alarms(self, payload: bytes, now: float) -> Iterator[Alarm | AlarmError]:
        """Yield the alarms of a message that came at `now` (Unix s), or why one is none.

        Raises:
            AlarmError: the message is none as a whole.
        """
        try:
            document = msgspec.json.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise AlarmError(f"it is not JSON: {error}") from None
        except RecursionError:
            raise AlarmError("it is nested too deeply") from None
        found = _member(document, self.each) if self.each else document
        for one in found if isinstance(found, list) else [found]:
            try:
                yield self._alarm(one, now)
            except AlarmError as error:
                yield error

    def _alarm(self, one: Any, now: float) -> Alarm:
        device = _member(one, self.device)
        if not isinstance(device, str):
            raise AlarmError(f"{self.device} must be a device's id, not {shown(device)}")
        time = now if not self.time else _seconds(self.time, _member(one, self.time))
        kind = _member(one, self.kind)
        if not isinstance(kind, str | None):
            raise AlarmError(f"{self.kind} must be the name of a fault, not {shown(kind)}")
        return Alarm(device, time, kind or None)


def _member(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _seconds(name: str, value: object) -> float:
    try:
        found = _moment(value)
    except (ValueError, OverflowError):  # an integer of 400 digits is no float
        found = None
    if found is None or not 0.0 <= found <= _LATEST_S:
        text = f"{name} must be like 2025-08-09T16:30:00Z, or Unix s or ms, not {shown(value)}"
        raise AlarmError(text)
    return found


def _moment(value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value / 1e3 if value > _LATEST_S else float(value)
    moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    return None if moment is None or moment.tzinfo is None else moment.timestamp()
