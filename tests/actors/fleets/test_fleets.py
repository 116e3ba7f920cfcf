"""Fleets with real actors: they come, grow, shrink, go, and come back after an end."""

import gc
import weakref
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
import trio
from attrs import define, field
from trio.testing import MockClock, wait_all_tasks_blocked

from iotmock.actors.definitions.draft import GroupDraft, InvalidFleetError
from iotmock.actors.definitions.file import EnergyBlock
from iotmock.actors.errors import (
    FleetExistsError,
    FleetGoesError,
    IdReservedError,
    StorageError,
    TooManyDevicesError,
    UnknownDeviceError,
    UnknownFleetError,
)
from iotmock.actors.messages import CommandRequest, Kind
from iotmock.actors.ports.registry_file import Batch
from iotmock.storage import Registry
from tests.actors.rig import MOST_IN_FLEETS, Rig, assemble, given_up, running

pytestmark = pytest.mark.trio
# The reserve of 6 s and the interval of 5 s, at the peak of a plain device.
AHEAD_KWH = 10.0 * 1.5 * 1.01 * 11 / 3600
PLAIN = GroupDraft("plain", 3)


@define(eq=False)
class FileAtOnce:
    """A real registry file, written in the caller's task: a steered clock bears no thread."""

    registry: Registry
    blocks: list[EnergyBlock] = field(factory=list)

    async def write(self, batch: Batch) -> None:
        await trio.lowlevel.checkpoint()
        self.registry._write_or_raise(batch)
        self.blocks += batch.blocks


@asynccontextmanager
async def life(path: Path, *, clean: bool = False, paced: bool = True) -> AsyncIterator[Rig]:
    """A service with a file of its own; without a clean end it is as if it were killed."""
    rig, file = assemble(), Registry.open(str(path / "state.db"))
    rig.registry.file = FileAtOnce(file)
    singles = rig.fleets.recall(file.load_fleets(), file.load())
    assert singles == []
    async with running(rig, paced=paced):
        yield rig
        if clean:
            await rig.registry.write_now(rig.supervisor.counters, closes=True)
    file.close() if clean else file._db.close()


async def until(rig: Rig, state: str, name: str = "f") -> None:
    """Let everybody work until all wait."""
    await wait_all_tasks_blocked()
    assert rig.fleets.get(name).state == state


async def until_gone(rig: Rig, name: str = "f") -> None:
    await wait_all_tasks_blocked()
    assert name not in {fleet.name for fleet in rig.fleets}


def ids(rig: Rig) -> list[str]:
    return sorted(device.device_id for device in rig.supervisor)


def energies(rig: Rig) -> Mapping[str, float]:
    return {device.device_id: device.model.meter.energy_kwh for device in rig.supervisor}


async def command(rig: Rig, device_id: str, name: str, **parameters: object) -> None:
    result = await rig.supervisor.command(device_id, CommandRequest(name, parameters))
    assert result.status == "applied"


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


