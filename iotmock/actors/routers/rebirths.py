"""Rebirths: devices say again what they are, for a platform that has come up or asks."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import trio
from attrs import define, field

from iotmock.actors.devices.sides.status import announce
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.errors import UnknownDeviceError
from iotmock.actors.messages import IncomingBirths

T = TypeVar("T")

_SLICE = 50
"""Devices between two waits."""
REST_S = 1.0
"""After it was said, so long nobody is heard who asks for it once more."""


def announce_one(supervisor: Supervisor, device_id: str) -> bool:
    """Have a device say what it is; return whether there is one."""
    try:
        device = supervisor.get(device_id)
    except UnknownDeviceError:
        return False
    announce(device.around, device.model)
    return True


@define(eq=False)
class OwnRebirths:
    """Single devices: each says it at once, and to who asks meanwhile, however often, once more."""

    supervisor: Supervisor
    _resting: set[str] = field(factory=set)
    _asked: set[str] = field(factory=set)
    _work: trio.Event = field(factory=trio.Event)

    def ask(self, device_id: str) -> None:
        """Have a device say what it is, if there is one, once it has rested from the last time."""
        if device_id in self._resting:
            self._asked.add(device_id)
        elif announce_one(self.supervisor, device_id):
            self._resting.add(device_id)
            self._work.set()

    async def run(self) -> None:
        """Let them rest, and say what was asked for meanwhile, until cancelled."""
        while True:
            await self._work.wait()
            await trio.sleep(REST_S)
            asked, self._asked = tuple(self._asked), set()
            self._resting.clear()
            self._work = trio.Event()
            for some in _sliced(asked):
                for device_id in some:
                    self.ask(device_id)
                await trio.lowlevel.checkpoint()


@define(eq=False)
class Rebirths:
    """One walk through the fleet at a time: who asks meanwhile, however often, gets one more."""

    supervisor: Supervisor
    own: OwnRebirths = field(init=False)
    _asked: IncomingBirths | None = None
    _work: trio.Event = field(factory=trio.Event)

    def __attrs_post_init__(self) -> None:
        self.own = OwnRebirths(self.supervisor)

    def ask(self, request: IncomingBirths) -> None:
        """Have the whole fleet say what it is, once the walk that goes on is at its end."""
        self._asked = request
        self._work.set()

    async def run(self) -> None:
        """Have it said whenever it was asked for, until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.own.run)
            nursery.start_soon(self._walk_when_asked)

    async def _walk_when_asked(self) -> None:
        while True:
            await self._work.wait()
            request, self._work = self._asked, trio.Event()
            if request is not None:
                await self._walk(request.spread_s)
            await trio.sleep(REST_S)

    async def _walk(self, spread_s: float) -> None:
        devices = tuple(self.supervisor)
        pause_s = spread_s * _SLICE / max(1, len(devices))
        for some in _sliced(devices):
            for device in some:
                if not device.gone:
                    announce(device.around, device.model)
            await trio.sleep(pause_s)


def _sliced(all_of_them: Sequence[T]) -> Iterator[Sequence[T]]:
    return (all_of_them[begin : begin + _SLICE] for begin in range(0, len(all_of_them), _SLICE))
