"""The last messages of a device are kept while somebody looks at it, and at no other time."""

import trio
from trio.testing import wait_all_tasks_blocked

from iotmock.actors.messages import IncomingCommand, Kind
from iotmock.actors.stream.watches import MOST_KEPT
from tests.actors.rig import assemble, running
from tests.simulated_time import simulated_time

pytestmark = simulated_time


async def test_messages_are_kept_from_the_first_look_on() -> None:
    async with running(assemble()) as rig:
        watches = rig.supervisor.around.hub.watches
        await rig.supervisor.create("plain", name="D", device_id="d")
        await rig.supervisor.create("plain", name="E", device_id="e")
        await trio.sleep(5)
        assert watches.look("d")[0] == ()
        await trio.sleep(5)
        rig.router.route(IncomingCommand("d", b'{"command": "reset_energy"}'))
        await wait_all_tasks_blocked()
        said, _ = watches.look("d")
    assert [one.message.kind for one in said] == [Kind.DATA, Kind.RESULT]
    assert {one.message.device_id for one in said} == {"d"}


async def test_a_device_that_says_much_takes_no_more_room() -> None:
    async with running(assemble(interval=1.0)) as rig:
        watches = rig.supervisor.around.hub.watches
        await rig.supervisor.create("plain", name="D", device_id="d")
        watches.look("d")
        await trio.sleep(2 * MOST_KEPT)
        assert len(watches.look("d")[0]) == MOST_KEPT


async def test_who_was_not_asked_about_for_longest_makes_room() -> None:
    async with running(assemble()) as rig:
        hub = rig.supervisor.around.hub
        for number in range(101):
            hub.watches.look(str(number))
        assert len(hub.watches) == 100


async def test_a_device_that_is_deleted_is_not_looked_at_any_more() -> None:
    async with running(assemble()) as rig:
        around = rig.supervisor.around
        straight = around.send
        await rig.supervisor.create("plain", name="D", device_id="d")
        around.hub.watches.look("d")
        assert around.send != straight
        await rig.supervisor.delete("d")
        assert around.send == straight
