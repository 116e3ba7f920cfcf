"""How the constants of single devices are drawn."""

from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import Noise
from iotmock.model.numbers.shared import in_steps
from iotmock.model.numbers.traits import STEPS

_MOST = 1.6


def factor(noise: Noise, deviation: float) -> float:
    """Draw a factor of median 1, whose logarithm has this standard deviation; at most 5, or 1/5."""
    return exp(bounded(noise, deviation, _MOST))


def bounded(noise: Noise, deviation: float, most: float) -> float:
    """Draw a normal number of mean 0, between `-most` and `most`."""
    return max(-most, min(most, deviation * in_steps(noise.gauss(), STEPS)))
