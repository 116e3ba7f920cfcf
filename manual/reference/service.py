"""What a service says of itself, as any client hears it."""

from functools import cache
from typing import Any

import httpx
from attrs import frozen

import iotmock

_TYPES = "/api/v1/device-types"
_FAULTS = "/api/v1/fault-types"
_OPENMETRICS = {"Accept": "application/openmetrics-text"}

Json = dict[str, Any]


@frozen
class Told:
    """Its documents and lists, decoded; `metrics` is the text that Prometheus gets."""

    openapi: Json
    asyncapi: Json
    device_types: list[Json]
    fault_types: list[Json]
    metrics: str


@cache
def told() -> Told:
    """Run a service on ports that are free, ask it, and let it go."""
    with iotmock.run() as service, httpx.Client(base_url=service.url) as client:

        def get(path: str) -> Any:
            return client.get(path).raise_for_status().json()

        return Told(
            get("/openapi.json"),
            get("/asyncapi.json"),
            get(_TYPES)["device_types"],
            get(_FAULTS)["fault_types"],
            client.get("/metrics", headers=_OPENMETRICS).text,
        )
