"""What bands2.toml has: device-weeks by their features, and how they differ from each other."""

import tomllib
from collections.abc import Sequence
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from iotmock.history.series import variant
from iotmock.judge.features.calendar import correlation
from iotmock.judge.features.features import features
from iotmock.judge.piece import Cut, Piece, Values
from iotmock.judge.simulated import Simulation
from iotmock.model.families import built_in
from iotmock.model.site.sites import Sites
from tests.model.fleet import DAY_S, MONDAY, SEASONS, device

BANDS: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("bands2.toml").read_text(encoding="utf-8")
)
DEVICES = range(1, 13)
MOST_OUTSIDE = 2
SPREAD = (0.5, 2.0)
_SEASONS = {"cooling": [MONDAY], "heating": [SEASONS["january"]]}
_DAYS = ((1, 2), (3, 5))
"""Of which season and weekday single days are: a Wednesday in January, a Saturday in October."""
_NAMED_AFTER = {"plugs": "office", "planetlab": "vm_host"}
_TICK_S = 30.0
_HOUR_S = 3_600.0


@frozen
class Row:
    """Four quantiles of a feature of real series."""

    p5: float
    p25: float
    p75: float
    p95: float

    def has(self, value: float) -> bool:
        return self.p5 - 1e-6 <= value <= self.p95 + 1e-6

    def spread(self, values: Sequence[float]) -> float:
        """Return simulated / real interquartile range; real ones differ in these rows."""
        low, high = np.percentile(values, (25, 75))
        return float(high - low) / (self.p75 - self.p25)


@frozen
class Section:
    """The rows of one kind of real series, and the profile that is measured by them."""

    simulation: Simulation
    begins: Sequence[float]
    rows: dict[str, Row]

    def outside(self, piece: Piece) -> list[str]:
        found = features(piece)
        return [name for name, row in self.rows.items() if not row.has(found[name])]

    def spread(self, pieces: Sequence[Piece]) -> float:
        found = [features(piece) for piece in pieces]
        differing = {name: row for name, row in self.rows.items() if row.p75 > row.p25}
        return median(row.spread([one[name] for one in found]) for name, row in differing.items())


@cache
def section(name: str) -> Section:
    rows = dict(BANDS["pieces"][name])
    cut, step_s = Cut(rows.pop("cut")), float(rows.pop("step_s"))
    profile, _, part = name.partition("-")
    begins = _SEASONS.get(part, [MONDAY, *SEASONS.values()])
    if cut is Cut.DAY:
        begins = [begins[season] + weekday * DAY_S for season, weekday in _DAYS]
    simulation = simulation_of(_NAMED_AFTER.get(part, profile), cut, step_s)
    if step_s >= _HOUR_S:  # at which a minute more or less does not count
        simulation = evolve(simulation, tick_s=120.0)
    return Section(simulation, begins, {key: Row(*value) for key, value in rows.items()})


def simulation_of(profile: str, cut: Cut = Cut.WEEK, step_s: float = 900.0) -> Simulation:
    return Simulation(*variant(built_in(), profile), cut, step_s)


@cache
def pieces(name: str) -> list[Piece]:
    """Return device-weeks of twelve devices in every season that the section is about."""
    found = section(name)
    return list(found.simulation.pieces(DEVICES, found.begins))


@cache
def month(profile: str, seed: int) -> Values:
    """Return four weeks of a device in quarters of an hour, a row for each week; kW."""
    simulation = evolve(simulation_of(profile), tick_s=900.0)
    return simulation.powers(seed, MONDAY, 28).reshape(4, -1)


def between_devices(months: Sequence[Values]) -> float:
    """Return the coefficient of variation of the devices' mean powers."""
    means = [float(one.mean()) for one in months]
    return float(np.std(means) / np.mean(means))


def week_to_week(months: Sequence[Values]) -> float:
    """Return the usual correlation of a week with the next."""
    return median(correlation(*pair) for one in months for pair in pairwise(one))


@cache
def neighbours(profile: str) -> tuple[Values, ...]:
    """Return three working days of three devices at one location in ticks of 30 s, kW."""
    kind, found = variant(built_in(), profile)
    sites = Sites(1, 0.1)
    together = [
        device(kind.device_type, found.name, sites=sites, device_id=f"mock-{number:03d}")
        for number in range(3)
    ]
    count = int(3 * DAY_S / _TICK_S)
    powers = np.empty((3, count))
    for number in range(count):
        for at, one in enumerate(together):
            one.tick(MONDAY + (number + 1) * _TICK_S, _TICK_S)
            powers[at, number] = one.meter.power_kw
    return tuple(powers)


def pairs(profile: str) -> list[tuple[Values, Values]]:
    return list(combinations(neighbours(profile), 2))


def lockstep(one: Values, other: Values) -> float:
    """Return the share of one's starts that have a start of the other within a minute."""
    mine, theirs = starts(one), starts(other)
    near = [(np.abs(theirs - at) <= 60.0 / _TICK_S).any() for at in mine]
    return float(np.mean(near)) if near else 0.0


def starts(powers: Values) -> NDArray[np.int64]:
    """Return at which ticks it goes up through half of its 99th percentile."""
    on = (powers > 0.5 * np.percentile(powers, 99)).astype(np.int64)
    return np.flatnonzero(np.diff(on) == 1)
