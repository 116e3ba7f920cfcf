"""Faults of an earlier life that wait for their device: fleets make theirs after the start."""

from attrs import define, field

from iotmock.actors.devices.sides.faults import resume
from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.ports.ledger_file import OpenFault
from iotmock.model.device import Device
from iotmock.model.faults.notes import Closed


@define(eq=False)
class AwaitedFaults:
    """Open faults by the id of a device that has yet to be made."""

    around: Surroundings
    by_id: dict[str, list[OpenFault]] = field(factory=dict)

    def wait(self, fault: OpenFault) -> None:
        """Have a fault go on once its device is there."""
        self.by_id.setdefault(fault.injection.device_id, []).append(fault)

    def go_on(self, model: Device) -> None:
        """Go on with those of a device that was just made."""
        for fault in self.by_id.pop(model.spec.device_id, ()):
            resume(self.around, model, fault)

    def give_up(self, device_id: str) -> None:
        """Put on record that those of a device are over, because it will not be made."""
        faults, now = self.by_id.pop(device_id, ()), self.around.clock.now()
        self.around.ledger.tell([Closed(fault.injection, now) for fault in faults])
