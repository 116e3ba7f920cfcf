"""What is asked of fleets: refused with all that is wrong, or saved before it is so."""

from functools import partial
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from iotmock.actors.definitions.draft import GroupDraft, InvalidFleetError
from iotmock.actors.errors import (
    FleetExistsError,
    IdReservedError,
    StorageError,
    TooManyDevicesError,
)
from tests.actors.fleets.lives import PLAIN, ids, life, until
from tests.actors.rig import MOST_IN_FLEETS, assemble, given_up, running

pytestmark = pytest.mark.trio


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


async def test_a_caller_that_gives_up_leaves_a_whole_fleet(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await given_up(rig, partial(rig.fleets.create, "f", [PLAIN]))
        assert len(ids(rig)) == 3
        await given_up(rig, partial(rig.fleets.scale, "f", {"plain": 1}))
        assert len(ids(rig)) == 1
        await given_up(rig, partial(rig.fleets.remove, "f"))
        assert len(rig.fleets) == len(rig.supervisor) == 0
