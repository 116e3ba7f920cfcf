"""Fleets come back after an end, with what was durable and no counter that goes back."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from iotmock.actors.definitions.draft import GroupDraft
from tests.actors.fleets.lives import (
    PLAIN,
    FileAtOnce,
    command,
    energies,
    ids,
    life,
    until,
    until_gone,
)
from tests.actors.rig import assemble, running

pytestmark = pytest.mark.trio
# The reserve of 6 s and the interval of 5 s, at the peak of a plain device.
AHEAD_KWH = 10.0 * 1.5 * 1.01 * 11 / 3600


async def test_a_deleted_device_stays_away(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with life(tmp_path) as rig:
        await rig.fleets.create("f", [PLAIN])
        await until(rig, "ready")
        await rig.supervisor.delete("f-plain-000002")
        fleet = rig.fleets.get("f")
        assert (fleet.state, fleet.wanted, fleet.present) == ("ready", 2, 2)
        await rig.fleets.scale("f", {"plain": 3})
        await until(rig, "ready")
        assert ids(rig) == ["f-plain-000001", "f-plain-000003", "f-plain-000004"]
    async with life(tmp_path) as rig:
        await until(rig, "ready")
        assert ids(rig) == ["f-plain-000001", "f-plain-000003", "f-plain-000004"]


async def test_the_last_device_may_be_the_one_that_is_deleted(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    async with life(tmp_path) as rig:
        await rig.fleets.create("f", [PLAIN])
        await until(rig, "ready")
        await rig.supervisor.delete("f-plain-000003")
    async with life(tmp_path) as rig:
        await until(rig, "ready")
        assert ids(rig) == ["f-plain-000001", "f-plain-000002"]


async def test_what_a_command_changed_comes_back(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with life(tmp_path) as rig:
        await rig.fleets.create("f", [GroupDraft("hvac", 3)])
        await until(rig, "ready")
        await trio.sleep(30)
        await command(rig, "f-hvac-000002", "set_setpoint", temperature=19.0)
        await rig.supervisor.update("f-hvac-000001", name="The first", enabled=False)
        await trio.sleep(1)
    async with life(tmp_path) as rig:
        await until(rig, "ready")
        first, second = (rig.supervisor.get(f"f-hvac-00000{n}").model for n in (1, 2))
        assert second.family.settings()["setpoint"] == 19.0
        assert (first.spec.name, first.enabled) == ("The first", False)
        assert ids(rig) == ["f-hvac-000001", "f-hvac-000002", "f-hvac-000003"]


async def test_reset_energy_is_durable_at_once(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with life(tmp_path) as rig:
        await rig.fleets.create("f", [PLAIN])
        await until(rig, "ready")
        await trio.sleep(1000)
        await command(rig, "f-plain-000002", "reset_energy")
        await trio.sleep(0.1)
    async with life(tmp_path, paced=False) as rig:
        await until(rig, "ready")
        assert energies(rig)["f-plain-000002"] < AHEAD_KWH
        assert energies(rig)["f-plain-000003"] > 2.7


@pytest.mark.parametrize("clean", [True, False])
async def test_counters_never_go_back(
    autojump_clock: MockClock, tmp_path: Path, clean: bool
) -> None:
    shown: Mapping[str, float] = {}
    for seconds in (61.3, 0.7, 5.1, 13.9):
        async with life(tmp_path, clean=clean) as rig:
            if not shown:
                await rig.fleets.create("f", [GroupDraft("plain", 1_200)])
            await until(rig, "ready")
            begun = energies(rig)
            assert all(begun[name] >= energy for name, energy in shown.items())
            assert all(begun[name] - energy < AHEAD_KWH for name, energy in shown.items())
            if clean:
                assert all(begun[name] - energy < 0.02 for name, energy in shown.items())
            await trio.sleep(seconds)
            shown = energies(rig)
            assert len(shown) == 1_200


async def test_no_device_is_made_before_its_reserve_is_durable(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    async with life(tmp_path) as rig:
        file = rig.registry.file
        assert isinstance(file, FileAtOnce)
        await rig.fleets.create("f", [GroupDraft("plain", 2_500)])
        while (fleet := rig.fleets.get("f")).state != "ready":
            durable = {(b.key.number, n) for b in file.blocks for n in range(len(b.reserved))}
            assert len(durable) >= fleet.present
            await trio.lowlevel.checkpoint()
        assert all(value > 0.0 for b in file.blocks for value in b.reserved)


async def test_big_fleets_take_turns_with_a_longer_reserve(autojump_clock: MockClock) -> None:
    rig = assemble()
    rig.supervisor.roster.most = 1_000_000
    async with running(rig, paced=False):
        await rig.fleets.create("f", [PLAIN])
        await until(rig, "ready")
        assert rig.fleets.blocks.reserve_s == 6.0
        rig.fleets.get("f").groups["plain"].top = 100_000  # wanted, never made here
        assert rig.fleets.blocks.reserve_s == 18.0
        await trio.sleep(5)  # the block's 6 s are used up, its next reserve is 18 s
        before = len(rig.file.batches)
        await trio.sleep(40)
        written = sum(len(batch.blocks) for batch in rig.file.batches[before:])
        assert 2 <= written <= 4


async def test_an_end_while_it_comes_and_it_goes_on(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    async with life(tmp_path) as rig:
        await rig.fleets.create("f", [GroupDraft("plain", 2_500)])
        while rig.fleets.get("f").present < 1_100:
            await trio.lowlevel.checkpoint()
        assert rig.fleets.get("f").state == "creating"
    async with life(tmp_path) as rig:
        assert rig.fleets.get("f").state == "creating"
        await until(rig, "ready")
        assert len(ids(rig)) == 2_500


async def test_an_end_while_it_goes_and_every_status_is_cleared(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    async with life(tmp_path) as rig:
        await rig.fleets.create("f", [GroupDraft("plain", 1_000)])
        await until(rig, "ready")
        fleet = await rig.fleets.remove("f")
        while fleet.present > 600:
            await trio.lowlevel.checkpoint()
    async with life(tmp_path) as rig:
        assert rig.fleets.get("f").state == "deleting"
        await until_gone(rig)
        cleared = {message.device_id for message in rig.publisher._waiting if not message.payload}
        assert len(cleared) >= 600
        assert len(rig.supervisor) == 0
    async with life(tmp_path) as rig:
        assert len(rig.fleets) == 0
