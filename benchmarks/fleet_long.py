"""A soak: a fleet with faults whose memory must not grow."""

import time
from collections.abc import Iterator

from benchmarks.fleet_row import Scale, aimed
from benchmarks.fleet_service import FleetService, even_fleet, fleet_service
from benchmarks.table import Row
from tests.mosquitto import Mosquitto

_WARM_UP_S = 300.0
_WARM_UP_SHARE = 0.25
_SAMPLES = 60
_MOST = 0.02


def rows(broker: Mosquitto, scale: Scale) -> Iterator[Row]:
    """Weigh the service again and again."""
    settings = {"SIMULATION_INTERVAL": 1, "FAULT_PROFILE": "realistic"}
    with fleet_service(broker, FLEET=even_fleet(scale.soak_devices), **settings) as service:
        service.wait_ready()
        time.sleep(min(_WARM_UP_S, _WARM_UP_SHARE * scale.soak_s))
        weights = list(_weights(service, scale.soak_s))
        after = service.sample()
        status = service.status()
    first, most, last = weights[0], max(weights), weights[-1]
    growth = max(most, last) / first - 1.0
    ticks, messages = status["ticks"], status["messages"]
    dropped = f"{ticks['coalesced']} coalesced, {messages['dropped']} dropped"
    yield aimed(
        f"soak: {scale.soak_devices:,} devices, 1 s, faults, {scale.soak_s / 60:.0f} min",
        f"{first / 1e3:.1f} to {last / 1e3:.1f} MB, at most {growth:+.1%}; "
        f"{after.ticks:,.0f} ticks, {dropped}",
        f"within {_MOST:.0%}",
        growth <= _MOST,
        "itself after the warm-up",
        last / first,
    )


def _weights(service: FleetService, seconds: float) -> Iterator[float]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield service.kb()
        time.sleep(seconds / _SAMPLES)
