"""The reasons of the commands that are rejected over MQTT."""

from trio.testing import wait_all_tasks_blocked

from iotmock.actors.messages import IncomingCommand, Kind
from tests.actors.rig import Rig, assemble, running
from tests.mistakes.table import Mistake, mistakes
from tests.simulated_time import simulated_time


async def reason(rig: Rig, mistake: Mistake) -> str:
    before = len(rig.sent(Kind.RESULT))
    rig.router.route(IncomingCommand("h1", mistake.done.encode()))
    await wait_all_tasks_blocked()
    (result,) = rig.sent(Kind.RESULT)[before:]
    assert result["status"] == "rejected"
    return str(result["reason"])


@simulated_time
async def test_each_mistake_is_rejected_with_its_reason() -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("hvac", name="Roof", device_id="h1")
        found = [(one.done, await reason(rig, one)) for one in mistakes("commands")]
    assert found == [(one.done, one.says) for one in mistakes("commands")]
