"""The fleet is summed up while somebody listens, and for the record at all times."""

from typing import Any

import msgspec
import trio

from iotmock.actors.messages import CommandRequest
from iotmock.actors.stream.wanted import Wanted
from iotmock.actors.summary.history import History
from iotmock.model.faults.request import FaultRequest
from tests.actors.rig import running
from tests.rest.rig import Service, assemble_service
from tests.simulated_time import simulated_time

pytestmark = simulated_time


async def after(service: Service, seconds: float) -> Any:
    """Let time pass, and return the summary that a listener has then."""
    listener = service.system.hub.join(Wanted())
    async with trio.open_nursery() as nursery:
        nursery.start_soon(service.system.summaries.run)
        await trio.sleep(seconds)
        nursery.cancel_scope.cancel()
    service.system.hub.leave(listener)
    return msgspec.json.decode(listener.take_summary() or b"null")


async def test_a_summary_says_how_the_fleet_is() -> None:
    service = assemble_service()
    async with running(service.rig) as rig:
        for number in range(4):
            await rig.supervisor.create("plain", name="D", device_id=f"d-{number}", location="X")
        await rig.supervisor.command("d-0", CommandRequest("set_online", {"online": False}))
        await rig.supervisor.update("d-1", enabled=False)
        await rig.faults.inject("d-2", FaultRequest("stuck", {}, None, None))
        got = await after(service, 10.5)
    power = sum(device.model.meter.power_kw for device in rig.supervisor)
    assert got["devices"] == {"total": 4, "online": 3, "offline": 1, "error": 0, "enabled": 3}
    assert got["power"]["total_w"] == round(1e3 * power, 1)
    assert got["power"]["by_location"] == {"X": got["power"]["total_w"]}
    assert got["faults_active"] == 1
    assert got["connection"]["connected"] is False
    assert got["running"] is True
    assert got["backlog"] == got["waiting"] > 0


async def test_rates_are_of_the_time_since_the_last_summary() -> None:
    service = assemble_service()
    async with running(service.rig) as rig:
        for number in range(10):
            await rig.supervisor.create("plain", name="D", device_id=f"d-{number}", interval=1.0)
        got = await after(service, 20.5)
    assert got["messages"]["due_per_s"] == 10.0
    assert got["messages"]["acknowledged_per_s"] == 0.0
    assert got["lateness_ms"] == {"p50": 0.1, "p99": 0.1, "max": 0.1} or got["lateness_ms"] == {
        "p50": 0.0,
        "p99": 0.0,
        "max": 0.0,
    }


async def test_the_counts_follow_devices_that_come_and_go() -> None:
    service = assemble_service()
    async with running(service.rig) as rig:
        await rig.supervisor.create("plain", name="D", device_id="d")
        await rig.supervisor.command("d", CommandRequest("set_online", {"online": False}))
        assert (await after(service, 1.5))["devices"]["offline"] == 1
        await rig.supervisor.delete("d")
        got = await after(service, 1.5)
    assert got["devices"] == {"total": 0, "online": 0, "offline": 0, "error": 0, "enabled": 0}
    assert got["power"] == {
        "total_w": 0.0,
        "by_family": {},
        "by_location": {},
        "other_locations_w": 0.0,
    }


async def test_the_record_is_kept_while_nobody_listens_and_never_grows() -> None:
    service = assemble_service()
    history = service.system.summaries.history
    async with running(service.rig) as rig, trio.open_nursery() as nursery:
        await rig.supervisor.create("plain", name="D")
        nursery.start_soon(service.system.summaries.run)
        await trio.sleep(3_605)
        nursery.cancel_scope.cancel()
    short, long = history.points("15m"), history.points("24h")
    assert len(short) == 180
    assert len(long) in {60, 61}
    assert all(point.due_per_s == 0.2 for point in short)
    assert long[-1].devices == 1


async def test_a_day_of_steps_is_bounded() -> None:
    service = assemble_service()
    async with running(service.rig):
        summary = await service.system.summaries.sum_up()
    history = History()
    for _ in range(20_000):
        history.add(summary)
    assert (len(history.points("15m")), len(history.points("24h"))) == (180, 1_441)


async def test_who_comes_has_the_last_summary_at_once() -> None:
    service = assemble_service()
    async with running(service.rig) as rig, trio.open_nursery() as nursery:
        await rig.supervisor.create("plain", name="D")
        nursery.start_soon(service.system.summaries.run)
        await trio.sleep(8)
        listener = service.system.hub.join(Wanted())
        summary = msgspec.json.decode(listener.take_summary() or b"null")
        assert summary["devices"]["total"] == 1
        assert service.system.hub.join(Wanted(frozenset({"status"}))).take_summary() is None
        nursery.cancel_scope.cancel()
