"""What a detector must reach."""

from collections.abc import Iterator

from attrs import frozen

from iotmock.ledger.score import Score

_SLOW = 0.95


@frozen
class Thresholds:
    """Bounds on the score of all faults together; None asks for nothing.

    Shares are from 0 to 1, `most_delay_s` is that of 95 of 100 found faults.
    """

    least_recall: float | None = None
    least_precision: float | None = None
    most_delay_s: float | None = None
    most_false: int | None = None

    def misses(self, score: Score) -> Iterator[str]:
        """Yield what a score falls short of, each with what it is instead."""
        yield from _below("recall", score.recall, self.least_recall)
        yield from _below("precision", score.precision, self.least_precision)
        delay_s = score.delay_s(_SLOW)
        if self.most_delay_s is not None and (delay_s is None or delay_s > self.most_delay_s):
            found = "no fault was found" if delay_s is None else f"{delay_s:.1f} s"
            yield f"delay p95: {found}, at most {self.most_delay_s:g} s are allowed"
        false = score.false_alarms or 0
        if self.most_false is not None and false > self.most_false:
            yield f"false alarms: {false}, at most {self.most_false} are allowed"


def _below(name: str, value: float | None, least: float | None) -> Iterator[str]:
    if least is not None and (value is None or value < least):
        found = "there is none" if value is None else f"{value:.3f}"
        yield f"{name}: {found}, at least {least:g} is asked for"
