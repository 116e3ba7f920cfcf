"""Numbers that devices share: a float takes 32 bytes, a reference to one 8, and a device has fifty.

What is drawn for a device, or for its day, comes in steps finer than anybody sees.
"""

from math import floor

_MOST = 1 << 14
"""Numbers after which the table starts over: those of devices that are gone are in it, too."""
_SHARED: dict[float, float] = {}


def shared(value: float) -> float:
    """Return the number that all devices have which were given this one."""
    if len(_SHARED) >= _MOST:
        _SHARED.clear()
    return _SHARED.setdefault(value, value)


def in_steps(value: float, steps: int = 256) -> float:
    """Return the nearest of the numbers of which `steps` make one; of an hour each is 14 s."""
    return shared(floor(value * steps + 0.5) / steps)
