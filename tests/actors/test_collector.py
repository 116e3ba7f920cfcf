"""The collector of garbage: what stands is frozen, what is gone is not."""

import gc

import pytest
import trio
from trio.testing import MockClock

from iotmock.actors.collector import PERIOD_S, Collector
from tests.actors.rig import assemble, running

pytestmark = pytest.mark.trio
OTHERS = 100
"""What of the tests' own may come and go meanwhile."""


async def look(nursery: trio.Nursery, fleet: list[object]) -> None:
    await nursery.start(Collector(fleet).run)
    await trio.sleep(1.5 * PERIOD_S)


async def test_the_fleet_that_stands_is_frozen(autojump_clock: MockClock) -> None:
    fleet: list[object] = [[] for _ in range(5)]
    async with trio.open_nursery() as nursery:
        await look(nursery, fleet)
        frozen = gc.get_freeze_count()
        assert frozen > 0
        fleet += [[] for _ in range(5)]
        await trio.sleep(PERIOD_S)
        assert gc.get_freeze_count() <= frozen
        fleet += [[] for _ in range(10_000)]
        await trio.sleep(PERIOD_S)
        assert gc.get_freeze_count() >= frozen + 10_000 - OTHERS
        nursery.cancel_scope.cancel()


async def test_what_a_fleet_left_is_collected(autojump_clock: MockClock) -> None:
    fleet: list[object] = []
    for _ in range(10_000):
        knot: list[object] = []
        knot.append(knot)
        fleet.append(knot)
    async with trio.open_nursery() as nursery:
        await look(nursery, fleet)
        frozen = gc.get_freeze_count()
        del knot
        fleet.clear()
        gc.collect()
        assert gc.get_freeze_count() >= frozen - OTHERS
        await trio.sleep(PERIOD_S)
        assert gc.get_freeze_count() <= frozen - 10_000 + OTHERS
        nursery.cancel_scope.cancel()


async def test_a_fleet_that_grows_again_is_frozen_again(autojump_clock: MockClock) -> None:
    fleet: list[object] = [[] for _ in range(20_000)]
    async with trio.open_nursery() as nursery:
        await look(nursery, fleet)
        del fleet[10_000:]
        await trio.sleep(PERIOD_S)
        half = gc.get_freeze_count()
        fleet += [[] for _ in range(10_000)]
        await trio.sleep(PERIOD_S)
        assert gc.get_freeze_count() >= half + 10_000 - OTHERS
        nursery.cancel_scope.cancel()


async def test_the_process_is_left_as_it_was_found(autojump_clock: MockClock) -> None:
    before = gc.get_threshold()
    async with trio.open_nursery() as nursery:
        await nursery.start(Collector([]).run)
        assert not gc.isenabled()
        await trio.sleep(1.5 * PERIOD_S)
        assert gc.isenabled()
        assert gc.get_threshold() > before
        nursery.cancel_scope.cancel()
    assert (gc.get_threshold(), gc.isenabled(), gc.get_freeze_count()) == (before, True, 0)


async def test_a_deleted_device_leaves_nothing_to_collect(autojump_clock: MockClock) -> None:
    rig = assemble()
    async with running(rig):
        gc.collect()
        gc.disable()
        try:
            for _ in range(20):
                device = await rig.supervisor.create("hvac", name="H")
                await trio.sleep(10)
                await rig.supervisor.delete(device.device_id)
            await trio.testing.wait_all_tasks_blocked()
            del device
            assert gc.collect() == 0
        finally:
            gc.enable()
