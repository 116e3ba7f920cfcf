"""One machine of a device: what is its own about it, and how often people start it today."""

from typing import NamedTuple

from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import Noise, noise_at
from iotmock.model.parts.appliances.own import bounded, factor
from iotmock.model.parts.appliances.program import Course, Program, Steps
from iotmock.model.site.day import Day

_HOUR_S = 3600.0
_DAY_SHIFT_S = 1200.0
"""How much later or earlier than usual all of a day's starts are (judgement)."""
_LATEST_H = 3.0
_MOST_A_DAY = 99


class Own(NamedTuple):
    """What is a machine's own: `rate` and `power` relative to the usual one, its favourite course.

    Drawn from its seed a few times a day, which costs no memory.
    """

    rate: float
    power: float
    habit_s: float
    favourite: int

    @classmethod
    def of(cls, program: Program, seed: int, spread: float) -> "Own":
        """Draw it, always the same."""
        noise = noise_at(seed, 0)
        return cls(
            factor(noise, program.rate_sd * spread),
            1.0 + bounded(noise, program.power_sd * spread, 2.0 * program.power_sd),
            bounded(noise, program.habit_h * spread, _LATEST_H) * _HOUR_S,
            chosen(program.courses, noise.uniform()) if spread > 0.0 else 0,
        )


class Today(NamedTuple):
    """A day as a place lives it: as a workday or not, at home or at work, from `midnight_s` on.

    `done` is how much is done, relative to the usual place and day.
    """

    day: Day
    midnight_s: float
    works: bool
    at_home: bool
    done: float

    def hour(self, program: Program, share: float) -> float:
        """Return the local hour before which this share of a programme's starts lies."""
        return program.hours.at(share, self.day, works=self.works, at_home=self.at_home)


class Machine(NamedTuple):
    """One machine of a place, by its number; what is its own is drawn whenever it is needed.

    Each start draws from a sequence of its own, by machine, day and number.
    """

    number: int
    program: Program
    seed: int

    def day(self, today: Today, spread: float) -> tuple[int, float]:
        """Draw how often it is started today, and how much later than at the usual hours, s."""
        program, number = self.program, today.day.number
        own, noise = Own.of(program, self.seed, spread), noise_at(self.seed, number)
        mean = program.per_day * own.rate * today.done * (1.0 if today.works else program.weekend)
        count = _count(program.together, mean, number, noise, spread)
        return count, own.habit_s + _DAY_SHIFT_S * spread * noise.gauss()

    def noise(self, today: Today, left: int) -> Noise:
        """Return what the start after which `left` are left draws from."""
        return noise_at(noise_at(self.seed, today.day.number).state, 1 + left)

    def steps(self, own: Own, noise: Noise, spread: float) -> Steps:
        """Draw the course of a run."""
        courses, loyal = self.program.courses, noise.uniform() < self.program.loyal
        if spread == 0.0 or loyal:
            return courses[own.favourite].steps
        return courses[chosen(courses, noise.uniform())].steps


def chosen(courses: tuple[Course, ...], draw: float) -> int:
    """Return the number of the course that a draw from 0 to 1 falls on."""
    for number, course in enumerate(courses):
        draw -= course.share
        if draw < 0.0:
            return number
    return 0


def _count(together: float, mean: float, day: int, noise: Noise, spread: float) -> int:
    """Return how many starts a day has: in the mean `mean`, without noise evenly."""
    if noise.uniform() >= spread:
        return int(mean * (day + 1)) - int(mean * day)
    if not together:
        return _poisson(mean, noise)
    chance = min(1.0, mean / together)
    if noise.uniform() >= chance:
        return 0
    return 1 + _poisson(mean / chance - 1.0, noise)


def _poisson(mean: float, noise: Noise) -> int:
    # Knuth, The Art of Computer Programming vol. 2, 3.4.1, algorithm Q.
    limit, product, count = exp(-mean), noise.uniform(), 0
    while product > limit and count < _MOST_A_DAY:
        product *= noise.uniform()
        count += 1
    return count
