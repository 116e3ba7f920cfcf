"""The result of a command over MQTT tells of what outlives the process, or says that it may not."""

import msgspec
import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from iotmock.actors.errors import ActorError
from iotmock.actors.messages import IncomingCommand, Kind, Reply
from iotmock.actors.records import after_save
from iotmock.actors.records.after_save import AfterSave
from tests.actors.rig import Rig, assemble, running

pytestmark = pytest.mark.trio
UNSAVED = "not saved yet"


def tell(rig: Rig, device_id: str, command: str, **parameters: object) -> None:
    payload = msgspec.json.encode({"command": command, "parameters": parameters})
    rig.router.route(IncomingCommand(device_id, payload))


def results(rig: Rig, device_id: str | None = None) -> list[tuple[str, str, bool]]:
    """Command and status of each result, and whether it says that it is not saved."""
    return [
        (result["command"], result["status"], UNSAVED in (result["reason"] or ""))
        for result in rig.sent(Kind.RESULT, device_id)
    ]


async def test_a_result_is_published_after_the_save(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        rig.file.hold = trio.Event()
        tell(rig, "p", "set_power", power=30.0)
        await wait_all_tasks_blocked()
        assert device.model.spec.base_power == 30.0
        assert results(rig) == []
        rig.file.hold.set()
        await wait_all_tasks_blocked()
        assert results(rig) == [("set_power", "applied", False)]
        assert rig.file.batches[-1].upserts[0].spec.base_power == 30.0


async def test_a_result_says_that_the_save_failed(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        rig.file.failure = OSError("the disk is full")
        tell(rig, "p", "set_power", power=30.0)
        await wait_all_tasks_blocked()
        assert results(rig) == [("set_power", "applied", True)]
        assert "the disk is full" in rig.sent(Kind.RESULT)[0]["reason"]


async def test_saying_it_again_does_not_make_it_saved(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        rig.file.failure = OSError("the disk is full")
        tell(rig, "p", "set_power", power=30.0)
        await wait_all_tasks_blocked()
        tell(rig, "p", "set_power", power=30.0)
        await trio.sleep(2)
        assert results(rig) == [("set_power", "applied", True)] * 2
        rig.file.failure = None
        tell(rig, "p", "set_power", power=30.0)
        await trio.sleep(2)
        assert results(rig)[2] == ("set_power", "applied", False)


async def test_results_of_one_device_keep_their_order(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        rig.file.hold = trio.Event()
        tell(rig, "p", "set_power", power=30.0)
        tell(rig, "p", "reboot")
        tell(rig, "p", "set_online", online=True)
        rig.router.route(IncomingCommand("p", b"no command"))
        await wait_all_tasks_blocked()
        rig.file.hold.set()
        await wait_all_tasks_blocked()
        names = [result["command"] for result in rig.sent(Kind.RESULT)]
        assert names[:2] == ["set_power", "reboot"] or names[1:3] == ["set_power", "reboot"]
        assert len(names) == 4


async def test_what_saves_nothing_waits_for_no_disk(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        for name in ("p", "q"):
            await rig.supervisor.create("plain", name="P", device_id=name)
        rig.file.hold = trio.Event()
        tell(rig, "p", "set_power", power=30.0)
        tell(rig, "q", "reboot")
        tell(rig, "q", "set_online", online=True)
        tell(rig, "q", "explode")
        await wait_all_tasks_blocked()
        assert [command for command, *_ in results(rig, "q")] == ["reboot", "set_online", "explode"]
        batches = len(rig.file.batches)
        rig.file.hold.set()
        await wait_all_tasks_blocked()
        assert len(rig.file.batches) == batches + 1  # of p alone


async def test_nobody_waits_for_ever_for_a_disk_that_hangs(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        rig.file.hold = trio.Event()
        tell(rig, "p", "set_power", power=30.0)
        await trio.sleep(after_save.PATIENCE_S + 1)
        assert results(rig) == [("set_power", "applied", True)]
        rig.file.hold.set()


async def test_so_many_wait_and_no_more(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(after_save, "MOST_WAITING", 3)
    waiting, slots = AfterSave(), [Reply[None]() for _ in range(4)]
    for slot in slots:
        waiting.add(1, slot)
    with pytest.raises(ActorError, match="too many"):
        await slots[0].wait()
    waiting.settle(1)
    for slot in slots[1:]:
        await slot.wait()
    assert len(waiting) == 0


async def test_who_waits_for_a_later_write_is_not_answered_by_an_earlier(
    autojump_clock: MockClock,
) -> None:
    waiting, slot = AfterSave(), Reply[None]()
    waiting.add(2, slot)
    waiting.settle(1)
    assert len(waiting) == 1
    waiting.settle(2)
    await slot.wait()
    await waiting.wait_empty()


async def test_changes_are_what_the_command_has_changed(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("hvac", name="H", device_id="h", base_power=3.0)
        device.model.meter.energy_kwh = 1.00047
        tell(rig, "h", "set_base_power", power=300.0)  # whose meter has fewer digits
        tell(rig, "h", "set_setpoint", temperature=20.0)
        tell(rig, "h", "set_setpoint", temperature=20.0)
        tell(rig, "h", "set_online", online=False)
        tell(rig, "h", "set_online", online=True)
        tell(rig, "h", "reset_energy")
        tell(rig, "h", "set_power", power=-1.0)
        await wait_all_tasks_blocked()
        changes = [result.get("changes") for result in rig.sent(Kind.RESULT)]
        assert changes == [
            {"base_power": [3.0, 300.0]},
            {"setpoint": [22.5, 20.0]},
            None,
            {"online": [True, False]},
            {"online": [False, True]},
            {"energy": [1.001, 0.0]},
            None,
        ]
