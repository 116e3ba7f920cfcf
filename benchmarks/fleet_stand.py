"""A whole fleet that stands: punctuality, CPU, memory, start and stop, and REST meanwhile."""

import time
from collections.abc import Iterator
from statistics import quantiles
from threading import Event, Thread
from urllib.request import urlopen

from attrs import define, field, frozen

from benchmarks.bare import Bare, bare
from benchmarks.fleet_row import Scale, aimed
from benchmarks.fleet_service import FleetService, even_fleet, fleet_service, has_setting
from benchmarks.processes import cpu_seconds
from benchmarks.senders import mosquitto_pub
from benchmarks.table import Row
from benchmarks.witness import witnessing
from tests.mosquitto import Mosquitto

_INTERVAL_S = 5.0
_SETTLED_S = 3.0
_ASK_EACH_S = 0.02
_REFERENCE_MESSAGES = 50_000


@frozen
class Window:
    """Some seconds of a fleet that stands."""

    rate: float
    core: float
    cpu_us: float
    p99_s: float
    broker_us: float


@define(eq=False)
class Asker:
    """Asks for /health again and again during the block, in a thread."""

    url: str
    took_s: list[float] = field(factory=list)
    _end: Event = field(factory=Event)
    _thread: Thread = field(init=False)

    def __enter__(self) -> "Asker":
        self._thread = Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._end.wait(_ASK_EACH_S):
            began = time.perf_counter()
            with urlopen(f"{self.url}/health", timeout=60) as answer:
                answer.read()
            self.took_s.append(time.perf_counter() - began)

    @property
    def p99_ms(self) -> float:
        """The 99th percentile."""
        return quantiles(self.took_s, n=100)[98] * 1e3 if len(self.took_s) > 1 else 0.0


def rows(broker: Mosquitto, scale: Scale) -> Iterator[Row]:
    """Measure at QoS 0, where the service can, and at QoS 1."""
    reference, base_kb, idle_ms = bare(scale.devices), *_of_small_service(broker)
    for qos in (0, 1) if has_setting("MQTT_QOS") else (1,):
        yield from _at(broker, scale, qos, reference, (base_kb, idle_ms))


def _of_small_service(broker: Mosquitto) -> tuple[float, float]:
    with fleet_service(broker, FLEET=even_fleet(5)) as service:
        service.wait_ready()
        with Asker(service.url) as asker:
            time.sleep(_SETTLED_S)
        return service.kb(), asker.p99_ms


def _at(
    broker: Mosquitto, scale: Scale, qos: int, reference: Bare, small: tuple[float, float]
) -> Iterator[Row]:
    base_kb, idle_ms = small
    settings = {"FLEET": even_fleet(scale.devices), "SIMULATION_INTERVAL": _INTERVAL_S}
    with witnessing(broker) as witness, fleet_service(broker, MQTT_QOS=qos, **settings) as service:
        with Asker(service.url) as asker:
            started_s = service.wait_ready()
        time.sleep(_SETTLED_S)
        windows = [_window(broker, service, scale.seconds) for _ in range(scale.repeats)]
        kb, total_kb = (service.kb() - base_kb) / scale.devices, service.kb()
        service.halt()
        due, came = round(service.sample().ticks), witness.finish()
        stopped_s = service.end()
    best = min(windows, key=lambda window: window.cpu_us)
    pub = mosquitto_pub(broker, qos, _REFERENCE_MESSAGES)
    name = f"{scale.devices:,} devices, {_INTERVAL_S:g} s, QoS {qos}, shared"
    p99_ms = min(window.p99_s for window in windows) * 1e3
    yield aimed(
        f"{name}: arrived", f"{came:,} of {due:,}", "all", came == due, "mosquitto_sub", came / due
    )
    yield aimed(f"{name}: p99 lateness", f"{p99_ms:.0f} ms", "< 250 ms", p99_ms < 250, "-", "-")
    yield aimed(
        f"{name}: CPU",
        f"{best.core:.0%} of a core, {best.cpu_us:.1f} µs/msg at {best.rate:,.0f} msg/s",
        "≤ 70 %",
        best.core <= 0.7,
        f"mosquitto_pub {pub.cpu_us:.1f} µs/msg",
        best.cpu_us / pub.cpu_us,
    )
    yield aimed(
        f"{name}: CPU",
        f"{best.cpu_us:.1f} µs/msg (mosquitto: {best.broker_us:.1f})",
        "-",
        None,
        f"a message to a bare Trio task {reference.tick_us:.1f} µs",
        best.cpu_us / reference.tick_us,
    )
    yield aimed(
        f"memory per device, QoS {qos}",
        f"{kb:.2f} KB; all {total_kb / 1e3:.0f} MB, of which {base_kb / 1e3:.0f} without a fleet",
        "≤ 7 KB; 750 MB",
        kb <= 7.0 and total_kb <= 750e3,
        f"a bare Trio task with its channel {reference.kb:.2f} KB",
        kb / reference.kb,
    )
    yield aimed(
        f"starting {scale.devices:,} devices, QoS {qos}, ticks from the first",
        f"{started_s:.1f} s",
        "≤ 10 s",
        started_s <= 10.0,
        f"as many bare tasks {reference.start_s:.2f} s",
        started_s / reference.start_s,
    )
    yield aimed(
        f"stopping {scale.devices:,} devices, QoS {qos}",
        f"{stopped_s:.1f} s",
        "≤ 5 s",
        stopped_s <= 5.0,
        f"as many bare tasks {reference.stop_s:.2f} s",
        stopped_s / reference.stop_s,
    )
    yield aimed(
        f"GET /health p99 while they come, QoS {qos}",
        f"{asker.p99_ms:.0f} ms ({len(asker.took_s)} requests)",
        "< 100 ms",
        asker.p99_ms < 100,
        f"the same with 5 devices {idle_ms:.0f} ms",
        asker.p99_ms / idle_ms,
    )


def _window(broker: Mosquitto, service: FleetService, seconds: float) -> Window:
    assert broker.process is not None, "it runs"
    broker_s, before = cpu_seconds(broker.process.pid), service.sample()
    time.sleep(seconds)
    after = service.sample()
    broker_s = cpu_seconds(broker.process.pid) - broker_s
    took_s, messages = after.at - before.at, after.ticks - before.ticks
    cpu_s = after.cpu_s - before.cpu_s
    return Window(
        messages / took_s,
        cpu_s / took_s,
        cpu_s / messages * 1e6,
        after.lateness_since(before, 0.99),
        broker_s / messages * 1e6,
    )
