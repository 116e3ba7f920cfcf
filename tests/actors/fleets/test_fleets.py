"""Fleets with real actors: they come, grow, shrink and go."""

import gc
import weakref
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from iotmock.actors.definitions.draft import GroupDraft
from iotmock.actors.errors import (
    FleetExistsError,
    FleetGoesError,
    UnknownDeviceError,
    UnknownFleetError,
)
from iotmock.actors.messages import Kind
from tests.actors.fleets.lives import PLAIN, command, energies, ids, life, until, until_gone
from tests.actors.rig import assemble, running

pytestmark = pytest.mark.trio


async def test_a_fleet_comes_and_streams(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        groups = [PLAIN, GroupDraft("hvac", 2, profile="split", location="Roof", interval=2.0)]
        fleet = await rig.fleets.create("f", groups)
        assert (fleet.state, fleet.wanted, fleet.present) == ("creating", 5, 0)
        await until(rig, "ready")
        assert ids(rig) == [
            "f-hvac-split-000001", "f-hvac-split-000002",
            "f-plain-000001", "f-plain-000002", "f-plain-000003",
        ]  # fmt: skip
        spec = rig.supervisor.get("f-hvac-split-000002").model.spec
        assert (spec.base_power, spec.location, spec.interval) == (2.5, "Roof", 2.0)
        await trio.sleep(20)
        assert len(rig.sent(Kind.DATA, "f-hvac-split-000002")) == 10
        assert len(rig.sent(Kind.DATA, "f-plain-000003")) == 4


async def test_its_devices_have_no_rows_of_their_own(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.fleets.create("f", [PLAIN])
        await until(rig, "ready")
        await trio.sleep(60)
        assert not any(batch.upserts or list(batch.energies) for batch in rig.file.batches)
        assert sum(len(batch.blocks) for batch in rig.file.batches) > 5


async def test_seed_and_id_decide_the_readings(autojump_clock: MockClock) -> None:
    drafts = [GroupDraft("server", 3, base_power_spread=0.2)]
    seen = []
    for seed in (7, 7, 8):
        async with running(assemble()) as rig:
            await rig.fleets.create("f", drafts, seed)
            await until(rig, "ready")
            await rig.supervisor.simulate("f-server-000002")
            device = rig.supervisor.get("f-server-000002")
            seen.append((device.model.spec.base_power, device.model.meter.gain))
    assert seen[0] == seen[1]
    assert seen[0][0] != seen[2][0]
    assert seen[0][1] != seen[2][1]


async def test_groups_are_scaled_both_ways(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.fleets.create("f", [PLAIN, GroupDraft("hvac", 2)])
        await until(rig, "ready")
        fleet = await rig.fleets.scale("f", {"plain": 1, "hvac": 3})
        assert fleet.state == "scaling"
        await until(rig, "ready")
        assert ids(rig) == ["f-hvac-000001", "f-hvac-000002", "f-hvac-000003", "f-plain-000001"]
        cleared = [message.device_id for message in rig.publisher._waiting if not message.payload]
        assert sorted(cleared) == ["f-plain-000002", "f-plain-000003"]


async def test_a_device_that_comes_again_begins_anew(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    async with life(tmp_path) as rig:
        await rig.fleets.create("f", [PLAIN])
        await until(rig, "ready")
        await trio.sleep(100)
        await command(rig, "f-plain-000003", "set_power", power=99.0)
    async with life(tmp_path) as rig:
        await until(rig, "ready")
        await rig.fleets.scale("f", {"plain": 2})
        await until(rig, "ready")
        await rig.fleets.scale("f", {"plain": 3})
        await until(rig, "ready")
        device = rig.supervisor.get("f-plain-000003")
        assert device.model.spec.base_power == 10.0
        assert device.model.meter.energy_kwh < 0.1 < energies(rig)["f-plain-000002"]


async def test_a_fleet_may_be_scaled_while_it_comes(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        fleet = await rig.fleets.create("f", [GroupDraft("plain", 2_500)])
        while fleet.present < 700:
            await trio.lowlevel.checkpoint()
        await rig.fleets.scale("f", {"plain": 40})
        await until(rig, "ready")
        assert len(ids(rig)) == 40
        await rig.fleets.scale("f", {"plain": 1_500})
        await until(rig, "ready")
        assert len(ids(rig)) == 1_500


async def test_a_deleted_fleet_is_gone_and_its_name_is_free(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.fleets.create("f", [GroupDraft("plain", 500)])
        await until(rig, "ready")
        await rig.fleets.remove("f")
        with pytest.raises(FleetGoesError):
            await rig.fleets.scale("f", {"plain": 9})
        with pytest.raises(FleetExistsError):
            await rig.fleets.create("f", [PLAIN])
        await until_gone(rig)
        with pytest.raises(UnknownFleetError):
            rig.fleets.get("f")
        await rig.fleets.create("f", [PLAIN])
        await until(rig, "ready")
        assert len(ids(rig)) == 3


async def test_a_full_disk_holds_a_fleet_up_and_no_more(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        fleet = await rig.fleets.create("f", [GroupDraft("plain", 2_500)])
        while fleet.present < 700:
            await trio.lowlevel.checkpoint()
        rig.file.failure = OSError("disk full")
        await trio.sleep(20)
        assert (fleet.state, fleet.present) == ("creating", 1_000)
        assert rig.registry.failing
        rig.file.failure = None
        await trio.sleep(5)
        assert (fleet.state, len(ids(rig))) == ("ready", 2_500)


async def test_a_type_that_is_no_more_fails_its_fleet_alone(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    async with life(tmp_path) as rig:
        await rig.fleets.create("f", [PLAIN])
        await rig.fleets.create("g", [GroupDraft("hvac", 3)])
        await until(rig, "ready")
    async with life(tmp_path) as rig:
        rig.supervisor.catalogue._types.pop("plain")
        await until(rig, "ready", "g")
        fleet = rig.fleets.get("f")
        assert fleet.state == "failed"
        assert "plain" in (fleet.problem or "")
        await rig.fleets.remove("f")
        await until_gone(rig)
        assert len(rig.fleets) == 1


async def test_a_device_of_a_fleet_may_be_deleted_while_others_wait(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        await rig.fleets.create("f", [PLAIN])
        await until(rig, "ready")
        with pytest.raises(UnknownDeviceError):
            await rig.supervisor.delete("f-plain-000004")
        assert rig.fleets.get("f").wanted == 3


async def test_devices_that_go_leave_nothing_to_the_collector(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.fleets.create("f", [PLAIN, GroupDraft("hvac", 5)])
        await until(rig, "ready")
        await trio.sleep(20)
        devices = [weakref.ref(device) for device in rig.supervisor]
        gc.disable()
        try:
            await rig.fleets.scale("f", {"plain": 0})
            await rig.fleets.remove("f")
            await until_gone(rig)
            assert [device() for device in devices] == [None] * 8
        finally:
            gc.enable()
