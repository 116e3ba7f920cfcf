"""Metrics of real actors, read back by Prometheus's own parsers."""

import re
from collections.abc import Iterable

import pytest
import trio
from prometheus_client import Metric
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from iotmock.actors.errors import TooManyListenersError
from iotmock.actors.routers.fault_router import known_faults
from iotmock.actors.stream.wanted import Wanted
from iotmock.metrics.metrics import Metrics
from iotmock.metrics.plain_numbers import plain_numbers
from iotmock.metrics.wire import WireMeters
from iotmock.model.faults.request import FaultRequest
from iotmock.mqtt.traffic import Traffic
from iotmock.verification.latency import Latency
from tests.actors.rig import running
from tests.rest.rig import assemble_service
from tests.simulated_time import simulated_time

pytestmark = simulated_time
OPENMETRICS = "application/openmetrics-text; version=1.0.0"
Values = dict[tuple[str, frozenset[tuple[str, str]]], float]


def values_of(families: Iterable[Metric]) -> Values:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


async def scraped(metrics: Metrics) -> Values:
    return values_of(text_string_to_metric_families((await metrics.expose("")).body.decode()))


def at(values: Values, name: str, **labels: str) -> float:
    return values[f"iotmock_{name}", frozenset(labels.items())]


async def test_counts_are_those_of_the_actors() -> None:
    service = assemble_service()
    rig, metrics = service.rig, Metrics(service.system, "1.2.3")
    async with running(rig):
        for number in range(3):
            await rig.supervisor.create("hvac", name="H", device_id=f"h{number}")
        await rig.supervisor.create("lighting", name="L", device_id="l")
        await rig.faults.inject("h0", FaultRequest("trip", duration=1_000.0))
        await trio.sleep(60)
        values, accepted = await scraped(metrics), rig.publisher.statistics().accepted
    assert at(values, "info", version="1.2.3") == 1
    assert at(values, "devices", device_type="hvac", status="online") == 2
    assert at(values, "devices", device_type="hvac", status="error") == 1
    assert at(values, "devices", device_type="lighting", status="online") == 1
    assert at(values, "ticks_due_total") == at(values, "ticks_done_total") == 4 * 12
    assert at(values, "tick_lateness_seconds_count") == 4 * 12
    assert at(values, "messages_accepted_total") == accepted > 4 * 12
    assert at(values, "messages_backlog") == accepted
    assert at(values, "mqtt_connected") == 0


async def test_listeners_are_counted_with_what_they_missed_also_when_they_have_left() -> None:
    service = assemble_service()
    hub, metrics = service.system.hub, Metrics(service.system, "1.2.3")
    hub.audience.most = 2
    async with running(service.rig):
        slow, other = hub.join(Wanted()), hub.join(Wanted())
        with pytest.raises(TooManyListenersError):
            hub.check_room()
        for _ in range(4):
            hub.summed_up(b"{}")
        assert other.take_dropped() == 3
        hub.leave(slow)
        values = await scraped(metrics)
    assert at(values, "stream_listeners") == 1
    assert at(values, "stream_listens_total") == 2
    assert at(values, "stream_refused_total") == 1
    assert at(values, "stream_dropped_total") == 6


async def test_a_fault_is_counted_as_active_and_as_begun() -> None:
    service = assemble_service()
    rig, metrics = service.rig, Metrics(service.system, "1.2.3")
    async with running(rig):
        await rig.supervisor.create("hvac", name="H", device_id="h")
        for start in (None, None, "2030-01-01T00:00:00Z"):
            await rig.faults.inject("h", FaultRequest("trip", start=start))
        before = await scraped(metrics)
        for fault in known_faults(rig.supervisor.get("h"))[:2]:
            await rig.faults.clear("h", fault.fault_id)
        after = await scraped(metrics)
        await rig.supervisor.delete("h")  # which ends the one that never began
        last = await scraped(metrics)
    counts = [(at(v, "faults_active", fault="trip"), at(v, "faults_begun_total", fault="trip"))
              for v in (before, after, last)]  # fmt: skip
    assert counts == [(2, 2), (0, 2), (0, 2)]


