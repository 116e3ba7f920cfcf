"""What happened since the last look, from counts that only grow."""

import trio
from attrs import define, field, frozen

from iotmock.actors.outbox.carrier import Carrier, PublisherStatistics
from iotmock.actors.summary.summary import LatenessNow, MessageRates
from iotmock.actors.time.histogram import Histogram
from iotmock.actors.time.punctuality import Punctuality

_DECIMALS = 1


@frozen
class _Look:
    """The counts at one moment."""

    at: float
    due: int
    out: PublisherStatistics
    lateness: Histogram

    @property
    def sent(self) -> int:
        """Messages that were handed to a connection."""
        out = self.out
        return out.accepted - out.backlog - out.dropped - out.superseded


@define(eq=False)
class Rates:
    """Two looks at the counts, and what lies between them."""

    carrier: Carrier
    counts: Punctuality
    _before: _Look = field(init=False)
    _now: _Look = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._before = self._now = self._look()

    def look(self) -> PublisherStatistics:
        """Look again; return the publisher's counts."""
        self._before, self._now = self._now, self._look()
        return self._now.out

    def _look(self) -> _Look:
        lateness = self.counts.lateness
        kept = Histogram(list(lateness.counts), lateness.sum_s, lateness.max_s)
        return _Look(trio.current_time(), self.counts.due, self.carrier.statistics(), kept)

    def messages(self) -> MessageRates:
        """Return how many messages there were a second."""
        before, now = self._before, self._now
        acknowledged = now.out.acknowledged - before.out.acknowledged
        return MessageRates(
            self._per_s(now.due - before.due),
            self._per_s(now.sent - before.sent),
            self._per_s(acknowledged),
            now.out.dropped,
        )

    def _per_s(self, count: int) -> float:
        return round(count / max(self._now.at - self._before.at, 1e-3), _DECIMALS)

    def lateness(self) -> LatenessNow:
        """Return how late ticks were; 0 where there were none."""
        before, now = self._before.lateness, self._now.lateness
        counts = [n - b for n, b in zip(now.counts, before.counts, strict=True)]
        between = Histogram(counts, max_s=now.max_s if any(counts) else 0.0)
        shares = (0.5, 0.99, 1.0)
        return LatenessNow(*(round(1e3 * between.quantile(share), _DECIMALS) for share in shares))
