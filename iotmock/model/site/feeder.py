"""The cable that the devices of one location share."""

from attrs import define

SAG = 0.012
"""Voltage lost / nominal at full load of all devices. Source: EN 50160 allows 10 % in all; grid
operators plan 3 % for the low-voltage feeder (VDE-AR-N 4105 reasons from the same)."""
MEMORY_S = 60.0


@define(eq=False)
class Feeder:
    """How loaded the feeder is: drawn power / rated power of all devices, over the last minute.

    Each tick of a device adds its energy and what it could have drawn; both fade together. That
    costs two additions a tick however many devices there are, weighs devices by their true time
    whatever their interval, and a device that is deleted, restarted or joins needs no word about
    it. A device sees the load that the ticks before it left, so the same order of ticks gives the
    same voltages.
    """

    drawn: float = 0.0
    rated: float = 0.0

    def draw(self, power_kw: float, rated_kw: float, dt_s: float) -> None:
        """Add a device's tick."""
        self.drawn += power_kw * dt_s
        self.rated += rated_kw * dt_s

    def fade(self, keep: float) -> None:
        """Let `keep` of the past remain."""
        self.drawn *= keep
        self.rated *= keep

    @property
    def sag(self) -> float:
        """Voltage lost / nominal."""
        return SAG * self.drawn / self.rated if self.rated else 0.0
