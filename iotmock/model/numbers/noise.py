"""The random numbers of one device: small, seeded, and independent of every other device."""

from hashlib import blake2b
from math import fsum, sqrt
from statistics import NormalDist

from attrs import define

from iotmock.model.numbers.exact_math import log

_MASK = (1 << 64) - 1
_UNIT = 1.0 / (1 << 53)
# Knuth, "MMIX", The Art of Computer Programming vol. 2, 3.3.4, line 26 of the spectral test's
# table.
_FACTOR = 6364136223846793005
_SUMMAND = 1442695040888963407
_GOLDEN = 0x9E3779B97F4A7C15
_CELLS = 1024


def _half_normal() -> tuple[float, ...]:
    # Quantiles of N(0, 1/2) at the cell middles, brought to exactly that variance. Rounded, because
    # the C library's logarithm differs between machines in the last bit.
    middles = [NormalDist().inv_cdf((cell + 0.5) / _CELLS) for cell in range(_CELLS)]
    variance = fsum(round(x * x, 12) for x in middles) / _CELLS
    return tuple(round(x / sqrt(2.0 * variance), 12) for x in middles)


_TABLE = _half_normal()


def seed_of(fleet_seed: int, name: str) -> int:
    """Return the 64-bit seed of one named part of the fleet; the same on every machine."""
    digest = blake2b(f"{fleet_seed}:{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _mixed(number: int) -> int:
    z = number & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def gauss_at(seed: int, index: int) -> float:
    """Return number `index` of the normal sequence `seed`, without going through those before it.

    Source: splitmix64; Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
    """
    z = _mixed(seed + index * _GOLDEN)
    return _TABLE[z >> 54] + _TABLE[(z >> 44) & 1023]


def uniform_at(seed: int, index: int) -> float:
    """Return number `index` of the uniform sequence `seed`, in [0, 1)."""
    return (_mixed(seed + index * _GOLDEN) >> 11) * _UNIT


@define(eq=False)
class Noise:
    """A 64-bit linear congruential generator: one integer, where `random.Random` holds 2.5 KB.

    Only its upper bits are used (the lower ones have short periods). One step a number, and a
    normal number is the sum of two table entries: 2^20 values out to 4.6 sigma, at a fifth of the
    cost of Box-Muller.
    """

    state: int

    def branch(self) -> "Noise":
        """Return a sequence of its own, for what must not depend on how often this one is asked.

        Events (a start, a stop) draw from a branch: so they are the same whatever the tick is.
        """
        self.state = (self.state * _FACTOR + _SUMMAND) & _MASK
        return Noise(_mixed(self.state))

    def uniform(self) -> float:
        """Return the next number in [0, 1)."""
        self.state = state = (self.state * _FACTOR + _SUMMAND) & _MASK
        return (state >> 11) * _UNIT

    def gauss(self) -> float:
        """Return the next number of the standard normal distribution."""
        self.state = state = (self.state * _FACTOR + _SUMMAND) & _MASK
        upper = state >> 44
        return _TABLE[upper >> 10] + _TABLE[upper & 1023]

    def wait(self, spread: float) -> float:
        """Return the next waiting time of mean 1: exponential at spread 1, always 1 at spread 0."""
        share = min(1.0, spread)
        return 1.0 - share * (1.0 + log(1.0 - self.uniform()))


def noise_at(seed: int, index: int) -> Noise:
    """Return sequence `index` of those that belong to `seed`: what a day is drawn from.

    It depends on nothing that was drawn before, so a device that restarts finds the day as it was.
    """
    return Noise(_mixed(seed + index * _GOLDEN))
