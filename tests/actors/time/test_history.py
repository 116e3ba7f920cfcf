"""History up to now, and over into live."""

from array import array
from itertools import pairwise
from math import nan

import pytest
import trio
from trio.testing import MockClock

from iotmock.actors.definitions.file import BlockKey, SavedBlock, SavedFleets
from iotmock.actors.messages import Kind
from iotmock.actors.records.last_seen import LastSeen
from iotmock.model.fleet import FleetRecord, GroupRecord, GroupSpec
from iotmock.model.spec import DeviceRecord, DeviceSpec, DeviceState
from tests.actors.rig import NOON, running
from tests.actors.time.lives import DAY_S, FUTURE, Wall, begun_again, stamps, with_history

pytestmark = pytest.mark.trio


async def test_history_goes_over_into_live_without_a_seam(autojump_clock: MockClock) -> None:
    rig = with_history(0.5, Wall())
    async with running(rig):
        device = await rig.supervisor.create("plain", name="P", device_id="p", interval=60.0)
        assert device.created_at == NOON - 0.5 * DAY_S
        await trio.sleep(600)
        sent = rig.sent(Kind.DATA, "p")
        assert not rig.clock.catches_up
        assert rig.clock.now() == pytest.approx(NOON + 600.0, abs=1.0)
        assert len(sent) == 720 + 10
        assert len({message["timestamp"] for message in sent}) == len(sent)
        energies = [message["energy"] for message in sent]
        steps = [later - earlier for earlier, later in pairwise(energies)]
        assert min(steps) == pytest.approx(max(steps), abs=0.002)


async def test_what_was_lived_through_is_not_lived_through_again(
    autojump_clock: MockClock,
) -> None:
    rig = with_history(0.5, Wall())
    spec = DeviceSpec("p", "plain", "P", 10.0, 240.0, interval=60.0)
    state = DeviceState(energy_kwh=5.0, last_seen=NOON - 600.0)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(rig.registry.run, rig.supervisor.counters)
        await nursery.start(rig.supervisor.run, [DeviceRecord(spec, NOON - DAY_S, state)])
        nursery.start_soon(rig.pacer.run)
        await trio.sleep(1)
        sent = rig.sent(Kind.DATA, "p")
        assert len(sent) == 10
        assert sent[-1]["energy"] == pytest.approx(5.0 + 10.0 * 600.0 / 3600.0, abs=0.2)
        nursery.cancel_scope.cancel()


async def test_a_speed_that_is_asked_for_during_history_comes_after_it(
    autojump_clock: MockClock,
) -> None:
    rig = with_history(0.5, Wall())
    async with running(rig, paced=False), trio.open_nursery() as nursery:
        await rig.supervisor.create("plain", name="P", device_id="p", interval=60.0)
        await rig.pacer.set_speed(60.0)
        assert rig.clock.catches_up
        nursery.start_soon(rig.pacer.run)
        await trio.sleep(10)
        assert rig.clock.now() == pytest.approx(NOON + 600.0, abs=60.0)
        nursery.cancel_scope.cancel()


async def test_stop_holds_history_and_start_goes_on(autojump_clock: MockClock) -> None:
    rig = with_history(0.5, Wall())
    async with running(rig, paced=False), trio.open_nursery() as nursery:
        await rig.supervisor.create("plain", name="P", device_id="p", interval=60.0)
        rig.pacer.stop()
        nursery.start_soon(rig.pacer.run)
        await trio.sleep(10)
        assert stamps(rig, "p") == []
        rig.pacer.start()
        await trio.sleep(1)
        assert len(stamps(rig, "p")) == 720
        nursery.cancel_scope.cancel()


async def test_history_of_a_device_from_the_future_is_over_at_once(
    autojump_clock: MockClock,
) -> None:
    rig = with_history(0.5, Wall())
    async with trio.open_nursery() as nursery:
        await begun_again(rig, nursery)
        await trio.sleep(60)
        assert not rig.clock.catches_up
        sent = stamps(rig, "p")
        assert len(sent) == pytest.approx(12, abs=1)
        assert "2025-08-11T12:00:00Z" <= sent[0] < sent[-1] <= "2025-08-11T12:01:01Z"
        nursery.cancel_scope.cancel()


async def test_history_begins_where_the_first_device_was_last_seen() -> None:
    def seen(*moments: float | None) -> list[DeviceRecord]:
        return [DeviceRecord(FUTURE, 0.0, DeviceState(last_seen=moment)) for moment in moments]

    group = GroupSpec("g", "plain", 10.0, 240.0)
    fleet = FleetRecord("f", 1, 0.0, (GroupRecord(group, 3, 3, frozenset({2})),))
    arrays = array("d", [1.0] * 3), array("d", [NOON - 50.0, nan, NOON - 20.0])
    saved = SavedFleets([fleet], {BlockKey("f", "g", 0): SavedBlock(*arrays)})
    start = NOON - DAY_S
    assert LastSeen.of([], SavedFleets()).beginning(start, NOON) == start
    assert LastSeen.of(seen(None, NOON - 9.0), SavedFleets()).beginning(start, NOON) == start
    assert LastSeen.of(seen(NOON - 9.0), saved).beginning(start, NOON) == NOON - 50.0
    assert LastSeen.of(seen(NOON + 9.0), SavedFleets()).beginning(start, NOON) == NOON
    assert LastSeen.of(seen(start - 9.0), saved).beginning(start, NOON) == start
    unbuilt = SavedFleets([fleet], {})
    assert LastSeen.of(seen(NOON - 9.0), unbuilt).beginning(start, NOON) == start
    assert LastSeen.of(seen(NOON + 9.0), saved).after(NOON - 30.0) == (2, 39.0)


async def test_resync_during_history_goes_live_without_the_rest(
    autojump_clock: MockClock,
) -> None:
    rig = with_history(0.5, Wall())
    async with running(rig):
        device = await rig.supervisor.create("plain", name="P", device_id="p", interval=60.0)
        rig.pacer.stop()
        await rig.pacer.resync()
        rig.pacer.start()
        await trio.sleep(600)
        assert not rig.clock.catches_up
        assert 9 <= len(stamps(rig, "p")) <= 11
        assert device.model.meter.energy_kwh < 2.0
