"""The route for Prometheus."""

from collections.abc import Iterator

from attrs import frozen
from quart import request

from iotmock.metrics.metrics import Metrics
from iotmock.rest.operation import Answer, Operation


@frozen
class MetricsRoutes:
    """What a scraper gets."""

    metrics: Metrics

    def operations(self) -> Iterator[Operation]:
        """Yield the rows of the table."""
        yield Operation("GET", "/metrics", self.get_metrics, str, media_type="text/plain")

    async def get_metrics(self) -> Answer:
        """Get the metrics for Prometheus, or as OpenMetrics where Accept asks for it."""
        exposition = await self.metrics.expose(request.headers.get("Accept", ""))
        return Answer(exposition.body, media_type=exposition.media_type)
