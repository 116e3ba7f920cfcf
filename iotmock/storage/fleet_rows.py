"""From rows to fleets and their counters: each is held to the rules that it was written by."""

import sqlite3
from array import array
from collections.abc import Iterable
from math import isfinite, isnan
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
from iotmock.model.spec import NAME_LENGTH, InvalidFieldError
from iotmock.storage.rows import is_number, require
from iotmock.wording.faults import InvalidValueError, decode

_MOST_SEED = 2**64
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
    require(is_number(record.created_at), "created_at", "a number", record.created_at)
    dialect = record.dialect
    fits = dialect is None or 0 < len(dialect) <= NAME_LENGTH
    require(fits, "dialect", f"1 to {NAME_LENGTH} characters", dialect)
    _check_country(record.country)
    for group in record.groups:
        _check_group(name, group)
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
    spread = spec.base_power_spread
    require(0.0 <= spread <= MOST_SPREAD, "base_power_spread", f"0 to {MOST_SPREAD:g}", spread)
    require(not spec.site or spec.site == fleet, "site", "the fleet's name", spec.site)
    shares = [share for _, share in spec.draws]
    require(all(0.0 <= share <= 1.0 for share in shares), "draws", "shares of 1", shares)
    require(0 <= group.top <= _HIGHEST, "top", f"0 to {_HIGHEST:,}", group.top)
    require(0 <= group.reached <= _HIGHEST, "reached", f"0 to {_HIGHEST:,}", group.reached)


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
        require(isnan(seen) or isfinite(seen), "last_seen", "a number", seen)
    back = _back(row, len(columns["energies"]))
    return SavedBlock(columns["energies"], columns["last_seen"], back)


def _back(row: sqlite3.Row, length: int) -> "array[float]":
    if "back" not in row.keys() or row["back"] is None:  # noqa: SIM118
        return array("d")
    back = _doubles("back", row["back"])
    require(len(back) == length, "back", f"of {length} devices", len(back))
    _check_counters("back", back)
    return back


def _check_counters(name: str, counters: Iterable[float]) -> None:
    for value in counters:
        require(isfinite(value) and value >= 0.0, name, "0 or more", value)


def _doubles(name: str, blob: Any) -> "array[float]":
    require(isinstance(blob, bytes) and len(blob) % 8 == 0, name, "float64s", type(blob).__name__)
    doubles = array("d")
    doubles.frombytes(blob)
    return doubles
