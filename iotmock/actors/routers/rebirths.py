"""Rebirths: the whole fleet says again what it is, for a platform that has come up or asks."""

from collections.abc import Iterator

import trio
from attrs import define, field

from iotmock.actors.devices.device import MockDevice
from iotmock.actors.devices.sides.status import announce
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.errors import UnknownDeviceError
from iotmock.actors.messages import IncomingBirths

_SLICE = 50
"""Devices between two waits."""
REST_S = 1.0
"""After all have said it, so long nobody is heard who asks for it once more."""


def announce_one(supervisor: Supervisor, device_id: str) -> None:
    """Have a device say what it is, if there is one."""
    try:
        device = supervisor.get(device_id)
    except UnknownDeviceError:
        return
    announce(device.around, device.model)


@define(eq=False)
class Rebirths:
    """One walk through the fleet at a time: who asks meanwhile, however often, gets one more."""

    supervisor: Supervisor
    _asked: IncomingBirths | None = None
    _work: trio.Event = field(factory=trio.Event)

    def ask(self, request: IncomingBirths) -> None:
        """Have the whole fleet say what it is, once the walk that goes on is at its end."""
        self._asked = request
        self._work.set()

    async def run(self) -> None:
        """Walk whenever it was asked for, until cancelled."""
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


def _sliced(devices: tuple[MockDevice, ...]) -> Iterator[tuple[MockDevice, ...]]:
    return (devices[begin : begin + _SLICE] for begin in range(0, len(devices), _SLICE))
