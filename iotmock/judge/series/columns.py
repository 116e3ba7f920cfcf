"""Which columns have the time, the power and the device, by what files usually call them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from attrs import frozen

from iotmock.wording.words import meant

_TIMES = (
    "timestamp", "time", "datetime", "date time", "utc timestamp", "ts", "last changed",
    "last updated", "zeitstempel", "zeit", "local time", "date",
)  # fmt: skip
_POWERS = (
    "power", "active power", "global active power", "load", "demand", "leistung", "watts", "watt",
    "kw", "w", "p", "value", "state", "usage kwh",
)  # fmt: skip
_DEVICES = ("device id", "device", "meter id", "meter", "entity id", "sensor", "id")
_UNITS = {"w": "W", "watt": "W", "watts": "W", "kw": "kW", "mw": "MW"}
IN_KW = {"W": 1e-3, "kW": 1.0, "MW": 1e3}
"""Units of power, in kW."""
_WORDS = re.compile(r"[^a-z0-9]+")
_MOST_NAMED = 12


class ColumnError(Exception):
    """A column is not there, or several may be meant."""


class Wanted(NamedTuple):
    """Which columns the user named, and the unit; where none, a file's own names decide."""

    time: str | None = None
    powers: tuple[str, ...] = ()
    device: str | None = None
    unit: str | None = None


@frozen
class Power:
    """A column of powers. `unit_is_said`: by its name or the user, and not assumed."""

    name: str
    unit: str
    unit_is_said: bool

    @property
    def scale(self) -> float:
        """What a value is multiplied with to be in kW."""
        return IN_KW[self.unit]


@frozen
class Columns:
    """The names of columns; of two `times` the first has the date; several powers are devices'."""

    times: tuple[str, ...]
    powers: tuple[Power, ...]
    device: str | None

    def device_of(self, power: Power, row: str | None) -> str | None:
        """Return whose a reading is, by its column and by what its row says."""
        if len(self.powers) == 1:
            return row
        return power.name if row is None else f"{row}/{power.name}"


def columns_of(names: Sequence[str], wanted: Wanted) -> Columns:
    """Return the columns of a file with these names.

    Raises:
        ColumnError: there is no such column, or nobody knows which.
    """
    powers = tuple(_named("power", names, one) for one in wanted.powers) or (_power(names),)
    times = (_named("time", names, wanted.time),) if wanted.time is not None else _times(names)
    device = _first(names, _DEVICES)
    if wanted.device is not None:
        device = _named("device", names, wanted.device)
    return Columns(times, tuple(_in_unit(one, wanted.unit) for one in powers), device)


def _in_unit(power: str, wanted: str | None) -> Power:
    unit = wanted or _unit(power)
    return Power(power, unit or "kW", unit is not None)


def _named(what: str, names: Sequence[str], wanted: str) -> str:
    if wanted in names:
        return wanted
    raise ColumnError(
        f"has no column {wanted!a} for --{what}-column; there are {_list(names)}"
        f"{meant(wanted, names)}"
    )


def _times(names: Sequence[str]) -> tuple[str, ...]:
    plain = {_plain(name): name for name in names}
    if {"date", "time"} <= plain.keys():
        return plain["date"], plain["time"]
    found = _first(names, _TIMES)
    if found is None:
        raise ColumnError(
            f"has no column of times; there are {_list(names)}: name it with --time-column"
        )
    return (found,)


def _power(names: Sequence[str]) -> str:
    usual = _first(names, _POWERS)
    if usual is not None:
        return usual
    likely = [name for name in names if "power" in _plain(name) or _unit(name) is not None]
    if len(likely) == 1:
        return likely[0]
    seen = f"several of powers, {_list(likely)}" if likely else "no column of powers"
    there = "" if likely else f"; there are {_list(names)}"
    raise ColumnError(f"has {seen}{there}: name it with --power-column")


def _first(names: Sequence[str], usual: Sequence[str]) -> str | None:
    """Return the column whose name, but for a unit at its end, is the most usual."""
    bare = {_without_unit(name): name for name in reversed(names)}
    return next((bare[name] for name in usual if name in bare), None)


def _without_unit(name: str) -> str:
    words = _plain(name).split()
    return " ".join(words[:-1] if len(words) > 1 and words[-1] in _UNITS else words)


def _unit(name: str) -> str | None:
    words = _plain(name).split()
    return _UNITS.get(words[-1]) if words else None


def _plain(name: str) -> str:
    return _WORDS.sub(" ", name.lower()).strip()


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(ascii(name[:40]) for name in names[:_MOST_NAMED])
    return f"{shown} and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else shown
