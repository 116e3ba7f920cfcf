"""What `/health` and `/livez` ask the parts of a service."""

from collections.abc import Iterator
from typing import Protocol


class Part(Protocol):
    """What `/health` asks: whatever can be in order or not."""

    def problems(self) -> Iterator[str]:
        """Yield a sentence for each thing that is wrong now: "what is wrong: what to do"."""
        ...


class Pulse(Protocol):
    """What `/livez` asks: an actor that has something to do again and again."""

    @property
    def stalled_s(self) -> float:
        """For how many seconds it has owed something; 0 where it owes nothing."""
        ...
