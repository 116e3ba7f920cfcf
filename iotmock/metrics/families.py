"""The metric families, each from the part of the system that counts it."""

from collections.abc import Iterable, Iterator, Mapping
from math import isinf

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.links.links import LinkStatistics
from iotmock.actors.outbox.carrier import PublisherStatistics
from iotmock.actors.records.ledger import Ledger
from iotmock.actors.stream.hub import Hub
from iotmock.actors.system import System
from iotmock.actors.time.pacer import Pacer
from iotmock.metrics.census import Census
from iotmock.metrics.http import HttpCounts
from iotmock.metrics.wire import WireMeters

_DIGITS = 4
_PUBACK_BOUNDS_S = tuple(1e-3 * 2.0**step for step in range(17))
"""From 1 ms to 65.5 s."""


def of_devices(census: Census, supervisor: Supervisor) -> Iterator[Metric]:
    """How many devices there are, and how often they failed."""
    devices = GaugeMetricFamily(
        "iotmock_devices", "Devices by type and status.", labels=("device_type", "status")
    )
    for labels, count in sorted(census.items()):
        devices.add_metric(labels, count)
    yield devices
    yield _counter(
        "device_restarts", "Devices restarted after a crash.", supervisor.children.strategy.restarts
    )


def of_ticks(pacer: Pacer) -> Iterator[Metric]:
    """What was due, what was done, and how late."""
    counts = pacer.counts
    yield _counter("ticks_due", "Ticks that were due.", counts.due)
    yield _counter("ticks_done", "Ticks that were handed to devices.", counts.done)
    yield _counter("ticks_coalesced", "Ticks joined with a later one.", counts.coalesced)
    lateness = counts.lateness
    yield _histogram(
        "tick_lateness_seconds",
        "From when a tick was due to when it was handed out.",
        lateness.cumulated(),
        lateness.sum_s,
    )
    yield _gauge("overloaded", "1: the machine is too small for the fleet.", counts.overloaded)
    yield _gauge("simulation_running", "1: time goes on; 0: stopped.", pacer.running)
    yield _gauge("simulation_speed", "Simulated s per s; 0: flat out.", pacer.clock.speed)
    yield _gauge("simulation_time_seconds", "Simulated Unix time.", pacer.clock.now())


def of_messages(counts: PublisherStatistics) -> Iterator[Metric]:
    """Messages to the broker; accepted is the sum of all others."""
    of = "Messages to the broker"
    yield _counter("messages_accepted", f"{of} that the publisher has accepted.", counts.accepted)
    yield _counter("messages_acknowledged", f"{of} that it has taken.", counts.acknowledged)
    yield _counter("messages_refused", f"{of} that it has refused.", counts.refused)
    yield _counter("messages_dropped", f"{of}: data dropped from a full backlog.", counts.dropped)
    yield _counter(
        "messages_superseded", f"{of}: statuses replaced by newer ones.", counts.superseded
    )
    yield _gauge("messages_backlog", "Messages not handed to a connection yet.", counts.backlog)
    in_flight = counts.waiting - counts.backlog
    yield _gauge("messages_in_flight", "Messages the broker has yet to answer for.", in_flight)


def of_links(links: LinkStatistics) -> Iterator[Metric]:
    """The connections to the broker."""
    yield _gauge("mqtt_connected", "1: connected to the broker.", links.state == "connected")
    yield _gauge("mqtt_connections", "Connections that should be open.", links.connections)
    yield _gauge("mqtt_connections_open", "Connections that are open.", links.connected)
    yield _counter("mqtt_connects", "Connections made.", links.connects)
    yield _counter("mqtt_connect_failures", "Connections refused.", links.connect_failures)
    reconnects = max(0, links.connects - links.connections)
    yield _counter("mqtt_reconnects", "Connections made after one was lost.", reconnects)
    yield _gauge("mqtt_qos", "QoS of data messages, as they go out.", links.terms.qos)
    refusals = CounterMetricFamily(
        "iotmock_mqtt_refusals", "Messages that the broker refused.", labels=("reason",)
    )
    yield _labelled(refusals, links.terms.refusals)


