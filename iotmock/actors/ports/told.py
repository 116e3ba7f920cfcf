"""How a dialect tells of readings, for a receiver that accounts for each of its messages."""

from typing import Protocol, runtime_checkable

from attrs import frozen


@frozen
class Told:
    """Where the messages of a reading are heard, and whose they are.

    Each of them has a stamp, so that none is lost unseen. Filters do not overlap, so that a broker
    brings a message once.
    """

    filters: tuple[str, ...]
    device_level: int | None
    """Which level of a topic is the device's id; below 0 from the end. None: no level is, and the
    stamp says it."""
    messages: int = 1
    """How many there are of a reading, at most."""


@runtime_checkable
class TellsReadings(Protocol):
    """A dialect of which is known how it tells of readings."""

    @property
    def told(self) -> Told:
        """How it does."""
        ...
