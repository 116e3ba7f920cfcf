"""One scrape: the fleet counted in slices, everything else read at one moment."""

from collections.abc import Callable, Iterator

from attrs import define, field, frozen
from prometheus_client import ProcessCollector
from prometheus_client.core import InfoMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from iotmock.actors.system import System
from iotmock.metrics import families
from iotmock.metrics.census import Census, take_census
from iotmock.metrics.http import HttpCounts
from iotmock.metrics.plain_numbers import plain_numbers
from iotmock.metrics.wire import WireMeters


@frozen
class Exposition:
    """The metrics in a text format of Prometheus."""

    body: bytes
    media_type: str


@define(eq=False)
class Metrics:
    """Keeps nothing: the actors count, and are asked when somebody scrapes."""

    system: System
    version: str
    wire: WireMeters | None = None
    http: HttpCounts | None = None
    _process: ProcessCollector = field(factory=lambda: ProcessCollector(registry=None))

    async def expose(self, accept: str) -> Exposition:
        """Return all metrics in the format that a scraper's Accept header asks for."""
        census = await take_census(self.system.supervisor)
        encode, media_type = _encoder(accept)
        body = plain_numbers(encode(_Families([*self._families(census)])))
        return Exposition(body, media_type)

    def _families(self, census: Census) -> Iterator[Metric]:
        system = self.system
        yield InfoMetricFamily("iotmock", "The service.", value={"version": self.version})
        yield from families.of_devices(census, system.supervisor)
        yield from families.of_ticks(system.pacer)
        yield from families.of_messages(system.publisher.statistics())
        yield from families.of_links(system.links.statistics())
        yield from families.of_wire(self.wire)
        yield from families.of_http(self.http)
        yield from families.of_stream(system.hub)
        yield from families.of_arrivals(system)
        yield from families.of_faults(system.ledger)
        yield from self._process.collect()


def _encoder(accept: str) -> tuple[Callable[[Collector], bytes], str]:
    try:
        return choose_encoder(accept)
    except (TypeError, ValueError):  # it compares versions that are no numbers
        return choose_encoder("")


@frozen
class _Families(Collector):
    families: list[Metric]

    def collect(self) -> list[Metric]:
        return self.families
