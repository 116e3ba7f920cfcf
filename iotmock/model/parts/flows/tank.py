"""A tank of hot water, and the people who draw from it."""

from attrs import define, frozen

from iotmock.model.numbers.exact_math import cosine, exp
from iotmock.model.numbers.noise import Noise

_NEVER = float("inf")
WH_PER_LITRE_K = 1.163
_COLD_C, _COLD_SWING_K, _COLDEST_DAY = 10.5, 4.0, 45


@frozen(eq=False)
class Draw:
    """What people do with hot water: litres at the tap at 40 °C; how often a day in all."""

    litres: float
    per_day: float
    spread: float = 0.4
    chance: float = 1.0
    """1: at any moment; 0: after equal pauses."""


Draws = tuple[Draw, ...]

# Jordan and Vajen, "Realistic domestic hot-water profiles in different time scales", IEA SHC Task
# 26, 2001: 200 l a day at 45 °C in a house; categories short, medium, bath, shower.
HOUSEHOLD: Draws = (
    Draw(1.5, 24.0),
    Draw(6.0, 9.0),
    Draw(38.0, 1.9, 0.35),
    Draw(110.0, 0.12, 0.2),
)
WASHING_HANDS: Draws = (Draw(1.0, 22.0), Draw(8.0, 3.0))
DAIRY: Draws = (Draw(2.0, 8.0), Draw(160.0, 2.0, 0.15, 0.15))
"""Rinsing of milking lines, twice a day."""
TAP_C = 40.0
_PRESENT_H = 9.2
"""Hours in which everyone is at home and awake, of a usual day (`Conditions.at_home` summed)."""


def cold_c(day_of_year: float) -> float:
    """Return what comes from the mains, °C (VDI 3807: 7 to 15 °C over the year)."""
    return _COLD_C - _COLD_SWING_K * cosine((day_of_year - _COLDEST_DAY) / 365.25)


@define(eq=False)
class Taps:
    """Draws as they come, by how many people are there: a clock that runs with them.

    So a changing presence needs no new draw (a Poisson process in operational time; Çinlar,
    "Introduction to Stochastic Processes", 1975, 4.7). Each kind is due at its own moment on it.
    """

    draws: Draws
    noise: Noise
    spread: float
    often: float
    due: list[float]
    people_s: float = 0.0

    @classmethod
    def make(cls, draws: Draws, noise: Noise, spread: float) -> "Taps":
        """Return the taps of a place of its own size."""
        often = exp(0.35 * spread * max(-2.0, min(2.0, noise.gauss())))
        taps = cls(draws, noise, spread, often, [])
        taps.due = [taps._pause_s(draw) for draw in draws]
        return taps

    def _pause_s(self, draw: Draw) -> float:
        mean_s = _PRESENT_H * 3600.0 / (draw.per_day * self.often)
        return mean_s * max(0.02, self.noise.wait(self.spread * draw.chance))

    def until_s(self, people: float) -> float:
        """Return how long it is until the next draw, with so many people (0 to 1) there."""
        return (min(self.due) - self.people_s) / people if people > 0.0 else _NEVER

    def go_on(self, people: float, span_s: float) -> None:
        """Let time pass in which nobody draws."""
        self.people_s += people * span_s

    def draw(self) -> float:
        """Return the litres of the draw that is due, at `TAP_C`."""
        number = self.due.index(min(self.due))
        kind = self.draws[number]
        self.people_s = max(self.people_s, self.due[number])
        self.due[number] = self.people_s + self._pause_s(kind)
        off = kind.spread * self.spread * max(-2.0, min(2.0, self.noise.gauss()))
        return kind.litres * max(0.2, 1.0 + off)
