"""The full meters of a service: made for who asks, and what their tariffs must remember."""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice
from typing import Literal

from attrs import define, field

from iotmock.model.measures.full_meter import FullMeter, Metered
from iotmock.model.measures.tariffs import Tariffs

ReadingKind = Literal["basic", "full"]
_MARK = "full:"
"""Before an id, which has no colon: what a dialect remembers of the device is beside."""


def _the_services(device_id: str) -> ReadingKind | None:  # noqa: ARG001
    return None


@define(eq=False)
class FullMeters:
    """By device. It lives through a crash of its device, with the registers of its tariffs."""

    usual: ReadingKind = "basic"
    kind_of: Callable[[str], ReadingKind | None] = _the_services
    """What the readings of a device are, by its id; None: the service's."""
    _meters: dict[str, FullMeter] = field(factory=dict)
    _recalled: dict[str, bytes] = field(factory=dict)
    _turned: set[str] = field(factory=set)

    def wants(self, device_id: str) -> bool:
        """Say whether a device's readings are full."""
        return (self.kind_of(device_id) or self.usual) == "full"

    def of(self, device: Metered) -> FullMeter:
        """Return what measures a device, by the model that it has now."""
        name = device.spec.device_id
        meter = self._meters.get(name)
        if meter is None:
            tariffs = Tariffs(turned=partial(self._turned.add, name))
            if (memory := self._recalled.pop(_MARK + name, None)) is not None:
                tariffs.recall(memory)
            meter = self._meters[name] = FullMeter(device, tariffs)
        meter.device = device
        return meter

    def forget(self, device_id: str) -> None:
        """Keep nothing of a device that is gone."""
        if self._meters.pop(device_id, None) is not None:
            self._turned.add(device_id)

    # See `Remembers`

    def recall(self, memories: Mapping[str, bytes]) -> None:
        """Go on from these."""
        self._recalled = {name: one for name, one in memories.items() if name.startswith(_MARK)}

    def take_changed(self, most: int | None) -> dict[str, bytes | None]:
        """Return what is to be kept now and was not yet returned."""
        taken = list(islice(self._turned, most))
        self._turned.difference_update(taken)
        return {_MARK + name: self._memory_of(name) for name in taken}

    def _memory_of(self, device_id: str) -> bytes | None:
        meter = self._meters.get(device_id)
        return None if meter is None else meter.tariffs.memory()
