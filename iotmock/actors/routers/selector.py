"""Which devices of the fleet a request is for."""

from collections.abc import Iterator

import trio
from attrs import frozen

from iotmock.actors.devices.device import MockDevice
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.model.numbers.noise import seed_of

_SHARE = 2.0**64
_WALK = 5_000
"""Devices that are looked at between two turns of the others: a few milliseconds."""


@frozen
class Selector:
    """Which devices: those that meet all that is given. `share` is of those, drawn by `seed`."""

    device_type: str | None = None
    location: str | None = None
    ids: tuple[str, ...] | None = None
    share: float = 1.0
    seed: int = 0

    def chooses(self, device: MockDevice) -> bool:
        """Say whether a device is chosen; the same ones every time."""
        spec = device.model.spec
        return (
            self.device_type in {None, spec.device_type}
            and self.location in {None, spec.location}
            and (self.share >= 1.0 or seed_of(self.seed, spec.device_id) < self.share * _SHARE)
        )

    def of(self, supervisor: Supervisor) -> Iterator[MockDevice]:
        """Yield the devices that are chosen.

        Raises:
            UnknownDeviceError: an id is not of the fleet.
        """
        candidates = supervisor if self.ids is None else map(supervisor.get, self.ids)
        return (device for device in candidates if self.chooses(device))

    async def ids_of(self, supervisor: Supervisor) -> list[str]:
        """Return the ids of the devices that are chosen, each once, without holding others up.

        Raises:
            UnknownDeviceTypeError: there is no such type.
            UnknownDeviceError: an id is not of the fleet.
        """
        if self.device_type is not None:
            supervisor.catalogue.get(self.device_type)
        known = tuple(supervisor) if self.ids is None else tuple(map(supervisor.get, self.ids))
        found = dict[str, None]()
        for number, device in enumerate(known, start=1):
            if self.chooses(device):
                found[device.device_id] = None
            if number % _WALK == 0:
                await trio.lowlevel.checkpoint()
        return list(found)