async def test_a_fault_that_a_restart_takes_over_has_not_begun_again() -> None:
    service = assemble_service()
    rig, metrics = service.rig, Metrics(service.system, "1.2.3")
    async with running(rig):
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        await rig.faults.inject("p", FaultRequest("trip"))
        rig.failing.append(RuntimeError("the test wants it"))
        await trio.sleep(rig.pacer.cohorts.next_due(device) - rig.clock.now() + 0.001)
        rig.failing.clear()
        await trio.sleep(5)
        values = await scraped(metrics)
    assert at(values, "device_restarts_total") == 1
    assert at(values, "faults_active", fault="trip") == 1
    assert at(values, "faults_begun_total", fault="trip") == 1


async def test_what_the_wire_measured_is_there() -> None:
    latency = Latency()
    for taken_us in (900, 1_100, 3_000_000, 90_000_000):
        latency.record(taken_us)
    traffic = Traffic(written=5, read=7)
    values = await scraped(
        Metrics(assemble_service().system, "1.2.3", WireMeters(traffic, latency))
    )
    name = "mqtt_puback_latency_seconds"
    assert at(values, "mqtt_written_bytes_total") == 5
    assert at(values, "mqtt_read_bytes_total") == 7
    bounds = ("0.001", "0.002", "2.048", "4.096", "65.54", "+Inf")
    assert [at(values, f"{name}_bucket", le=le) for le in bounds] == [1, 2, 2, 3, 3, 4]
    assert at(values, f"{name}_count") == 4
    assert at(values, f"{name}_sum") == pytest.approx(93.002, rel=1e-3)


async def test_openmetrics_is_what_its_parser_wants() -> None:
    exposition = await Metrics(assemble_service().system, "1.2.3").expose(OPENMETRICS)
    values = values_of(openmetrics.text_string_to_metric_families(exposition.body.decode()))
    assert exposition.media_type.startswith("application/openmetrics-text; version=1.0.0")
    assert at(values, "ticks_due_total") == 0


@pytest.mark.parametrize("version", ["x", "a.b.c", "1..0", '"1.0.0"', "\xb2", "9" * 5_000])
@pytest.mark.parametrize("kind", ["application/openmetrics-text", "text/plain"])
async def test_whose_version_is_none_gets_the_plain_format(kind: str, version: str) -> None:
    metrics = Metrics(assemble_service().system, "1.2.3")
    exposition = await metrics.expose(f"{kind};version={version}")
    assert exposition.media_type == (await metrics.expose("")).media_type
    assert values_of(text_string_to_metric_families(exposition.body.decode()))


async def test_no_label_names_a_device() -> None:
    service = assemble_service()
    async with running(service.rig):
        await service.rig.supervisor.create("hvac", name="unmistakable", device_id="unmistakable")
        await service.rig.faults.inject("unmistakable", FaultRequest("trip"))
        exposition = await Metrics(service.system, "1.2.3").expose("")
    assert b"unmistakable" not in exposition.body


@pytest.mark.parametrize("accept", ["", OPENMETRICS])
async def test_no_number_has_an_exponent(accept: str) -> None:
    latency, traffic = Latency(), Traffic(written=2_223_614, read=10**17)
    latency.record(1)
    meters = WireMeters(traffic, latency)
    body = (await Metrics(assemble_service().system, "1.2.3", meters).expose(accept)).body.decode()
    assert "iotmock_mqtt_written_bytes_total 2223614.0\n" in body
    assert f"iotmock_mqtt_read_bytes_total {10**17}.0\n" in body
    assert re.findall(r"[0-9]e[+-]?[0-9]", body) == []
    assert "process_resident_memory_bytes" in body


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a 1.79590989945853e+09", "a 1795909899.45853"),
        ("a -1e+16", "a -10000000000000000.0"),
        ('a{le="1e+06"} 1e-05', 'a{le="1e+06"} 0.00001'),
        ("a +Inf", "a +Inf"),
        ("a NaN", "a NaN"),
        ("a 12.5", "a 12.5"),
    ],
)
async def test_a_number_keeps_its_digits(text: str, plain: str) -> None:
    assert plain_numbers(f"b 1.0\n{text}\n".encode()).decode() == f"b 1.0\n{plain}\n"
