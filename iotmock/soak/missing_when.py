"""When what is missing was due: what is stored beside what was sent, slice by slice of a run."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise

from attrs import define, field

from iotmock.soak.sent import Moment
from iotmock.soak.stored import Difference, Span, Store


@define(eq=False)
class Search:
    """Looks for the missing of a few devices; asks the store once for each slice of the run."""

    store: Store
    span: Span
    moments: Iterable[Moment]
    sought: Collection[Difference]
    _behind: dict[str, int] = field(factory=dict)
    _stored: dict[str, int] = field(factory=dict)

    async def run(self) -> Mapping[str, list[Span]]:
        """Return by device the slices that lack some, neighbours joined.

        Raises:
            StoreError: the store can not be asked any more.
        """
        found: dict[str, list[Span]] = {}
        names = [one.device for one in self.sought]
        for slice_, moment in self._slices():
            counts = await self.store.count(slice_, names)
            for one in self.sought:
                if self._falls_back(one, counts.get(one.device, 0), moment):
                    _join(found.setdefault(one.device, []), slice_)
        return found

    def _slices(self) -> Iterator[tuple[Span, Moment | None]]:
        """Yield the slices of the span, each with the moment of its end; the last has none."""
        inner = [one for one in self.moments if self.span.begin < one.at < self.span.end]
        ends: list[Moment | None] = [*inner, None]
        times = [self.span.begin, *(one.at for one in inner), self.span.end]
        for (begin, end), moment in zip(pairwise(times), ends, strict=True):
            yield Span(begin, end), moment

    def _falls_back(self, one: Difference, stored: int, moment: Moment | None) -> bool:
        # A message that is numbered a little after the moment is in the store's slice before it;
        # so the store may be ahead for a slice, and only what it was never behind before is new.
        total = self._stored[one.device] = self._stored.get(one.device, 0) + stored
        sent = one.sent if moment is None else moment.count(one.device)
        behind, before = sent - total, self._behind.get(one.device, 0)
        self._behind[one.device] = max(behind, before)
        return behind > before


def _join(spans: list[Span], newest: Span) -> None:
    if spans and spans[-1].end == newest.begin:
        newest = Span(spans.pop().begin, newest.end)
    spans.append(newest)
