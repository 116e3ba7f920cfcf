"""The service itself: its health, its documents, its reports."""

from typing import Any

from iotmock.client.answers.service import Health, Probe, ReportList
from iotmock.client.synchronous.asking import Asking


class Service(Asking):
    """What is asked without knowing any device."""

    def get_health(self) -> Health:
        """Return whether all is well, and what to do where it is not."""
        return self.ask("GET", "health", Health)

    def get_livez(self) -> Probe:
        """Return that it lives."""
        return self.ask("GET", "livez", Probe)

    def get_readyz(self) -> Probe:
        """Return that it is ready."""
        return self.ask("GET", "readyz", Probe)

    def get_document(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        return self.ask("GET", "openapi.json", dict[str, Any])

    def get_asyncapi(self) -> dict[str, Any]:
        """Return the API document."""
        return self.ask("GET", "asyncapi.json", dict[str, Any])

    def get_metrics(self) -> str:
        """Return the metrics in Prometheus' text format."""
        return (self.answered("GET", "metrics")).content.decode()

    def list_reports(self) -> ReportList:
        """Return the reports of soak tests that the service shows."""
        return self.ask("GET", "api/v1/reports", ReportList)
