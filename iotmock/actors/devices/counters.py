"""The counters: how much energy each device may show before the file must say more."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from attrs import define, field

from iotmock.actors.devices.children import Children
from iotmock.actors.devices.device import MockDevice
from iotmock.actors.devices.membership import Membership
from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.errors import StorageError
from iotmock.actors.ports.registry_file import EnergyCount
from iotmock.actors.records.registry_writer import RESERVED_S
from iotmock.actors.time.cohorts import Cohorts
from iotmock.model.meter import TwoWayMeter


@define(eq=False)
class Counters:
    """The counters as the registry writer asks for them; fleets' come by `CounterBlocks`.

    No meter ever shows more than is durable, so that no life begins below what the last has shown.
    """

    around: Surroundings
    children: Children
    members: Membership
    _cohorts: Cohorts = field(init=False)
    """The pacer's, some steps nearer: every device comes by here once an interval."""

    def __attrs_post_init__(self) -> None:
        self._cohorts = self.around.pacer.cohorts

    def __call__(self, device_ids: Iterable[str] | None = None) -> Iterator[EnergyCount]:
        """Yield the counters of these devices, or of all, but for fleets'; see `EnergyCount`."""
        singles, coming = self.children.singles, self.members.coming
        wanted = tuple(singles if device_ids is None else device_ids)
        horizon = self.horizon(RESERVED_S)
        for device_id in wanted:
            if device_id in singles:
                yield self._count(singles[device_id], horizon)
            elif device_id in coming:
                yield self.children.models.first_counter(coming[device_id], RESERVED_S)

    def horizon(self, reserved_s: float) -> float:
        """Return the simulated time up to which a reserve of so many seconds must last."""
        return self.around.clock.now() + self.around.clock.span(reserved_s)

    def of(
        self, device_id: str, horizon: float
    ) -> tuple[MockDevice, EnergyCount] | tuple[None, None]:
        """Return a device and its counter, if there is one; see `EnergyCount`."""
        device = self.children.by_id.get(device_id)
        return (device, self._count(device, horizon)) if device else (None, None)

    def _count(self, device: MockDevice, horizon: float) -> EnergyCount:
        # Comparisons and no min or max: every device comes here once an interval.
        model, meter, ahead_s = device.model, device.model.meter, device.asked_s
        energy, to_horizon_s = meter.energy_kwh, horizon - device.handed_to
        if to_horizon_s > ahead_s and self._cohorts.next_due(device) <= horizon:
            ahead_s = to_horizon_s
        ahead = model.peak_kw * ahead_s / 3600.0
        reserved = energy + ahead
        # Nobody can know which of both the file will have when the process ends.
        meter.ceiling_kwh = min(meter.ceiling_kwh, reserved)
        if not isinstance(meter, TwoWayMeter):
            return EnergyCount(device.device_id, energy, reserved, device.last_seen)
        back = meter.back_kwh
        meter.back_ceiling_kwh = min(meter.back_ceiling_kwh, back + ahead)
        return EnergyCount(device.device_id, energy, reserved, device.last_seen, back, back + ahead)

    def note_saved(self, counts: Iterable[EnergyCount]) -> None:
        """Let meters show what is durable now."""
        for count in counts:
            if device := self.children.singles.get(count.device_id):
                device.model.meter.let_show(count.reserved_kwh, count.back_reserved_kwh)

    async def reserve(self, device: MockDevice, seconds: float) -> None:
        """See to it that the counter may show an extra tick; where it can not, it holds."""
        model, meter = device.model, device.model.meter
        if meter.lets(model.peak_kw * seconds / 3600.0):
            return
        device.asked_s = seconds
        with suppress(StorageError):  # which the registry writer has logged
            await self.around.registry.renew(device.device_id)
        device.asked_s = 0.0
