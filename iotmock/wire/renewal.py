"""When a connection is made anew, because what let it in expires."""

import random

_EARLIEST, _LATEST = 0.5, 0.85
"""Of its life: so far apart that a fleet that has connected at once does not come back at once."""
_PARTING_S = 5.0
"""Set aside of any life: it is told in whole seconds, links are looked at once a second, and what
is on its way is waited for; each takes up to a second."""


def renewal(begin: float, life_s: float) -> float:
    """Return the moment, from `begin` on, by the same clock; inf where nothing expires."""
    return begin + (life_s - _PARTING_S) * random.uniform(_EARLIEST, _LATEST)  # noqa: S311
