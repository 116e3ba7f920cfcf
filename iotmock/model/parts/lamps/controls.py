"""What lamps ask of whatever switches them."""

from typing import Protocol

from iotmock.model.site.site import Conditions


class LampControls(Protocol):
    """Chooses the level of a group of lamps."""

    restless: float
    """A normal number that holds for a while: what the standby of the drivers wanders with."""

    def target(self, site: Conditions, hour: float, dt_s: float, /) -> float:
        """Advance to `hour`, `dt_s` seconds on; return the level that is asked for, 0 to 1."""
        ...
