"""How cells of a battery wear, and what their temperature lets them do."""

from attrs import define

from iotmock.model.numbers.curve import Curve, Points, between

_PER_CYCLE = 0.2 / 6_000.0
_PER_DAY = 0.012 / 365.25
_LEAST = 0.5
_DAYS_PER_S = 1.0 / 86_400.0


@define(eq=False)
class Wear:
    """What cells have been through: full cycles (taken and given / 2), and days.

    Source: warranties of home storage (70 to 80 % after 6,000 cycles or 10 years), with the split
    between use and time of Figgener et al., "Multi-year field measurements of home storage
    systems", Nature Energy 9, 2024 (2 to 3 % a year in all).
    """

    cycles: float
    days: float

    def go_on(self, moved_h: float, capacity_h: float, dt_s: float) -> None:
        """Take note of a tick in which `moved_h` went in and out."""
        self.cycles += 0.5 * moved_h / capacity_h
        self.days += dt_s * _DAYS_PER_S

    @property
    def health(self) -> float:
        """Capacity / what it was when new."""
        health = 1.0 - _PER_CYCLE * self.cycles - _PER_DAY * self.days
        return health if health > _LEAST else _LEAST


# Lithium iron phosphate, after data sheets of home storage: no charge below 0 °C, full power from
# 10 to 40 °C. The curves begin at -20 °C.
_COLDEST_C, _WARMEST_C = -20.0, 60.0
_CHARGE: Points = ((-2.0, 0.0), (0.0, 0.1), (10.0, 1.0), (42.0, 1.0), (55.0, 0.0))
_DISCHARGE: Points = ((-20.0, 0.0), (-10.0, 0.4), (5.0, 1.0), (45.0, 1.0), (58.0, 0.0))


def _table(points: Points) -> Curve:
    return Curve.of(lambda above: between(points, above + _COLDEST_C), _WARMEST_C - _COLDEST_C)


_CHARGES, _DISCHARGES = _table(_CHARGE), _table(_DISCHARGE)


def charges(cell_c: float) -> float:
    """Return which share of their most cells take at a temperature."""
    return _CHARGES.at(cell_c - _COLDEST_C)


def discharges(cell_c: float) -> float:
    """Return which share of their most cells give at a temperature."""
    return _DISCHARGES.at(cell_c - _COLDEST_C)
