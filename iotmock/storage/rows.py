"""From rows to devices: each is held to the rules that it was written by."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from typing import Any

import attrs

from iotmock.model.numbers.plain_number import MOST
from iotmock.model.spec import DeviceRecord, DeviceSpec, DeviceState, InvalidFieldError, Setting
from iotmock.model.timestamp import is_moment
from iotmock.wording.faults import InvalidValueError, decode
from iotmock.wording.words import shown

_TEXTS = ("device_id", "device_type", "name", "location")
_NUMBERS = ("base_power", "base_voltage", "created_at")
_MOMENTS = ("created_at", "last_seen")
_BACK = ("back_kwh", "back_reserved_kwh")
_NUMBERS_OR_NONE = ("interval", "energy_kwh", "reserved_kwh", "last_seen", *_BACK)
_SWITCHES = ("enabled", "online")
_COUNTERS = ("energy_kwh", "reserved_kwh", *_BACK)


class RecordError(Exception):
    """A record is not in order: which, its field and its value."""


@contextmanager
def of_record(what: str) -> Iterator[None]:
    """Say of which record a field is, where it is not in order.

    Raises:
        RecordError: in place of InvalidFieldError.
    """
    try:
        yield
    except InvalidFieldError as error:
        raise RecordError(f"{what}: {error}") from error


def read_device(row: sqlite3.Row, *, was_closed: bool) -> DeviceRecord:
    """Return the device of a row; files of earlier versions lack columns.

    Raises:
        InvalidFieldError: a value is not one that can have been written.
    """
    values: dict[str, Any] = dict.fromkeys(_BACK) | dict(zip(row.keys(), row, strict=True))
    _check_types(values)
    names = [column.name for column in attrs.fields(DeviceSpec) if column.name in values]
    spec = DeviceSpec(**{name: values[name] for name in names})
    energy = values["energy_kwh"] if was_closed else values["reserved_kwh"]
    back = values["back_kwh"] if was_closed else values["back_reserved_kwh"]
    state = DeviceState(
        enabled=bool(values["enabled"]),
        online=bool(values["online"]),
        energy_kwh=energy or 0.0,
        settings=_settings(values["settings"]),
        last_seen=values["last_seen"],
        back_kwh=back or 0.0,
    )
    return DeviceRecord(spec, values["created_at"], state)


def _check_types(values: dict[str, Any]) -> None:
    for name in _TEXTS:
        require(isinstance(values[name], str), name, "a text", values[name])
    for name in _NUMBERS:
        require(is_number(values[name]), name, "a number", values[name])
    for name in _NUMBERS_OR_NONE:
        value = values[name]
        require(value is None or is_number(value), name, "a number", value)
    for name in _SWITCHES:
        require(values[name] in {0, 1}, name, "0 or 1", values[name])
    for name in _COUNTERS:
        require_counter(name, values[name] or 0.0)
    for name in _MOMENTS:
        if values[name] is not None:
            require_moment(name, values[name])
    profile = values.get("profile")
    require(profile is None or isinstance(profile, str), "profile", "a text", profile)


def is_number(value: Any) -> bool:
    """Say whether a column holds a finite number."""
    return isinstance(value, float | int) and isfinite(value)


def require(holds: bool, name: str, what: str, value: Any) -> None:
    """Hold a field to a rule.

    Raises:
        InvalidFieldError: it is not `what` it must be.
    """
    if not holds:
        raise InvalidFieldError(name, f"must be {what}, not {shown(value)}")


def require_counter(name: str, value: float) -> None:
    """Hold a counter to what a meter can have counted and every consumer can read.

    Raises:
        InvalidFieldError: it is negative, too high, or no number.
    """
    require(0.0 <= value < MOST, name, f"from 0 to {MOST:,.0f} kWh", value)


def require_moment(name: str, value: float) -> None:
    """Hold a time, in Unix seconds, to what can be written as a date.

    Raises:
        InvalidFieldError: it is of no year from 1 to 9999.
    """
    require(is_moment(value), name, "Unix seconds of the years 1 to 9999", value)


def _settings(text: Any) -> dict[str, Setting]:
    try:
        settings: dict[str, Setting] = decode(text, dict[str, Setting])
    except (InvalidValueError, TypeError) as error:
        raise InvalidFieldError("settings", f"are not to be read ({error}): {text!r}") from error
    for name, value in settings.items():
        if not isinstance(value, bool | str):
            require(is_number(value), name, "a number", value)
    return settings
