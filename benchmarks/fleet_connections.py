"""A connection for each device: how fast they come, what they weigh, what they carry."""

import os
import socket
import time
from collections.abc import Iterator
from math import inf
from pathlib import Path
from threading import Event, Thread

from attrs import define, field

from benchmarks.fleet_row import Scale, aimed
from benchmarks.fleet_service import even_fleet, fleet_service, has_setting
from benchmarks.table import Row
from benchmarks.witness import witnessing
from tests.mosquitto import Mosquitto

_INTERVAL_S = 10.0
_SPEED = 20.0
"""So that messages come every half second once all are connected, and few before."""
_POLL_S = 0.01
_SETTLED_S = 3.0
_REFERENCE = 2_000
_CONNECT_RATE = 2_500
_AIMS = 1_500.0, 20.0, 10_000.0


def rows(broker: Mosquitto, scale: Scale) -> Iterator[Row]:
    """Measure, once the service can do it."""
    if not has_setting("MQTT_CONNECTIONS"):
        return
    bare = _bare_connects(broker)
    settings = {
        "FLEET": even_fleet(scale.connections),
        "SIMULATION_INTERVAL": _INTERVAL_S,
        "MQTT_CONNECTIONS": "per-device",
        "MQTT_CONNECT_RATE": _CONNECT_RATE,
        "MQTT_QOS": 0,
    }
    with fleet_service(broker, FLEET=even_fleet(5)) as small:
        small.wait_ready()
        base_kb = small.kb()
    assert broker.process is not None, "it runs"
    files = Path(f"/proc/{broker.process.pid}/fd")
    with (
        witnessing(broker) as witness,
        Arrivals(files) as arrivals,
        fleet_service(broker, **settings) as service,
    ):
        service.wait_connected(scale.connections)
        connects = arrivals.rate(scale.connections)
        service.post("/api/v1/simulation/speed", {"speed": _SPEED})
        time.sleep(_SETTLED_S)
        kb = (service.kb() - base_kb) / scale.connections
        before, began = witness.so_far, time.monotonic()
        cpu_before = service.sample()
        time.sleep(scale.seconds)
        rate = (witness.so_far - before) / (time.monotonic() - began)
        after = service.sample()
    cpu_us = (after.cpu_s - cpu_before.cpu_s) / (after.ticks - cpu_before.ticks) * 1e6
    name = f"per-device: {scale.connections:,} connections"
    least, most_kb, least_rate = _AIMS
    yield aimed(
        f"{name}: connecting",
        f"{connects:,.0f}/s",
        f"≥ {least:,.0f}/s",
        connects >= least,
        f"bare TCP connects from one thread {bare:,.0f}/s",
        connects / bare,
    )
    yield aimed(f"{name}: memory", f"{kb:.1f} KB each, device included", f"≤ {most_kb:g} KB",
                kb <= most_kb, "-", "-")  # fmt: skip
    yield aimed(
        f"{name}: rate, QoS 0, {_INTERVAL_S / _SPEED:g} s",
        f"{rate:,.0f} msg/s, {cpu_us:.0f} µs/msg",
        f"≥ {least_rate:,.0f} msg/s",
        rate >= least_rate,
        f"due {scale.connections * _SPEED / _INTERVAL_S:,.0f} msg/s",
        rate * _INTERVAL_S / _SPEED / scale.connections,
    )


def _bare_connects(broker: Mosquitto) -> float:
    began, where = time.perf_counter(), (broker.host, broker.port)
    sockets = [socket.create_connection(where) for _ in range(_REFERENCE)]
    took_s = time.perf_counter() - began
    for each in sockets:
        each.close()
    return _REFERENCE / took_s


@define(eq=False)
class Arrivals:
    """Counts the broker's open files during the block, in a thread: as its kernel sees them."""

    folder: Path
    seen: list[tuple[float, int]] = field(factory=list)
    _end: Event = field(factory=Event)
    _thread: Thread = field(init=False)

    def __enter__(self) -> "Arrivals":
        self._thread = Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._end.wait(_POLL_S):
            self.seen.append((time.monotonic(), len(os.listdir(self.folder))))

    def rate(self, wanted: int) -> float:
        """Return connects per second over the middle four fifths of `wanted`."""
        first = self.seen[0][1]
        marks = [self._reached(first + share * wanted) for share in (0.1, 0.9)]
        return 0.8 * wanted / max(_POLL_S, marks[1] - marks[0])

    def _reached(self, count: float) -> float:
        return next((at for at, files in self.seen if files >= count), inf)
