"""The platform mirror, beyond what it may mirror."""

import msgspec
import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from iotmock.actors.messages import IncomingEvent
from iotmock.actors.routers.platform_mirror import PlatformMirror
from tests.actors.rig import assemble, running

pytestmark = pytest.mark.trio


def event(action: str, number: int) -> IncomingEvent:
    payload = msgspec.json.encode({"device_data": {"type": "hvac", "name": f"D{number}"}})
    return IncomingEvent(f"device.{action}", f"d{number}", payload)


async def test_no_more_devices_are_mirrored_than_the_limit_and_that_is_said(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig, trio.open_nursery() as nursery:
        mirror = PlatformMirror(rig.supervisor, limit=2)
        nursery.start_soon(mirror.run)
        for number in range(5):
            await mirror.tell(event("created", number))
        await wait_all_tasks_blocked()
        assert [device.device_id for device in rig.supervisor] == ["mock-real-d0", "mock-real-d1"]
        assert mirror.statistics.left_out == 3
        [problem] = mirror.problems()
        assert "PLATFORM_SYNC_LIMIT" in problem
        await mirror.tell(event("updated", 1))
        await rig.supervisor.delete("mock-real-d0")
        await mirror.tell(event("updated", 4))
        await wait_all_tasks_blocked()
        assert [device.device_id for device in rig.supervisor] == ["mock-real-d1", "mock-real-d4"]
        nursery.cancel_scope.cancel()
