"""Rigs whose time of day a test sets."""

import trio

from iotmock.actors.definitions.file import SavedFleets
from iotmock.actors.messages import Kind
from iotmock.actors.records.last_seen import LastSeen
from iotmock.model.spec import DeviceRecord, DeviceSpec, DeviceState
from tests.actors.rig import NOON, Rig, assemble

DAY_S = 86_400.0


class Wall:
    """The time of day, which a test sets."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return NOON + trio.current_time() + self.ahead


def stamps(rig: Rig, device_id: str) -> list[str]:
    return [message["timestamp"] for message in rig.sent(Kind.DATA, device_id)]


def with_history(days: float, wall: Wall) -> Rig:
    rig = assemble()
    rig.clock.wall = wall
    rig.clock.begin_history(NOON - days * DAY_S)
    return rig


FUTURE = DeviceSpec("p", "plain", "P", 10.0, 240.0)
A_DAY_AHEAD = DeviceState(energy_kwh=5.0, last_seen=NOON + DAY_S)


async def begun_again(rig: Rig, nursery: trio.Nursery) -> None:
    """Run a second life with a device that the first has seen a day from now."""
    record = DeviceRecord(FUTURE, NOON - DAY_S, A_DAY_AHEAD)
    rig.pacer.time_of_day.look_back(LastSeen.of([record], SavedFleets()))
    nursery.start_soon(rig.registry.run, rig.supervisor.counters)
    await nursery.start(rig.supervisor.run, [record])
    await rig.registry.write_now(rig.supervisor.counters)
    nursery.start_soon(rig.pacer.run)
