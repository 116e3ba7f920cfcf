"""What an earlier life of the service has left of fleets' devices, and the rule for the others."""

from math import isnan

from attrs import define, evolve, field

from iotmock.actors.definitions.file import BLOCK, BlockKey, SavedBlock
from iotmock.actors.definitions.roster import Group
from iotmock.model.spec import DeviceRecord, DeviceSpec, DeviceState

_AS_MADE = DeviceState()


@define(eq=False)
class Past:
    """Makes the records of a group's devices. Each is taken from the past once, and then gone."""

    _blocks: dict[BlockKey, SavedBlock] = field(factory=dict)
    _devices: dict[str, DeviceRecord] = field(factory=dict)

    def record(self, group: Group, number: int) -> DeviceRecord:
        """Return what the device of this number is made from.

        Raises:
            InvalidFieldError: the rule makes no valid device.
        """
        device_id = group.id_of(number)
        known = self._devices.get(device_id)
        spec = known.spec if known else self._spec(group, device_id)
        energy, back, seen = self._counter(group, number)
        state = known.state if known else _AS_MADE
        if energy or back or seen or state is not _AS_MADE:
            state = evolve(state, energy_kwh=energy, back_kwh=back, last_seen=seen)
        return DeviceRecord(spec, group.created_at, state)

    def _spec(self, group: Group, device_id: str) -> DeviceSpec:
        return group.spec.device(device_id, group.seed)

    def _counter(self, group: Group, number: int) -> tuple[float, float, float | None]:
        key = BlockKey(group.fleet, group.spec.name, (number - 1) // BLOCK)
        block, index = self._blocks.get(key), (number - 1) % BLOCK
        if block is None or index >= len(block.energies):
            return 0.0, 0.0, None
        seen = block.last_seen[index]
        back = block.back[index] if block.back else 0.0
        return block.energies[index], back, None if isnan(seen) else seen

    def forget(self, device_id: str) -> None:
        """Take note that a device is made, or will not be."""
        self._devices.pop(device_id, None)

    def cut(self, group: Group) -> None:
        """Forget the counters beyond the top of a group: who comes there later begins anew."""
        for key, block in list(self._blocks.items()):
            if key[:2] == (group.fleet, group.spec.name):
                kept = max(0, group.top - key.number * BLOCK)
                del block.energies[kept:], block.last_seen[kept:], block.back[kept:]
                if not kept:
                    del self._blocks[key]
