"""When devices were last seen in earlier lives of the service."""

from array import array
from collections.abc import Iterable
from math import isnan

from attrs import frozen

from iotmock.actors.definitions.file import SavedFleets
from iotmock.model.spec import DeviceRecord


@frozen
class LastSeen:
    """Unix seconds, one for each device that was seen; and whether there is one that never was."""

    moments: "array[float]"
    complete: bool

    @classmethod
    def of(cls, records: Iterable[DeviceRecord], fleets: SavedFleets) -> "LastSeen":
        """Return what the state file knows of single devices and of fleets."""
        ids = [record.state.last_seen for record in records]
        moments = array("d", (seen for seen in ids if seen is not None))
        singles = len(moments) == len(ids)
        for block in fleets.blocks.values():
            moments.extend(seen for seen in block.last_seen if not isnan(seen))
        wanted = sum(fleet.wanted for fleet in fleets.fleets)
        return cls(moments, singles and len(moments) >= len(ids) + wanted)

    def beginning(self, start: float, now: float) -> float:
        """Return where history begins: no device lives again through what it has lived through."""
        if not (self.complete and self.moments):
            return start
        earliest = min(self.moments)
        return max(start, min(now, earliest))

    def after(self, now: float) -> tuple[int, float]:
        """Return how many devices were seen later than `now`, and by how many s at most."""
        later = [seen - now for seen in self.moments if seen > now]
        return len(later), max(later, default=0.0)
