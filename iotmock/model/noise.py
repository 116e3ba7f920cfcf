"""The random numbers of one device: small, seeded, and independent of every other device."""

from hashlib import blake2b
from math import cos, log, pi, sqrt

from attrs import define

_MASK = (1 << 64) - 1
_UNIT = 1.0 / (1 << 53)


def seed_of(fleet_seed: int, name: str) -> int:
    """Return the 64-bit seed of one named part of the fleet; the same on every machine."""
    digest = blake2b(f"{fleet_seed}:{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


@define(eq=False)
class Noise:
    """A splitmix64 generator: one integer of state, where `random.Random` holds 2.5 KB.

    Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    """

    state: int

    def uniform(self) -> float:
        """Return the next number in [0, 1)."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & _MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return ((z ^ (z >> 31)) >> 11) * _UNIT

    def gauss(self) -> float:
        """Return the next number of the standard normal distribution (Box-Muller)."""
        return sqrt(-2.0 * log(1.0 - self.uniform())) * cos(2.0 * pi * self.uniform())
