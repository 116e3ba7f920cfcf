"""Delivery: whether what the fleet says reaches the broker, from a look at the counts every second.

Nothing here happens per message.
"""

from collections import Counter, deque
from collections.abc import Iterator

import trio
from attrs import define, field, frozen

from iotmock.actors.links.links import Links
from iotmock.actors.outbox.carrier import Carrier, Oldest, PublisherStatistics

PATIENCE_S = 15.0
"""How long a message may wait for the broker's answer."""
TOLERATED = 0.01
"""Share of a minute's messages that may be refused or dropped."""
WINDOW_S = 60.0
_REASONS = 3
"""So many of the broker's reasons are named, the most frequent ones."""


@frozen
class Sample:
    """The counts at a moment of Trio's clock."""

    at: float
    out: PublisherStatistics
    incoming_dropped: int


@define(eq=False)
class Delivery:
    """Keeps a minute of samples: the first one is as old as that, or as the service."""

    carrier: Carrier
    links: Links
    patience_s: float = PATIENCE_S
    window_s: float = WINDOW_S
    period_s: float = 1.0
    _samples: deque[Sample] = field(factory=deque)
    _oldest: Oldest = field(factory=Oldest)

    def __attrs_post_init__(self) -> None:
        self.look()

    async def run(self) -> None:
        """Take a sample every `period_s`, until cancelled."""
        while True:
            await trio.sleep(self.period_s)
            self.look()

    def look(self) -> None:
        """Take a sample."""
        now, samples = trio.current_time(), self._samples
        dropped = self.links.statistics().incoming_dropped
        samples.append(Sample(now, self.carrier.statistics(), dropped))
        while len(samples) > 1 and samples[1].at <= now - self.window_s:
            samples.popleft()
        self._oldest = max(self.carrier.oldest(now), self._oldest_accepted())

    def _oldest_accepted(self) -> Oldest:
        # More were accepted then than are settled now: so one of those waits since before then.
        now = self._samples[-1]
        settled = now.out.accepted - now.out.waiting + self.carrier.withheld()
        late = (sample.at for sample in self._samples if sample.out.accepted > settled)
        return Oldest(now.at - next(late, now.at), "the backlog")

    @property
    def stalled_s(self) -> float:
        """See `Pulse`: for how long a sample has been due."""
        return max(0.0, trio.current_time() - self._samples[-1].at - self.period_s)

    def problems(self) -> Iterator[str]:
        """See `Part`; what was so at the last look."""
        before, now = self._samples[0], self._samples[-1]
        yield from self._late(now.out)
        yield from self._refused(before.out, now.out)
        yield from self._dropped(before.out, now.out)
        if lost := now.incoming_dropped - before.incoming_dropped:
            yield (
                f"{lost} incoming commands or events of the last minute were dropped, because they "
                "came faster than they are carried out: send fewer at a time, or at QoS 1"
            )

    def _late(self, now: PublisherStatistics) -> Iterator[str]:
        oldest = self._oldest
        if oldest.seconds > self.patience_s:
            yield (
                f"the oldest of {now.waiting} messages has waited {oldest.seconds:.0f} s for the "
                f"broker's answer ({oldest.where}): see whether the broker is up to the load, and "
                "why it holds PUBACK back; or use fewer devices or a longer interval"
            )

    def _refused(self, before: PublisherStatistics, now: PublisherStatistics) -> Iterator[str]:
        refused = now.refused - before.refused
        answered = refused + now.acknowledged - before.acknowledged
        if refused > TOLERATED * answered:
            yield (
                f"{refused} of {answered} messages of the last minute were refused, or at QoS 0 "
                f"lost with a connection{self._reasons()}: see that the broker lets the user "
                "publish below energy/, and its limits for a client's messages"
            )

    def _reasons(self) -> str:
        refusals = Counter(self.links.statistics().terms.refusals)
        said = [f"{count} for {reason}" for reason, count in refusals.most_common(_REASONS)]
        return f" ({', '.join(said)} since the start)" if said else ""

    def _dropped(self, before: PublisherStatistics, now: PublisherStatistics) -> Iterator[str]:
        dropped, accepted = now.dropped - before.dropped, now.accepted - before.accepted
        if dropped > TOLERATED * accepted:
            yield (
                f"{dropped} data messages of the last minute were dropped from a full backlog: the "
                "broker is away or too slow; MQTT_BACKLOG says how many are kept"
            )
