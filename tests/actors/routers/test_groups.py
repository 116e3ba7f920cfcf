"""A command for all devices of a location, over MQTT."""

import msgspec
import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from iotmock.actors.messages import IncomingGroupCommand, Kind
from iotmock.actors.ports.wire import Whose
from iotmock.actors.routers.own_topics import OwnTopics
from tests.actors.rig import RememberedConnection, Rig, assemble, running

pytestmark = pytest.mark.trio
ROOF = {"a": "Roof", "b": "Roof", "c": "Cellar", "d": ""}


async def make(rig: Rig, places: dict[str, str]) -> None:
    for name, location in places.items():
        await rig.supervisor.create("plain", device_id=name, name=name, location=location)


async def tell(rig: Rig, location: str, payload: bytes = b'{"command": "reboot"}') -> list[str]:
    await rig.router.route_group(IncomingGroupCommand(location, payload))
    await wait_all_tasks_blocked()
    return sorted(result["device_id"] for result in rig.sent(Kind.RESULT))


async def test_every_device_of_the_location_answers_for_itself(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await make(rig, ROOF)
        payload = {"command": "set_power", "parameters": {"power": 3.0}, "id": "g-1"}
        assert await tell(rig, "Roof", msgspec.json.encode(payload)) == ["a", "b"]
        powers = {device.device_id: device.model.spec.base_power for device in rig.supervisor}
        assert powers == {"a": 3.0, "b": 3.0, "c": 10.0, "d": 10.0}
        assert await tell(rig, "Attic") == ["a", "b"]


async def test_what_is_no_command_is_answered_by_each(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await make(rig, ROOF)
        assert await tell(rig, "Roof", b"nonsense") == ["a", "b"]
        assert rig.router.statistics.rejected == 2


async def test_a_large_location_lets_others_have_their_turn(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await make(rig, {f"d{number}": "Roof" for number in range(300)})
        await rig.supervisor.create("plain", device_id="x", name="x")
        order: list[str] = []

        async def other() -> None:
            await trio.lowlevel.checkpoint()
            order.append("other")

        async with trio.open_nursery() as nursery:
            nursery.start_soon(other)
            await rig.router.route_group(IncomingGroupCommand("Roof", b'{"command": "reboot"}'))
            order.append("group")
        await wait_all_tasks_blocked()
        assert order == ["other", "group"]
        assert len(rig.sent(Kind.RESULT)) == 300


async def test_without_wildcards_each_location_has_its_own_topic(autojump_clock: MockClock) -> None:
    connection = RememberedConnection()
    async with running(assemble(), paced=False) as rig, trio.open_nursery() as nursery:
        await make(rig, ROOF | {"e": "a/b"})
        nursery.start_soon(OwnTopics(rig.supervisor, connection, Whose.LOCATION).run)
        await trio.sleep(0.5)
        assert connection.followed == ["Roof", "Cellar"]
        await rig.supervisor.delete("c")
        await trio.sleep(1.5)
        assert connection.followed == ["Roof"]
        nursery.cancel_scope.cancel()
