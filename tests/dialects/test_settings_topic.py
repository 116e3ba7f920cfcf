"""MQTT_SETTINGS_TOPIC: what commands have set is retained, as no other message says it."""

import msgspec
import pytest
import trio.testing

from iotmock.actors.messages import CommandRequest
from iotmock.dialects.native.dialect import Native
from tests.actors.rig import Rig, assemble, running

pytestmark = pytest.mark.trio
TOPIC = "energy/devices/l-1/settings"


def told(rig: Rig) -> list[object]:
    waiting = [*rig.publisher._first.values(), *rig.publisher._waiting]
    found = [one for one in waiting if one.topic == TOPIC]
    assert all(one.manner is not None and one.manner.retain for one in found)
    return [msgspec.json.decode(one.payload or b"null") for one in found]


async def lamp(rig: Rig) -> None:
    rig.supervisor.around.dialect = Native(says_settings=True)
    await rig.supervisor.create("lighting", name="Lamp", device_id="l-1")


async def test_settings_are_told_at_birth_on_change_and_removed(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with running(assemble()) as rig:
        await lamp(rig)
        dim = CommandRequest("set_brightness", {"percent": 40})
        for _ in range(2):
            await rig.supervisor.command("l-1", dim)
        await rig.supervisor.update("l-1", base_power=3.0, enabled=False)
        await rig.supervisor.delete("l-1")
        usual = {"device_id": "l-1", "base_power": 8.5, "base_voltage": 240.0, "interval": 5.0}
        usual |= {"enabled": True, "online": True, "brightness": 1.0}
        assert told(rig) == [
            usual,
            usual | {"brightness": 0.4},
            usual | {"brightness": 0.4, "base_power": 3.0, "enabled": False},
            None,
        ]


async def test_without_the_setting_nothing_is_told(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("lighting", name="Lamp", device_id="l-1")
        await rig.supervisor.command("l-1", CommandRequest("set_brightness", {"percent": 40}))
        await rig.supervisor.delete("l-1")
        assert not told(rig)
