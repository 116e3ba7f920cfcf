"""What a client asks for, read into a fault with its time."""

from collections.abc import Mapping
from datetime import datetime
from math import inf, nextafter
from typing import Any

import msgspec

from iotmock.model.faults.fault import Fault, Injection
from iotmock.model.faults.types import FAULT_TYPES
from iotmock.model.spec import DeviceSpec, InvalidFieldError
from iotmock.model.timestamp import is_moment, rfc3339
from iotmock.wording.faults import InvalidValueError, convert
from iotmock.wording.words import meant, shown

LONGEST_S = 10 * 365 * 86_400.0
_PAST_S = 1.0


class InvalidFaultError(InvalidFieldError):
    """A request for a fault can not be met, and why."""


class FaultRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fault as a client asks for it; `start` is RFC 3339 (now), `duration` in s (no end)."""

    fault: str
    parameters: dict[str, Any] = {}
    start: str | None = None
    duration: float | None = None

    def injection(
        self, spec: DeviceSpec, now: float, fault_id: str, group: str | None = None
    ) -> Injection:
        """Return the fault for one device.

        Raises:
            InvalidFaultError: the fault is unknown, or parameters are wrong or contradictory.
        """
        fault = parse_fault(self.fault, self.parameters)
        _check_type(fault, spec.device_type)
        begin = now if self.start is None else read_moment("start", self.start)
        if begin < now - _PAST_S:
            raise InvalidFaultError("start", f"is in the past; it is {rfc3339(now)}")
        if not is_moment(begin):
            raise InvalidFaultError("start", "must be before the year 10000 in UTC")
        return Injection(
            fault_id, spec.device_id, fault, begin, self._end(fault, begin), group=group
        )

    def _end(self, fault: Fault, begin: float) -> float | None:
        if self.duration is None:
            return None
        if fault.momentary:
            raise InvalidFaultError("duration", f"{fault.name} is one message long; leave it out")
        if not 0.0 < self.duration <= LONGEST_S:
            raise InvalidFaultError("duration", f"must be more than 0 and up to {LONGEST_S:g} s")
        end = begin + self.duration
        if not is_moment(end):
            raise InvalidFaultError("duration", "must end before the year 10000")
        # A tick of this very moment has been, as time that is moved by hand has them; so one at the
        # end is the fault's, and an hour has as many as any other hour.
        return nextafter(end, inf) if self.start is None else end


def parse_fault(name: str, parameters: Mapping[str, Any]) -> Fault:
    """Return the fault of this name with these parameters.

    Raises:
        InvalidFaultError: there is none, or parameters are wrong or contradictory.
    """
    fault_type = FAULT_TYPES.get(name)
    if fault_type is None:
        near = meant(name[:64], FAULT_TYPES)
        raise InvalidFaultError("fault", f"unknown {name[:64]!r}; known are {_known()}{near}")
    try:
        return convert(parameters, fault_type)
    except InvalidValueError as error:
        raise InvalidFaultError("parameters", str(error), error.faults) from error


def _check_type(fault: Fault, device_type: str) -> None:
    if fault.device_type not in {None, device_type}:
        raise InvalidFaultError(
            "fault", f"{fault.name} befalls {fault.device_type}, not {device_type}"
        )


def _known() -> str:
    return ", ".join(FAULT_TYPES)


def read_moment(field_name: str, text: str) -> float:
    """Return Unix seconds.

    Raises:
        InvalidFaultError: it is not RFC 3339 with a time zone.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.timestamp()
    except (ValueError, OverflowError):
        pass
    message = f"must be like 2025-08-09T16:30:00Z, with a time zone, not {shown(text)}"
    raise InvalidFaultError(field_name, message)
