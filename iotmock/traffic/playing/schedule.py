"""When a recorded message is due: from its own moment and the begin, never from the one before."""

from math import inf

from attrs import frozen

_S = 1e6


@frozen
class Schedule:
    """Maps recorded moments to moments of now.

    `start` is when the first message is due on the clock of the event loop, `start_unix` the same
    in Unix s, `first_us` when it was recorded. `speed` inf: everything is due at once.
    """

    start: float
    start_unix: float
    first_us: int
    speed: float = 1.0

    def due(self, at_us: int, begun_us: int = 0) -> float:
        """Return when a message is due, in a pass that began so many recorded µs after the first.

        A message of before the first is due with it.
        """
        after_us = begun_us + max(0, at_us - self.first_us)
        return self.start + after_us / _S / self.speed

    def shifted_us(self, time_us: int, begun_us: int = 0) -> int:
        """Return what becomes of a moment that a payload names, in µs since 1970.

        It depends on the moment alone: what was equal or in order stays so.
        """
        after_us = begun_us + time_us - self.first_us
        speed = 1.0 if self.speed == inf else self.speed
        return round(self.start_unix * _S + after_us / speed)
