"""When cars come to a charging point, how long they stay, and what they need: by seed and day."""

from collections.abc import Callable

from attrs import evolve, frozen

from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import Noise, gauss_at
from iotmock.model.site.day import Day, DayKind

HOUR_S = 3600.0
_MOST_A_DAY = 12
_DRAWS = 8
"""Numbers that one visit takes."""
_LEAST_STAY_S, _LEAST_KWH = 300.0, 0.5
_WIDEST = 2.5
# Below which normal number a share of all lies: 5, 10, ... 95 %.
_QUANTILES = (
    -1.645, -1.282, -1.036, -0.842, -0.674, -0.524, -0.385, -0.253, -0.126, 0.0,
    0.126, 0.253, 0.385, 0.524, 0.674, 0.842, 1.036, 1.282, 1.645,
)  # fmt: skip


@frozen
class Visit:
    """One car at the point: from `comes_s` until `goes_s` (Unix seconds), in need of `needs_kwh`.

    It has room for no more than that. It takes up to `amperes` on each of `phases`.
    """

    comes_s: float
    goes_s: float
    needs_kwh: float
    phases: int
    amperes: float


@frozen
class Habit:
    """Who charges where. Hours are local, `..._spread` are standard deviations.

    `cars` is how likely a car comes on a workday, Saturday, Sunday. With `several`, others follow
    each other until `closes_h`, with `pause_h` between them on average. `needs_kwh` is the median
    of what a car needs, `needs_spread` the standard deviation of its logarithm. `one_phase` is the
    share of cars that charge on one phase, `strong` of those that take 32 A; with `same_car` it is
    one that comes again and again.

    Sources: homes and workplaces after Sørensen et al., "Analysis of residential EV energy
    flexibility potential", Sustainable Cities and Society 71, 2021, and ACN-Data (Lee, Li, Low,
    e-Energy 2019: 6 to 9 h at work, 6 to 12 kWh); public points after Hecht et al.,
    eTransportation 6, 2020 (AC sessions of 8 to 15 kWh); depots: judgement (a delivery van's day of
    80 to 120 km).
    """

    comes_h: float
    comes_spread_h: float
    stays_h: float
    stays_spread_h: float
    needs_kwh: float
    needs_spread: float
    cars: tuple[float, float, float]
    several: bool = False
    pause_h: float = 0.0
    closes_h: float = 24.0
    one_phase: float = 0.25
    strong: float = 0.2
    same_car: bool = False

    def of_one(self, noise: Noise, spread: float) -> "Habit":
        """Return the habit of one point: its people come at their hours, and drive as they do."""
        off = [spread * max(-2.0, min(2.0, noise.gauss())) for _ in range(4)]
        often = exp(0.25 * off[2])
        one_phase, strong = self.one_phase, self.strong
        if self.same_car:
            one_phase = float(spread * noise.uniform() > 1.0 - one_phase)
            strong = float(spread * noise.uniform() > 1.0 - strong)
        workday, saturday, sunday = (min(0.98, share * often) for share in self.cars)
        return evolve(
            self,
            comes_h=self.comes_h + 0.7 * self.comes_spread_h * off[0],
            comes_spread_h=0.75 * self.comes_spread_h,
            stays_h=self.stays_h * (1.0 + 0.08 * off[1]),
            needs_kwh=self.needs_kwh * exp(0.3 * off[3]),
            cars=(workday, saturday, sunday),
            one_phase=one_phase,
            strong=strong,
        )


def visits(habit: Habit, seed: int, day: Day, midnight_s: float, spread: float) -> list[Visit]:
    """Return the visits that begin on a day; the same however often one asks.

    `midnight_s` is when the day begins, Unix seconds.
    """
    drawn = _numbers(seed ^ _MIXED * day.number, spread)
    kinds = habit.cars[_kind(day)]
    if spread and drawn(0) > _below(kinds):
        return []
    if not spread and kinds < 0.5:
        return []
    found: list[Visit] = []
    comes_s = midnight_s + HOUR_S * max(0.0, habit.comes_h + habit.comes_spread_h * drawn(1))
    for number in range(_MOST_A_DAY if habit.several else 1):
        if number and comes_s > midnight_s + HOUR_S * habit.closes_h:
            break
        at = _DRAWS * (number + 1)
        visit = _visit(habit, drawn, at, comes_s)
        found.append(visit)
        comes_s = visit.goes_s + HOUR_S * max(0.05, habit.pause_h * (1.0 + 0.7 * drawn(at + 5)))
    return found


_MIXED = 0x9E3779B97F4A7C15


def _visit(habit: Habit, drawn: Callable[[int], float], at: int, comes_s: float) -> Visit:
    stays_s = HOUR_S * (habit.stays_h + habit.stays_spread_h * drawn(at))
    needs = habit.needs_kwh * exp(habit.needs_spread * drawn(at + 1))
    return Visit(
        comes_s,
        comes_s + max(_LEAST_STAY_S, stays_s),
        max(_LEAST_KWH, needs),
        1 if drawn(at + 2) < _below(habit.one_phase) else 3,
        32.0 if drawn(at + 3) < _below(habit.strong) else 16.0,
    )


def _numbers(seed: int, spread: float) -> Callable[[int], float]:
    def drawn(index: int) -> float:
        return spread * max(-_WIDEST, min(_WIDEST, gauss_at(seed, index)))

    return drawn


def _kind(day: Day) -> int:
    return int(DayKind.SUNDAY if day.closed else day.kind)


def _below(share: float) -> float:
    """Return the normal number below which this share of all lies."""
    if share <= 0.0:
        return -_WIDEST - 1.0
    if share >= 1.0:
        return _WIDEST + 1.0
    return _QUANTILES[max(0, min(18, round(20.0 * share) - 1))]
