"""The service itself: its health, its documents, its reports."""

from typing import Any

from iotmock.client.answers.service import Health, Probe, ReportList
from iotmock.client.asynchronous.asking import AsyncAsking


class AsyncService(AsyncAsking):
    """What is asked without knowing any device."""

    async def get_health(self) -> Health:
        """Return whether all is well, and what to do where it is not."""
        return await self.ask("GET", "health", Health)

    async def get_livez(self) -> Probe:
        """Return that it lives."""
        return await self.ask("GET", "livez", Probe)

    async def get_readyz(self) -> Probe:
        """Return that it is ready."""
        return await self.ask("GET", "readyz", Probe)

    async def get_document(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        return await self.ask("GET", "openapi.json", dict[str, Any])

    async def get_asyncapi(self) -> dict[str, Any]:
        """Return the AsyncAPI document."""
        return await self.ask("GET", "asyncapi.json", dict[str, Any])

    async def get_metrics(self) -> str:
        """Return the metrics in Prometheus' text format."""
        return (await self.answered("GET", "metrics")).content.decode()

    async def list_reports(self) -> ReportList:
        """Return the reports of soak tests that the service shows."""
        return await self.ask("GET", "api/v1/reports", ReportList)
