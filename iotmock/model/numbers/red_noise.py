"""Red noise as a function of a day: the same whoever asks, and in whatever order."""

from math import sqrt

from iotmock.model.numbers.noise import gauss_at

_PERIODS = ((45, 0.75), (13, 0.55), (4, 0.37))
"""Days from one draw to the next, and the weight of it; the squares of the weights make 1."""


def red_at(seed: int, day: int) -> float:
    """Return a normal number of variance 1 that remembers weeks.

    Its autocorrelation is 0.76 after a week, 0.33 after a month, 0 after three. Draws lie on grids
    of several lengths, with straight lines between them: O(1), no past to go through (value noise;
    Perlin, "An image synthesizer", 1985).
    """
    return sum(weight * _between(seed + period, day, period) for period, weight in _PERIODS)


def _between(seed: int, day: int, period: int) -> float:
    cell, rest = divmod(day, period)
    share = rest / period
    near = 1.0 - share
    drawn = near * gauss_at(seed, cell) + share * gauss_at(seed, cell + 1)
    return drawn / sqrt(near * near + share * share)
