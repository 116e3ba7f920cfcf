"""What a service says of itself, as any client hears it."""

import logging
from functools import cache
from typing import Any

import httpx
import structlog
import trio
from attrs import frozen

from iotmock.service.run import run_service
from iotmock.settings.reading import read_settings

_TYPES = "/api/v1/device-types"
_FAULTS = "/api/v1/fault-types"
_ALONE = {
    "HOST": "127.0.0.1",
    "PORT": "0",
    "MQTT_BROKER_PORT": "1",
    "MQTT_EMBEDDED_BROKER": "off",
    "STATE_FILE": ":memory:",
    "DEFAULT_DEVICES": "off",
}
"""It takes a port that is free; no broker listens at that one."""
_LONG_S = 60.0
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
    """Run a service without a broker, ask it, and let it go."""
    # That there is no broker, it would say.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    return trio.run(_ask)


async def _ask() -> Told:
    async with (
        run_service(read_settings(_ALONE, file=None)) as service,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{service.port}", timeout=_LONG_S) as client,
    ):

        async def get(path: str) -> Any:
            return (await client.get(path)).raise_for_status().json()

        return Told(
            await get("/openapi.json"),
            await get("/asyncapi.json"),
            (await get(_TYPES))["device_types"],
            (await get(_FAULTS))["fault_types"],
            (await client.get("/metrics", headers=_OPENMETRICS)).text,
        )
