"""Where there are no wildcards: a subscription for each device."""

import pytest
import trio
from structlog.testing import capture_logs
from trio.testing import MockClock

from iotmock.actors.routers import own_topics
from iotmock.actors.routers.own_topics import OwnTopics
from tests.actors.rig import RememberedConnection, assemble, running

pytestmark = pytest.mark.trio


async def test_devices_that_come_are_heard_and_those_that_go_are_not(
    autojump_clock: MockClock,
) -> None:
    connection = RememberedConnection()
    async with running(assemble(), paced=False) as rig, trio.open_nursery() as nursery:
        await rig.supervisor.create("plain", device_id="a", name="a")
        nursery.start_soon(OwnTopics(rig.supervisor, connection).run)
        await trio.sleep(0.5)
        assert connection.followed == ["a"]
        await rig.supervisor.create("plain", device_id="b", name="b")
        await trio.sleep(1.5)
        assert connection.followed == ["a", "b"]
        await rig.supervisor.delete("a")
        await trio.sleep(1.5)
        assert connection.followed == ["b"]
        nursery.cancel_scope.cancel()


async def test_there_is_a_bound_which_is_said_once(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_topics, "MOST_TOPICS", 2)
    connection = RememberedConnection()
    async with running(assemble(), paced=False) as rig, trio.open_nursery() as nursery:
        for name in ("a", "b", "c"):
            await rig.supervisor.create("plain", device_id=name, name=name)
        with capture_logs() as logs:
            nursery.start_soon(OwnTopics(rig.supervisor, connection).run)
            await trio.sleep(5)
        assert len(connection.followed) == 2
        (line,) = [line for line in logs if "without wildcards" in line["event"]]
        assert (line["heard"], line["devices"]) == (2, 3)
        nursery.cancel_scope.cancel()
