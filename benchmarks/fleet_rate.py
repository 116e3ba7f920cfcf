"""A fleet that sends as fast as it can (SIMULATION_SPEED=0): rate and growth."""

import time
from collections.abc import Iterator

from attrs import frozen

from benchmarks.bare import bare
from benchmarks.fleet_row import Scale, aimed
from benchmarks.fleet_service import FleetService, even_fleet, fleet_service, has_setting
from benchmarks.senders import mosquitto_pub
from benchmarks.table import Row
from benchmarks.witness import witnessing
from tests.mosquitto import Mosquitto

_SETTLED_S = 2.0
_REFERENCE_MESSAGES = {0: 200_000, 1: 50_000}
_LEAST = {0: 30_000, 1: 15_000}
_SETTINGS = {"SIMULATION_SPEED": 0, "SIMULATION_INTERVAL": 5, "MQTT_WINDOW": 2_000}
_CPU_US = 30.0
_SHARE = 0.6
_MOST_GROWTH = 1.3


@frozen
class Flow:
    """Messages a second, and CPU time per message."""

    rate: float
    cpu_us: float


def rows(broker: Mosquitto, scale: Scale) -> Iterator[Row]:
    """Measure every QoS that the service can do."""
    for qos in (0, 1) if has_setting("MQTT_QOS") else (1,):
        yield from _flat_out(broker, scale, qos)
    yield from _growth(broker, scale)


def _flat_out(broker: Mosquitto, scale: Scale, qos: int) -> Iterator[Row]:
    settings = _SETTINGS | {"FLEET": even_fleet(scale.busy), "MQTT_QOS": qos}
    with witnessing(broker) as witness, fleet_service(broker, **settings) as service:
        service.wait_ready()
        time.sleep(_SETTLED_S)
        best = _best(service, scale)
        service.halt()
        due, came = round(service.sample().ticks), witness.finish()
    pub = mosquitto_pub(broker, qos, _REFERENCE_MESSAGES[qos])
    name = f"flat out, {scale.busy:,} devices, QoS {qos}, shared"
    yield aimed(
        f"{name}: rate",
        f"{best.rate:,.0f} msg/s",
        f"≥ {_LEAST[qos]:,}" + (f"; ≥ {_SHARE} x" if qos == 0 else ""),
        best.rate >= _LEAST[qos] and (qos == 1 or best.rate >= _SHARE * pub.rate),
        f"mosquitto_pub -l {pub.rate:,.0f} msg/s",
        best.rate / pub.rate,
    )
    yield aimed(
        f"{name}: CPU",
        f"{best.cpu_us:.1f} µs/msg",
        f"≤ {_CPU_US:g} µs",
        best.cpu_us <= _CPU_US,
        f"mosquitto_pub -l {pub.cpu_us:.1f} µs/msg",
        best.cpu_us / pub.cpu_us,
    )
    yield aimed(
        f"{name}: arrived", f"{came:,} of {due:,}", "all", came == due, "mosquitto_sub", came / due
    )


def _growth(broker: Mosquitto, scale: Scale) -> Iterator[Row]:
    first: tuple[float, float] | None = None
    for devices in (scale.devices // 100, scale.devices // 10, scale.devices):
        with fleet_service(broker, FLEET=even_fleet(devices), **_SETTINGS) as service:
            service.wait_ready()
            time.sleep(_SETTLED_S)
            cpu_us, tick_us = _best(service, scale).cpu_us, bare(devices).tick_us
        first = first or (cpu_us, tick_us)
        growth = cpu_us / first[0]
        yield aimed(
            f"growth: {devices:,} devices, flat out, QoS 1",
            f"{cpu_us:.1f} µs/msg, {growth:.2f} x the first",
            f"≤ {_MOST_GROWTH} x",
            growth <= _MOST_GROWTH,
            f"a message to a bare Trio task {tick_us:.1f} µs, {tick_us / first[1]:.2f} x",
            cpu_us / tick_us,
        )


def _best(service: FleetService, scale: Scale) -> Flow:
    flows = [_flow(service, scale.seconds) for _ in range(scale.repeats)]
    return max(flows, key=lambda flow: flow.rate)


def _flow(service: FleetService, seconds: float) -> Flow:
    before = service.sample()
    time.sleep(seconds)
    after = service.sample()
    messages = after.ticks - before.ticks
    cpu_s = after.cpu_s - before.cpu_s
    return Flow(messages / (after.at - before.at), cpu_s / messages * 1e6)