def of_wire(wire: WireMeters | None) -> Iterator[Metric]:
    """Bytes, and the time to PUBACK."""
    if wire is None:
        return
    yield _counter("mqtt_written_bytes", "Bytes of MQTT sent.", wire.traffic.written)
    yield _counter("mqtt_read_bytes", "Bytes of MQTT received.", wire.traffic.read)
    yield _counter("mqtt_skipped", "Messages that came and were too large.", wire.traffic.skipped)
    if wire.acknowledged is not None:
        yield _histogram(
            "mqtt_puback_latency_seconds",
            "From when a data message was due to its PUBACK.",
            wire.acknowledged.cumulated(_PUBACK_BOUNDS_S),
            wire.acknowledged.sum_s,
        )


def of_http(http: HttpCounts | None) -> Iterator[Metric]:
    """Who asks over HTTP."""
    if http is None:
        return
    yield _counter("http_connections", "Connections accepted.", http.accepted)
    yield _gauge("http_connections_open", "Connections that are open.", http.open)
    yield _counter("http_connections_failed", "Those that an error ended.", http.failed)
    yield _counter("http_connections_idle", "Those closed for want of requests.", http.idle)
    yield _counter("http_requests", "Requests.", http.requests)
    yield _gauge("http_requests_in_work", "Requests not answered yet.", http.in_work)
    yield _counter("http_requests_refused", "Answered 503: too much at a time.", http.refused)
    yield _gauge("http_unread_bytes", "Bodies that came and are not answered.", http.unread)
    yield _gauge("http_untaken_bytes", "Large answers that are on their way.", http.untaken)


def of_stream(hub: Hub) -> Iterator[Metric]:
    """Who listens to the stream, and what they missed."""
    of = hub.audience
    yield _gauge("stream_listeners", "Who listens to the stream now.", len(of.listeners))
    yield _counter("stream_listens", "Listeners that there were.", of.came)
    yield _counter("stream_refused", "Listeners that were too many.", of.refused)
    missed = "Events that came faster than a listener took them."
    yield _counter("stream_dropped", missed, of.dropped)


def of_arrivals(system: System) -> Iterator[Metric]:
    """Commands over MQTT by what became of them, and events of the platform."""
    of = system.router.statistics
    outcomes = {
        "applied": of.applied,
        "rejected": of.rejected,
        "unknown_device": of.unknown_device,
        "ignored_offline": of.ignored_offline,
        "results_lost": of.results_lost,
    }
    yield _counter(
        "incoming_dropped",
        "Messages at QoS 0 (commands, events) that came faster than they were read.",
        system.links.statistics().incoming_dropped,
    )
    yield _counter("commands_received", "Messages at command topics.", of.received)
    yield _labelled(
        CounterMetricFamily("iotmock_commands", "What became of them.", labels=("outcome",)),
        outcomes,
    )
    events = system.mirror.statistics
    yield _counter("platform_events", "Events of the platform.", events.received)
    yield _counter("platform_events_invalid", "Those that were no use.", events.invalid)


def of_faults(ledger: Ledger) -> Iterator[Metric]:
    """Faults by kind: how many have begun since the start, and how many are active."""
    active = GaugeMetricFamily("iotmock_faults_active", "Active faults.", labels=("fault",))
    begun = CounterMetricFamily("iotmock_faults_begun", "Faults that began.", labels=("fault",))
    yield _labelled(active, ledger.counts.active)
    yield _labelled(begun, ledger.counts.begun)
    yield _counter("faults_unnoted", "Affected messages not on record.", ledger.unnoted)


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(f"iotmock_{name}", text, value=value)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"iotmock_{name}", text, value=value)


def _labelled(
    family: CounterMetricFamily | GaugeMetricFamily, values: Mapping[str, float]
) -> Metric:
    for label, value in sorted(values.items()):
        family.add_metric((label,), value)
    return family


def _histogram(
    name: str, text: str, cumulated: Iterable[tuple[float, int]], sum_s: float
) -> Metric:
    buckets = [(_bound(bound), count) for bound, count in cumulated]
    return HistogramMetricFamily(f"iotmock_{name}", text, buckets=buckets, sum_value=sum_s)


def _bound(bound: float) -> str:
    return "+Inf" if isinf(bound) else repr(float(f"{bound:.{_DIGITS}g}"))
