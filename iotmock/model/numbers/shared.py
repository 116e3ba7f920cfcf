"""Numbers that devices share: a float takes 32 bytes, a reference to one 8, and a device has fifty.

What is drawn for a device, or for its day, comes in steps finer than anybody sees.
"""

from math import floor

_SHARED: dict[float, float] = {}
_STEPS = 256


def shared(value: float) -> float:
    """Return the number that all devices have which were given this one."""
    return _SHARED.setdefault(value, value)


def in_steps(value: float) -> float:
    """Return the nearest number that a whole number of 256ths makes: of an hour 14 s."""
    return shared(floor(value * _STEPS + 0.5) / _STEPS)
