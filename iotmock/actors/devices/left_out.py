"""Devices that are kept and do not run: what they are made of is not there in this life."""

from collections import defaultdict
from collections.abc import Collection, Iterator

import structlog
from attrs import define, field, frozen

from iotmock.actors.errors import DeviceLeftOutError
from iotmock.model.spec import DeviceRecord

log = structlog.get_logger()

BRING_IT = "restart with what brings it (a profile of replay: REPLAY_FOLDER)"
"""What to do where a type or a profile is not known any more."""
_SHOWN = 5


@frozen
class _Kept:
    record: DeviceRecord
    reason: str


@define(eq=False)
class LeftOut:
    """By id. Their records stay as they are, for a life that can run them again."""

    _kept: dict[str, _Kept] = field(factory=dict)

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __contains__(self, device_id: str) -> bool:
        return device_id in self._kept

    def add(self, record: DeviceRecord, reason: str) -> None:
        """Keep a device that can not be made, and why."""
        log.warning("left out", device=record.spec.device_id, reason=reason)
        self._kept[record.spec.device_id] = _Kept(record, reason)

    def record(self, device_id: str) -> DeviceRecord | None:
        """Return what is kept of a device, if it is left out."""
        kept = self._kept.get(device_id)
        return kept.record if kept else None

    def refuse(self, device_id: str) -> None:
        """Refuse the id of a device that is kept: a new one would take the place of its record.

        Raises:
            DeviceLeftOutError: it is.
        """
        if kept := self._kept.get(device_id):
            raise DeviceLeftOutError(device_id, kept.reason)

    def forget(self, device_id: str) -> None:
        """Take note that a device was deleted."""
        self._kept.pop(device_id, None)

    def problems(self) -> Iterator[str]:
        """See `Part`."""
        ids = defaultdict[str, list[str]](list)
        for device_id, kept in self._kept.items():
            ids[kept.reason].append(device_id)
        for reason, some in ids.items():
            what = f"single devices that are kept do not run: {len(some):,} ({listed(some)})"
            yield f"{what}: {reason}; {BRING_IT}, or delete them"


def listed(names: Collection[str]) -> str:
    """Return the first names, and how many there are beside them."""
    shown = ", ".join(tuple(names)[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else shown
