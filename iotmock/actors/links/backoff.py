"""When to try to connect again."""

import random

import trio
from attrs import define

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
_STEADY_S = 5.0
"""A connection that lasted this long makes the next delay a short one again."""


@define(eq=False)
class Backoff:
    """Exponential delays with full jitter (Brooker, "Exponential backoff and jitter", 2015)."""

    _failures: int = 0
    _up_since: float | None = None

    def note_up(self) -> None:
        """Note that there is a connection."""
        self._up_since = trio.current_time()

    def next_delay(self) -> float:
        """Note a failure, or a lost connection; return how many seconds to wait."""
        if self._up_since is not None and trio.current_time() - self._up_since > _STEADY_S:
            self._failures = 0
        self._up_since = None
        ceiling = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2.0 ** min(self._failures, 10))
        self._failures += 1
        return random.uniform(0.0, ceiling)  # noqa: S311
