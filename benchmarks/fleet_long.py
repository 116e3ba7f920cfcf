"""A soak: a fleet with faults whose memory must not grow, nor its ledger once it is trimmed."""

import time
from collections.abc import Iterator
from typing import Any

from attrs import frozen

from benchmarks.fleet_row import Scale, aimed
from benchmarks.fleet_service import FleetService, even_fleet, fleet_service
from benchmarks.table import Row
from tests.mosquitto import Mosquitto

_WARM_UP_S = 300.0
_WARM_UP_SHARE = 0.25
_SAMPLES = 60
_MOST = 0.02
_LEDGER_S = 150.0
"""Of which the ledger keeps, so that it is trimmed before the warm-up of a whole hour is over."""


@frozen
class Weight:
    """What a service holds at a moment: memory, and its ledger with the log of that."""

    kb: float
    ledger_kb: float


def rows(broker: Mosquitto, scale: Scale) -> Iterator[Row]:
    """Weigh the service again and again."""
    settings = {
        "SIMULATION_INTERVAL": 1,
        "FAULT_PROFILE": "realistic",
        "FAULT_LEDGER_DAYS": _LEDGER_S / 86_400,
    }
    with fleet_service(broker, FLEET=even_fleet(scale.soak_devices), **settings) as service:
        service.wait_ready()
        time.sleep(min(_WARM_UP_S, _WARM_UP_SHARE * scale.soak_s))
        weights = list(_weights(service, scale.soak_s))
        after = service.sample()
        status = service.status()
    yield _memory(scale, weights, after.ticks, status)
    yield _ledger(scale, weights)


def _memory(scale: Scale, weights: list[Weight], ticks: float, status: Any) -> Row:
    first, last = weights[0].kb, weights[-1].kb
    growth = max(weight.kb for weight in weights) / first - 1.0
    late, lost = status["ticks"]["coalesced"], status["messages"]["dropped"]
    return aimed(
        _name(scale, "faults"),
        f"{first / 1e3:.1f} to {last / 1e3:.1f} MB, at most {growth:+.1%}; "
        f"{ticks:,.0f} ticks, {late} coalesced, {lost} dropped",
        f"within {_MOST:.0%}",
        growth <= _MOST,
        "itself after the warm-up",
        last / first,
    )


def _ledger(scale: Scale, weights: list[Weight]) -> Row:
    first, last = weights[0].ledger_kb, weights[-1].ledger_kb
    most = max(weight.ledger_kb for weight in weights)
    return aimed(
        _name(scale, f"a ledger of {_LEDGER_S:g} s"),
        f"{first / 1e3:.1f} to {last / 1e3:.1f} MB, at most {most / 1e3:.1f}",
        "-",
        None,
        "itself after the warm-up",
        last / first,
    )


def _name(scale: Scale, what: str) -> str:
    return f"soak: {scale.soak_devices:,} devices, 1 s, {what}, {scale.soak_s / 60:.0f} min"


def _weights(service: FleetService, seconds: float) -> Iterator[Weight]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield Weight(service.kb(), service.ledger_kb())
        time.sleep(seconds / _SAMPLES)
