"""When what is missing was due: what is stored beside what was sent, slice by slice of a run."""

from collections.abc import Iterable, Iterator

from attrs import define, field, frozen

from iotmock.soak.stores.sent import SentBy
from iotmock.soak.stores.stored import Difference, Span, Store


@define(eq=False)
class _Trail:
    """One device, slice by slice: how far the store is behind what was sent, at most so far.

    A message that is numbered only after a moment is in the store before it: then the store is
    ahead, which hides that another one is missing. What is found later may be as old as that.
    """

    sent: int
    spans: list[Span] = field(factory=list)
    _stored: int = 0
    _behind: int = 0
    _since: float | None = None

    def go_on(self, slice_: Span, sent: int, stored: int) -> None:
        """Take a slice: what had been sent by its end, and what is stored of it."""
        self._stored += stored
        behind = sent - self._stored
        if behind > self._behind:
            begin = slice_.begin if self._since is None else self._since
            self._behind, self._since = behind, None
            self._add(Span(begin, slice_.end))
        elif behind < self._behind and self._since is None:
            self._since = slice_.begin

    def _add(self, span: Span) -> None:
        if self.spans and self.spans[-1].end == span.begin:
            span = Span(self.spans.pop().begin, span.end)
        self.spans.append(span)


@frozen
class Search:
    """Looks for the missing of a few devices; asks the store once for each slice of the run."""

    store: Store
    span: Span
    moments: Iterable[SentBy]

    async def run(self, sought: Iterable[Difference]) -> dict[str, list[Span]]:
        """Return by device the slices that lack some, neighbours joined.

        Raises:
            StoreError: the store can not be asked any more.
        """
        trails = {one.device: _Trail(one.sent) for one in sought}
        for slice_, moment in self._slices():
            counts = await self.store.count(slice_, list(trails))
            for device, trail in trails.items():
                sent = trail.sent if moment is None else moment.count(device)
                trail.go_on(slice_, sent, counts.get(device, 0))
        return {device: trail.spans for device, trail in trails.items()}

    def _slices(self) -> Iterator[tuple[Span, SentBy | None]]:
        """Yield the slices of the span, each with the moment of its end; the last has none."""
        begin = self.span.begin
        for moment in self.moments:
            if begin < moment.at < self.span.end:
                yield Span(begin, moment.at), moment
                begin = moment.at
        yield Span(begin, self.span.end), None
