"""A fleet in one service, and in two with half of it each: what a second process carries.

CPU time and not the rate decides, as that holds on a busy machine too. The broker is beside them:
of two cores a service takes one at most, and two services what the broker leaves.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from attrs import frozen

from benchmarks.fleet_row import Scale, aimed
from benchmarks.fleet_service import FleetService, even_fleet, fleet_service
from benchmarks.processes import cpu_seconds
from benchmarks.table import Row
from tests.mosquitto import Mosquitto

_CORES = 2
_SETTLED_S = 1.0
_SETTINGS = {"SIMULATION_SPEED": 0, "SIMULATION_INTERVAL": 5, "MQTT_WINDOW": 2_000}
_LEAST_GAIN = 1.7


@frozen
class Flow:
    """Messages a second of all services; CPU time of theirs and of the broker's, in µs a message.

    `services` is how many share the work, each in one process.
    """

    rate: float
    cpu_us: float
    broker_us: float
    services: int

    @property
    def carried(self) -> float:
        """How many messages a second two cores carry, with nothing else on them."""
        alone = self.services * 1e6 / self.cpu_us
        return min(alone, _CORES * 1e6 / (self.cpu_us + self.broker_us))


def rows(broker: Mosquitto, scale: Scale) -> Iterator[Row]:
    """Measure both kinds of QoS."""
    for qos in (0, 1):
        one, two = _flows(broker, scale, qos)
        gain = two.carried / one.carried
        yield aimed(
            f"{scale.busy:,} devices flat out, QoS {qos}: two services with half of them each",
            f"{two.cpu_us:.1f} µs/msg after {one.cpu_us:.1f}, mosquitto {two.broker_us:.1f}; "
            f"{two.rate:,.0f} msg/s after {one.rate:,.0f}; two cores carry {two.carried:,.0f}",
            f"≥ {_LEAST_GAIN} x",
            gain >= _LEAST_GAIN,
            f"one service: {one.carried:,.0f}",
            gain,
        )


def _flows(broker: Mosquitto, scale: Scale, qos: int) -> tuple[Flow, Flow]:
    settings = _SETTINGS | {"MQTT_QOS": qos}
    with ExitStack() as stack:
        whole = stack.enter_context(fleet_service(broker, FLEET=even_fleet(scale.busy), **settings))
        half = settings | {"FLEET": even_fleet(scale.busy // 2)}
        halves = [stack.enter_context(fleet_service(broker, **half)) for _ in range(2)]
        for service in (whole, *halves):
            service.wait_ready()
            service.halt()
        rounds = [
            (_flow(broker, [whole], scale), _flow(broker, halves, scale))
            for _ in range(scale.repeats)
        ]
    one, two = zip(*rounds, strict=True)
    return min(one, key=_cost), min(two, key=_cost)


def _cost(flow: Flow) -> float:
    return flow.cpu_us + flow.broker_us


def _flow(broker: Mosquitto, services: Sequence[FleetService], scale: Scale) -> Flow:
    assert broker.process is not None, "it runs"
    for service in services:
        service.post("/api/v1/simulation/start", None)
    time.sleep(_SETTLED_S)
    before, broker_s = [each.sample() for each in services], cpu_seconds(broker.process.pid)
    time.sleep(scale.seconds)
    after = [each.sample() for each in services]
    broker_s = cpu_seconds(broker.process.pid) - broker_s
    for service in services:
        service.halt()
    pairs = list(zip(before, after, strict=True))
    messages = sum(last.ticks - first.ticks for first, last in pairs)
    cpu_s = sum(last.cpu_s - first.cpu_s for first, last in pairs)
    rate = sum((last.ticks - first.ticks) / (last.at - first.at) for first, last in pairs)
    return Flow(rate, cpu_s / messages * 1e6, broker_s / messages * 1e6, len(services))
