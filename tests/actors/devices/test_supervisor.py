"""The supervisor with real devices: lifecycle, routing, one_for_one."""

from functools import partial

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from iotmock.actors.devices.inbox import INBOX_SIZE
from iotmock.actors.devices.one_for_one import RESTART_INTENSITY
from iotmock.actors.errors import (
    DeviceBusyError,
    DeviceExistsError,
    DeviceFailedError,
    DeviceGoneError,
    DeviceLeftOutError,
    DeviceRestartingError,
    StorageError,
    UnknownDeviceError,
)
from iotmock.actors.messages import CommandRequest, Kind, Reply
from iotmock.model.family import UnknownDeviceTypeError
from iotmock.model.spec import DeviceRecord, DeviceSpec, InvalidFieldError
from tests.actors.rig import NOON, assemble, given_up, running

pytestmark = pytest.mark.trio
NOW = 0.0


def command(name: str, id_: str | None = None, **parameters: object) -> CommandRequest:
    return CommandRequest(name, parameters, id_)


async def test_a_device_publishes_a_reading_every_interval(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        await trio.sleep(60)
        readings = rig.sent(Kind.DATA, "p")
        assert len(readings) == 12
        assert list(readings[0]) == [
            "device_id", "timestamp", "power", "voltage", "current", "energy", "status", "enabled",
        ]  # fmt: skip
        assert readings[-1]["energy"] == pytest.approx(10.0 * 60 / 3600, abs=10.0 * 5 / 3600)


async def test_ids_are_the_next_free_numbers(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        for _ in range(3):
            await rig.supervisor.create("hvac", name="H")
        await rig.supervisor.delete("mock-hvac-002")
        again = await rig.supervisor.create("hvac", name="H")
        assert again.device_id == "mock-hvac-002"
        assert (await rig.supervisor.create("hvac", name="H")).device_id == "mock-hvac-004"


async def test_a_device_that_can_not_be_is_refused_and_leaves_nothing(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        with pytest.raises(UnknownDeviceTypeError, match="nonsense/#"):
            await rig.supervisor.create("nonsense/#", name="x")
        with pytest.raises(InvalidFieldError, match="base_power"):
            await rig.supervisor.create("hvac", name="x", base_power=float("nan"))
        with pytest.raises(InvalidFieldError, match="device_id"):
            await rig.supervisor.create("hvac", name="x", device_id="a/b")
        await rig.supervisor.create("hvac", name="x", device_id="taken")
        with pytest.raises(DeviceExistsError):
            await rig.supervisor.create("hvac", name="x", device_id="taken")
        assert [device.device_id for device in rig.supervisor] == ["taken"]


async def test_a_device_that_can_not_be_saved_is_not_made(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        rig.file.failure = OSError("disk full")
        with pytest.raises(StorageError, match="disk full"):
            await rig.supervisor.create("hvac", name="x")
        assert len(rig.supervisor) == 0
        rig.file.failure = None
        await rig.supervisor.create("hvac", name="x")
        assert [r.spec.name for batch in rig.file.batches for r in batch.upserts] == ["x"]


async def test_a_change_that_was_begun_is_carried_out_when_its_caller_gives_up(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        await given_up(rig, partial(rig.supervisor.create, "hvac", name="x", device_id="h"))
        assert [device.device_id for device in rig.supervisor] == ["h"]
        await given_up(rig, partial(rig.supervisor.update, "h", name="y"))
        assert rig.file.batches[-1].upserts[-1].spec.name == "y"
        await given_up(rig, partial(rig.supervisor.delete, "h"))
        assert len(rig.supervisor) == 0
        assert rig.file.batches[-1].deletes == ["h"]


async def test_a_command_is_answered_by_the_device_and_remembered(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        result = await rig.supervisor.command("p", command("set_power", power=30))
        assert (result.status, result.reason) == ("applied", None)
        reading = await rig.supervisor.simulate("p")
        assert reading.power == pytest.approx(30.0, rel=0.01)
        await trio.sleep(1)
        assert rig.file.batches[-1].upserts[-1].spec.base_power == 30.0


@pytest.mark.parametrize(
    ("name", "parameters", "why"),
    [
        ("set_power", {"power": "abc"}, "power"),
        ("set_power", {"power": -1}, "power"),
        ("set_power", {}, "power"),
        ("set_power", {"power": 1, "extra": 2}, "extra"),
        ("explode", {}, "unknown command"),
    ],
)
async def test_a_bad_command_is_rejected_with_the_reason_and_changes_nothing(
    autojump_clock: MockClock, name: str, parameters: dict[str, object], why: str
) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        before = device.record()
        result = await rig.supervisor.command("p", CommandRequest(name, parameters))
        assert result.status == "rejected"
        assert why in (result.reason or "")
        assert device.record() == before


async def test_the_same_id_is_applied_once(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        first = await rig.supervisor.command("p", command("set_power", "a", power=30))
        await trio.sleep(299)
        assert await rig.supervisor.command("p", command("set_power", "a", power=40)) == first
        assert device.model.spec.base_power == 30.0
        await trio.sleep(2)
        await rig.supervisor.command("p", command("set_power", "a", power=40))
        assert device.model.spec.base_power == 40.0


async def test_what_another_device_of_its_id_was_told_is_not_told_to_it(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        for _ in range(2):
            device = await rig.supervisor.create("plain", name="P", device_id="p")
            await rig.supervisor.command("p", command("set_power", "a", power=30))
            assert device.model.spec.base_power == 30.0
            await rig.supervisor.delete("p")


async def test_a_full_inbox_is_an_answer(autojump_clock: MockClock) -> None:
    async with running(assemble(), paced=False) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        await wait_all_tasks_blocked()
        replies: list[Reply[object]] = [Reply() for _ in range(INBOX_SIZE + 1)]
        for reply in replies:  # the waiting device takes one beyond the buffer
            rig.supervisor.submit("p", command("set_power", power=5), reply)
        with pytest.raises(DeviceBusyError):
            rig.supervisor.submit("p", command("set_power", power=5), Reply())
        for reply in replies:
            await reply.wait()


async def test_a_device_that_does_not_run_stays_until_its_end_is_durable(
    autojump_clock: MockClock,
) -> None:
    spec = DeviceSpec("kept", "gone", "K", 1.0, 240.0)
    rig = assemble()
    async with running(rig, records=[DeviceRecord(spec, NOON)]):
        assert len(list(rig.supervisor.children.left_out.problems())) == 1
        rig.file.failure = OSError("disk full")
        with pytest.raises(StorageError):
            await rig.supervisor.delete("kept")
        with pytest.raises(DeviceLeftOutError, match="unknown device type 'gone'"):
            await rig.supervisor.create("plain", name="P", device_id="kept")
        rig.file.failure = None
        await trio.sleep(5)
        assert not any(batch.deletes for batch in rig.file.batches)
        await rig.supervisor.delete("kept")
        assert rig.file.batches[-1].deletes == ["kept"]
        await rig.supervisor.create("plain", name="P", device_id="kept")
        assert list(rig.supervisor.children.left_out.problems()) == []


async def test_whoever_waits_for_a_deleted_device_is_told(autojump_clock: MockClock) -> None:
    async with running(assemble(), paced=False) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        await wait_all_tasks_blocked()
        replies: list[Reply[object]] = [Reply() for _ in range(3)]
        for reply in replies:
            rig.supervisor.submit("p", command("set_power", power=5), reply)
        rig.supervisor.children.end(device)
        for reply in replies:
            with pytest.raises(DeviceGoneError):
                await reply.wait()
        with pytest.raises(UnknownDeviceError):
            rig.supervisor.get("p")
        await wait_all_tasks_blocked()
        assert rig.sent(Kind.STATUS, "p")[-1] is None


async def test_a_device_that_raises_is_restarted_from_its_last_state(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        await rig.supervisor.create("hvac", name="H", device_id="h")
        await trio.sleep(30)
        rig.failing.append(RuntimeError("broken bearing"))
        with pytest.raises(DeviceRestartingError):
            await rig.supervisor.simulate("p")
        rig.failing.clear()
        await trio.sleep(30)
        energies = [reading["energy"] for reading in rig.sent(Kind.DATA, "p")]
        assert energies == sorted(energies)
        assert energies[-1] == pytest.approx(10.0 * 60 / 3600, abs=10.0 * 5 / 3600)
        assert len(rig.sent(Kind.DATA, "h")) == 12


async def test_a_device_that_is_deleted_while_it_waits_to_restart_stays_gone(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p", location="hall")
        rig.failing.append(RuntimeError("broken bearing"))
        with pytest.raises(DeviceRestartingError):
            await rig.supervisor.simulate("p")
        rig.failing.clear()
        last, loads = device.model, device.model.site.loads
        await rig.supervisor.delete("p")
        await trio.sleep(30)
        assert device.model is last
        assert not loads


async def test_a_device_that_keeps_raising_is_left_in_error_and_its_siblings_go_on(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        await rig.supervisor.create("hvac", name="H", device_id="h")
        await trio.sleep(10)
        rig.failing.append(RuntimeError("broken bearing"))
        await trio.sleep(60)
        assert rig.sent(Kind.STATUS, "p")[-1]["status"] == "error"
        assert len(device.crashes) == RESTART_INTENSITY
        with pytest.raises(DeviceFailedError):
            await rig.supervisor.simulate("p")
        assert len(rig.sent(Kind.DATA, "h")) == 14


async def test_reboot_brings_a_device_back_from_error(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        rig.failing.append(RuntimeError("broken bearing"))
        await trio.sleep(60)
        rig.failing.clear()
        assert (await rig.supervisor.command("p", command("reboot"))).status == "applied"
        count = len(rig.sent(Kind.DATA, "p"))
        await trio.sleep(11)
        assert len(rig.sent(Kind.DATA, "p")) == count + 2
        assert rig.sent(Kind.STATUS, "p")[-1]["status"] == "online"


async def test_a_caller_that_gives_up_harms_no_one(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        with trio.CancelScope() as scope:
            scope.cancel()
            await rig.supervisor.command("p", command("set_power", power=7))
        assert (await rig.supervisor.command("p", command("set_power", power=8))).status
        reading = await rig.supervisor.simulate("p")
        assert reading.power == pytest.approx(8.0, rel=0.01)


async def test_a_disabled_device_draws_nothing_and_keeps_its_energy(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        await trio.sleep(20)
        await rig.supervisor.update("p", enabled=False)
        energy, count = device.reading(NOW).energy, len(rig.sent(Kind.DATA, "p"))
        await trio.sleep(20)
        assert device.reading(NOW).energy == energy
        assert device.reading(NOW).power == 0.0
        assert len(rig.sent(Kind.DATA, "p")) == count
        assert rig.sent(Kind.STATUS, "p")[-1]["enabled"] is False


async def test_an_offline_device_goes_on_consuming_and_publishes_no_data(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        await rig.supervisor.command("p", command("set_online", online=False))
        await trio.sleep(20)
        assert rig.sent(Kind.DATA, "p") == []
        assert rig.sent(Kind.STATUS, "p")[-1]["status"] == "offline"
        assert device.reading(NOW).energy > 0.0


async def test_a_reboot_is_offline_for_ten_seconds(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        await rig.supervisor.command("p", command("reboot"))
        assert rig.sent(Kind.STATUS, "p")[-1]["status"] == "offline"
        await trio.sleep(21)
        assert rig.sent(Kind.STATUS, "p")[-1]["status"] == "online"


async def test_a_new_interval_holds_at_once(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p", interval=3600.0)
        await trio.sleep(1)
        await rig.supervisor.command("p", command("set_interval", interval=1))
        await trio.sleep(10)
        assert 9 <= len(rig.sent(Kind.DATA, "p")) <= 10
