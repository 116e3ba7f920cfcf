"""Faults on top of recorded traffic: messages that are left out or sent twice, on record."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
from attrs import define, field

from iotmock.traffic.recorded import Recorded

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DROPPED, DUPLICATED = "dropped", "duplicated"


class Done(msgspec.Struct, frozen=True):
    """What was done to a message: the `number`th of a pass, recorded at `recorded`."""

    effect: str
    number: int
    loop: int
    topic: str
    recorded: str


@define(eq=False)
class Faults:
    """Draws for each message what is done to it; the same seed does the same to the same file.

    Shares are from 0 to 1. What is done is told to `ledger`.
    """

    drop: float
    duplicate: float
    seed: int
    ledger: Callable[[Done], None]
    dropped: int = 0
    duplicated: int = 0
    _random: random.Random = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - no secret

    def times(self, row: Recorded, number: int, loop: int) -> int:
        """Return how often a message is sent: 0, 1 or 2."""
        drawn = self._random.random()
        if drawn < self.drop:
            self.dropped += 1
            self._note(DROPPED, row, number, loop)
            return 0
        if drawn < self.drop + self.duplicate:
            self.duplicated += 1
            self._note(DUPLICATED, row, number, loop)
            return 2
        return 1

    def _note(self, effect: str, row: Recorded, number: int, loop: int) -> None:
        recorded = (_EPOCH + timedelta(microseconds=row.at_us)).isoformat()
        self.ledger(Done(effect, number, loop, row.topic, recorded))
