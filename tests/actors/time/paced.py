"""A device that takes ticks, and a pacer for it."""

import trio
from attrs import define, field

from iotmock.actors.messages import Tick
from iotmock.actors.time.clock import Clock
from iotmock.actors.time.pacer import Pacer
from tests.actors.rig import NOON


@define(eq=False)
class Paced:
    """Takes ticks at once, or never."""

    device_id: str
    interval: float = 5.0
    handed_to: float = NOON
    _waits: bool = False
    deaf: bool = False
    place: int = 0
    full: bool = False
    ticks: list[Tick] = field(factory=list)
    told: trio.Event = field(factory=trio.Event)

    @property
    def tick_waits(self) -> bool:
        return self._waits

    @tick_waits.setter
    def tick_waits(self, waits: bool) -> None:
        self._waits = waits and self.deaf

    @property
    def beat(self) -> str:
        return self.device_id

    @property
    def inbox(self) -> "Paced":
        return self

    def put(self, message: Tick) -> None:
        if self.full:
            raise trio.WouldBlock
        self.ticks.append(message)
        self.told.set()


async def pace(pacer: Pacer, seconds: float) -> None:
    with trio.move_on_after(seconds):
        await pacer.run()


def make_pacer() -> Pacer:
    return Pacer(Clock(NOON - trio.current_time()), 5.0)
