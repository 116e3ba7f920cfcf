"""Simulated time at another speed, and flat out."""

import pytest
import trio
from trio.testing import MockClock

from iotmock.actors.messages import Kind
from tests.actors.rig import RememberedConnection, assemble, running
from tests.actors.time.lives import stamps

pytestmark = pytest.mark.trio


async def test_a_minute_a_second(autojump_clock: MockClock) -> None:
    rig = assemble()
    rig.clock.set_speed(60.0)
    async with running(rig):
        await rig.supervisor.create("plain", name="P", device_id="p", interval=60.0)
        begin = rig.clock.now()
        await trio.sleep(60)
        assert rig.clock.now() - begin == pytest.approx(3600.0)
        assert len(stamps(rig, "p")) == 60
        energy = rig.sent(Kind.DATA, "p")[-1]["energy"]
        assert energy == pytest.approx(10.0, abs=10.0 / 60)


async def test_another_speed_goes_on_from_where_time_is(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        await trio.sleep(60)
        before = rig.clock.now()
        await rig.pacer.set_speed(100.0)
        assert rig.clock.now() == pytest.approx(before, abs=1.0)
        await trio.sleep(60)
        await rig.pacer.set_speed(1.0)
        await trio.sleep(60)
        assert rig.clock.now() - before == pytest.approx(6060.0, abs=101.0)
        sent = stamps(rig, "p")
        assert sent == sorted(set(sent))
        assert len(sent) == pytest.approx(6120 / 5, abs=21)


async def test_counters_have_reserves_for_a_speed_before_it_ticks(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        await trio.sleep(60)
        await rig.pacer.set_speed(10_000.0)
        (saved,) = list(rig.file.batches[-1].energies)
        await trio.sleep(3.9)
        assert device.model.meter.energy_kwh > saved.energy_kwh + 50.0
        assert device.model.meter.energy_kwh <= saved.reserved_kwh


async def test_flat_out_every_tick_is_lived_through_and_reserved(
    autojump_clock: MockClock,
) -> None:
    rig = assemble(backlog=400)
    connection = RememberedConnection()
    async with running(rig, paced=False), trio.open_nursery() as nursery:
        devices = [await rig.supervisor.create("plain", name="P") for _ in range(20)]
        await rig.pacer.set_speed(0.0)
        nursery.start_soon(rig.publisher.pump, connection)
        nursery.start_soon(rig.pacer.run)
        begin = rig.clock.now()
        while rig.clock.now() < begin + 3600.0:
            await trio.lowlevel.checkpoint()
            highest = max(device.model.meter.energy_kwh for device in devices)
            saved = [count for batch in rig.file.batches for count in batch.energies]
            assert highest <= max((count.reserved_kwh for count in saved), default=0.0)
        nursery.cancel_scope.cancel()
    data = [message for message in connection.taken if message.kind is Kind.DATA]
    statistics = rig.publisher.statistics()
    assert rig.pacer.statistics().coalesced == 0
    assert statistics.dropped == 0
    assert len(data) + statistics.backlog == pytest.approx(20 * 720, abs=40)


async def test_flat_out_waits_while_the_broker_is_away(autojump_clock: MockClock) -> None:
    rig = assemble(backlog=400)
    async with running(rig):
        await rig.supervisor.create("plain", name="P")
        await rig.pacer.set_speed(0.0)
        await trio.sleep(60)
        stands = rig.clock.now()
        await trio.sleep(60)
        assert rig.clock.now() == stands
        assert rig.publisher.statistics().dropped == 0
        assert rig.publisher.statistics().backlog == 200
