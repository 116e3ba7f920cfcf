"""From rows to fleets and their counters: each is held to the rules that it was written by."""

import sqlite3
from array import array
from collections.abc import Iterable
from math import isnan
from typing import Any

from attrs import evolve

from iotmock.actors.definitions.file import BLOCK, SavedBlock
from iotmock.model.fleet import (
    MOST_DEVICES,
    MOST_SPREAD,
    FleetRecord,
    GroupRecord,
    is_name,
    prefix_fits,
    prefix_of,
)
from iotmock.model.site.people.calendar import UnknownCountryError, UnknownRegionError
from iotmock.model.site.places.place import Country
from iotmock.model.site_kinds import KINDS
from iotmock.model.spec import NAME_LENGTH, POWER_KW, InvalidFieldError
from iotmock.storage.rows import require, require_counter, require_moment
from iotmock.wording.faults import InvalidValueError, decode

_MOST_SEED = 2**64
_BACK = ("back", "back_reserved")
_HIGHEST = 10 * MOST_DEVICES
"""Numbers: a group that devices were deleted from reaches beyond the count of its devices."""


def read_fleet(name: str, definition: Any) -> FleetRecord:
    """Return the fleet of a definition, without its holes.

    Raises:
        InvalidFieldError: it is not one that can have been written.
    """
    try:
        record: FleetRecord = decode(definition, FleetRecord)
    except (InvalidValueError, TypeError) as error:
        raise InvalidFieldError("definition", f"is not to be read: {error}") from error
    require(record.name == name and is_name(name), "name", "its own name", record.name)
    require(abs(record.seed) < _MOST_SEED, "seed", "a 64-bit number", record.seed)
    require_moment("created_at", record.created_at)
    dialect = record.dialect
    fits = dialect is None or 0 < len(dialect) <= NAME_LENGTH
    require(fits, "dialect", f"1 to {NAME_LENGTH} characters", dialect)
    _check_country(record.country)
    kind = record.kind
    require(kind is None or kind in KINDS, "kind", f"one of {', '.join(KINDS)}", kind)
    for group in record.groups:
        _check_group(name, group)
    names = [group.spec.name for group in record.groups]
    fits = 0 < len(names) == len(set(names))
    require(fits, "groups", "one or more, each once", ", ".join(names))
    return record


def _check_country(country: Country | None) -> None:
    if country is not None:
        try:
            Country.of(country.code, country.region)
        except (UnknownCountryError, UnknownRegionError) as error:
            raise InvalidFieldError("country", str(error)) from error


def _check_group(fleet: str, group: GroupRecord) -> None:
    spec = group.spec
    fits = is_name(spec.name) and prefix_fits(prefix_of(fleet, spec.name))
    require(fits, "group", "1 to 54 of A-Z a-z 0-9 _ . -", spec.name)
    evolve(spec, base_power_spread=0.0).device("any", 0)  # refuses what no device may be
    _check_spread(spec.base_power, spec.base_power_spread)
    require(not spec.site or spec.site == fleet, "site", "the fleet's name", spec.site)
    shares = [share for _, share in spec.draws]
    require(all(0.0 <= share <= 1.0 for share in shares), "draws", "shares of 1", shares)
    require(0 <= group.top <= _HIGHEST, "top", f"0 to {_HIGHEST:,}", group.top)
    require(0 <= group.reached <= _HIGHEST, "reached", f"0 to {_HIGHEST:,}", group.reached)


def _check_spread(base: float, spread: float) -> None:
    require(0.0 <= spread <= MOST_SPREAD, "base_power_spread", f"0 to {MOST_SPREAD:g}", spread)
    low, high = POWER_KW
    fits = low <= base * (1.0 - spread) and base * (1.0 + spread) <= high
    require(fits, "base_power_spread", f"within {low:g} to {high:g} kW with base_power", spread)


def read_block(row: sqlite3.Row) -> SavedBlock:
    """Return the counters of a block.

    Raises:
        InvalidFieldError: they are not ones that can have been written.
    """
    columns = {name: _doubles(name, row[name]) for name in ("energies", "reserved", "last_seen")}
    lengths = {len(column) for column in columns.values()}
    require(lengths <= set(range(BLOCK + 1)) and len(lengths) == 1, "length", "one", lengths)
    for name in ("energies", "reserved"):
        _check_counters(name, columns[name])
    for seen in columns["last_seen"]:
        if not isnan(seen):
            require_moment("last_seen", seen)
    back, reserved = (_back(row, name, len(columns["energies"])) for name in _BACK)
    require(len(back) == len(reserved), "back_reserved", "given with back", len(reserved))
    return SavedBlock(columns["energies"], columns["last_seen"], back)


def _back(row: sqlite3.Row, name: str, length: int) -> "array[float]":
    if name not in row.keys() or row[name] is None:  # noqa: SIM118
        return array("d")
    back = _doubles(name, row[name])
    require(len(back) == length, name, f"of {length} devices", len(back))
    _check_counters(name, back)
    return back


def _check_counters(name: str, counters: Iterable[float]) -> None:
    for value in counters:
        require_counter(name, value)


def _doubles(name: str, blob: Any) -> "array[float]":
    require(isinstance(blob, bytes) and len(blob) % 8 == 0, name, "float64s", type(blob).__name__)
    doubles = array("d")
    doubles.frombytes(blob)
    return doubles