async def test_a_fleet_that_does_not_fit_into_memory_is_refused_with_both_numbers(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        rig.fleets.memory_left = lambda: 3e6
        with pytest.raises(InvalidFleetError, match=r"500 devices need about 4 MB and 3 MB"):
            await rig.fleets.create("f", [GroupDraft("plain", 500)])
        await rig.fleets.create("f", [GroupDraft("plain", 300)])
        with pytest.raises(InvalidFleetError, match="200 devices"):  # the first are yet to come
            await rig.fleets.create("g", [GroupDraft("plain", 200)])


async def test_single_devices_and_fleets_have_one_limit(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        rig.supervisor.roster.most = 4
        await rig.supervisor.create("plain", name="P")
        with pytest.raises(InvalidFleetError, match=r"4 devices are too many: .* 3 more"):
            await rig.fleets.create("f", [GroupDraft("plain", 4)])
        await rig.fleets.create("f", [PLAIN])
        with pytest.raises(TooManyDevicesError, match="4 devices"):
            await rig.supervisor.create("plain", name="P")
        assert len(rig.file.batches[-1].changes) <= 1


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


async def test_an_id_belongs_to_one(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="a-plain-000009")
        with pytest.raises(FleetExistsError, match="a-plain-000009"):
            await rig.fleets.create("a", [PLAIN])
        await rig.fleets.create("f-x", [GroupDraft("plain", 1, name="y")])
        with pytest.raises(FleetExistsError, match="f-x"):
            await rig.fleets.create("f", [GroupDraft("plain", 1, name="x-y")])
        with pytest.raises(IdReservedError, match="f-x"):
            await rig.supervisor.create("plain", name="P", device_id="f-x-y-000500")
        await rig.supervisor.create("plain", name="P", device_id="f-x-y-5")
        assert [fleet.name for fleet in rig.fleets] == ["f-x"]


async def test_all_that_is_wrong_is_said_at_once(autojump_clock: MockClock) -> None:
    drafts = [
        GroupDraft("nonsense", 1),
        GroupDraft("hvac", 1, profile="fridge"),
        GroupDraft("hvac", 1, base_power=20_000.0),
        GroupDraft("hvac", 1, name="hvac", base_power=9_000.0, base_power_spread=0.5),
        GroupDraft("plain", 10_000_000, name="a/b"),
    ]
    async with running(assemble()) as rig:
        with pytest.raises(InvalidFleetError) as caught:
            await rig.fleets.create("f", drafts)
        assert [fault.field for fault in caught.value.faults] == [
            "groups[0].device_type",
            "groups[1].profile",
            "groups[2].base_power",
            "groups[3].name",
            "groups[3].base_power_spread",
            "groups[4].name",
            "groups",
        ]
        with pytest.raises(InvalidFleetError, match="55 characters"):
            await rig.fleets.create("f" * 51, [PLAIN])
        assert len(rig.fleets) == 0


async def test_there_is_a_most_for_all_fleets_together(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.fleets.create("f", [PLAIN])
        with pytest.raises(InvalidFleetError, match="room for 4,997 more"):
            await rig.fleets.create("g", [GroupDraft("plain", MOST_IN_FLEETS - 2)])
        with pytest.raises(InvalidFleetError, match="groups"):
            await rig.fleets.scale("f", {"plain": MOST_IN_FLEETS + 1})
        with pytest.raises(InvalidFleetError, match=r"groups\.lamps: is no group; known are plain"):
            await rig.fleets.scale("f", {"lamps": 1})
        assert rig.fleets.get("f").wanted == 3


async def test_what_can_not_be_saved_does_not_happen(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.fleets.create("f", [PLAIN])
        await until(rig, "ready")
        rig.file.failure = OSError("disk full")
        with pytest.raises(StorageError):
            await rig.fleets.create("g", [PLAIN])
        with pytest.raises(StorageError):
            await rig.fleets.scale("f", {"plain": 9})
        with pytest.raises(StorageError):
            await rig.fleets.remove("f")
        with pytest.raises(StorageError):
            await rig.supervisor.delete("f-plain-000002")
        rig.file.failure = None
        await trio.sleep(30)
        assert [(fleet.name, fleet.state) for fleet in rig.fleets] == [("f", "ready")]
        assert ids(rig) == ["f-plain-000001", "f-plain-000002", "f-plain-000003"]
        changes = [change for batch in rig.file.batches for change in batch.changes]
        assert len(changes) == 1


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


async def test_a_fleet_of_the_settings_is_made_once_and_then_scaled(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    async with life(tmp_path) as rig:
        await rig.fleets.ensure("f", [PLAIN, GroupDraft("hvac", 2, profile="split")])
        await until(rig, "ready")
        assert len(ids(rig)) == 5
    async with life(tmp_path) as rig:
        await rig.fleets.ensure("f", [GroupDraft("plain", 4), GroupDraft("lighting", 1)])
        await until(rig, "ready")
        assert ids(rig) == [
            "f-lighting-000001",
            *(f"f-plain-00000{number}" for number in (1, 2, 3, 4)),
        ]
        with pytest.raises(InvalidFleetError, match=r"groups\[0\]\.device_type"):
            await rig.fleets.ensure("f", [GroupDraft("nonsense", 4)])


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


async def test_a_caller_that_gives_up_leaves_a_whole_fleet(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await given_up(rig, partial(rig.fleets.create, "f", [PLAIN]))
        assert len(ids(rig)) == 3
        await given_up(rig, partial(rig.fleets.scale, "f", {"plain": 1}))
        assert len(ids(rig)) == 1
        await given_up(rig, partial(rig.fleets.remove, "f"))
        assert len(rig.fleets) == len(rig.supervisor) == 0
