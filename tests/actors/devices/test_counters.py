"""What a counter shows is never beyond what the registry file would go on from."""

import pytest
import trio
from trio.testing import MockClock

from iotmock.actors.devices.device import MockDevice
from tests.actors.rig import Rig, assemble, running

pytestmark = pytest.mark.trio


def durable(rig: Rig, device_id: str) -> float:
    """Return what the next life would go on from."""
    counts = [count for batch in rig.file.batches for count in batch.energies]
    return [count.reserved_kwh for count in counts if count.device_id == device_id][-1]


def shown(rig: Rig, device: MockDevice) -> float:
    return device.reading(rig.clock.now()).energy


@pytest.mark.parametrize("before_s", [0.0, 60.0])
async def test_a_counter_holds_at_its_durable_reserve_and_catches_up(
    autojump_clock: MockClock, before_s: float
) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        await trio.sleep(before_s)
        rig.file.failure = OSError("the disk is full")
        for _ in range(60):
            await trio.sleep(1)
            assert shown(rig, device) <= round(durable(rig, "p"), 4)
        assert device.model.meter.energy_kwh > shown(rig, device) + 0.1
        assert device.model.meter.power_kw > 9.0
        rig.file.failure = None
        await trio.sleep(10)
        assert shown(rig, device) == pytest.approx(device.model.meter.energy_kwh, abs=1e-4)


async def test_an_extra_tick_gets_a_reserve_of_its_own(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p", interval=3600.0)
        rig.pacer.stop()
        for number in range(1, 4):
            before = device.model.meter.energy_kwh
            reading = await rig.supervisor.simulate("p")
            assert reading.energy == pytest.approx(before + 10.0, rel=0.01)
            assert round(durable(rig, "p"), 4) >= reading.energy > 9.0 * number


async def test_a_device_that_is_restarted_keeps_its_ceiling(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        await trio.sleep(60)
        rig.file.failure = OSError("the disk is full")
        await trio.sleep(30)
        held = shown(rig, device)
        rig.failing.append(RuntimeError("the test wants it"))
        await trio.sleep(6)
        rig.failing.clear()
        await trio.sleep(30)
        assert device.crashes
        assert shown(rig, device) == held
