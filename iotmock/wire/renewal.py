"""When a connection is made anew, because what let it in expires."""

import random

_EARLIEST, _LATEST = 0.5, 0.85
"""Of its life: so far apart that a fleet that has connected at once does not come back at once."""


def renewal(begin: float, life_s: float) -> float:
    """Return the moment, from `begin` on, by the same clock; inf where nothing expires."""
    return begin + life_s * random.uniform(_EARLIEST, _LATEST)  # noqa: S311
