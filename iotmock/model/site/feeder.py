"""The cable that the devices of one location share."""

from functools import lru_cache

from attrs import define

SHARED_PER_KW = 0.0030
"""Voltage lost / nominal for each kW that a household draws.

Source: 0.25 Ω of feed in the UCI household (realism2.md) on a single phase of 240 V, of which 0.17
Ω are taken to be shared and the rest the device's own line.
"""
OWN_PER_KW = 0.0014
_HOUSEHOLD_KW = 7.0
_OWN_KW = 4.3
"""What is rated more has a cable, and a transformer, for more: so that at full load of everything
2 % are lost in what is shared and 0.6 % in the own line. EN 50160 allows 10 % in all, grid
operators plan 3 % for the low-voltage feeder."""
MEMORY_S = 60.0
LONG_MEMORY_S = 3600.0
_LEAST_S = 1e-3
"""Of the time that is remembered: what faded away in a month of pause is nothing to divide by."""


@lru_cache(maxsize=1024)  # devices of one rating share it
def own_drop(rated_kw: float) -> float:
    """Return the voltage lost / nominal in the line of a device that draws what it is rated."""
    return OWN_PER_KW * rated_kw / (1.0 + rated_kw / _OWN_KW)


@define(eq=False)
class Feeder:
    """What a location draws, kW, over the last minute, and what it is rated, over the last hour.

    Each tick of a device adds its energy and what it could have drawn; both fade together. That
    costs a few additions a tick however many devices there are, weighs devices by their true time
    whatever their interval, and a device that is deleted, restarted or joins needs no word about
    it. A device sees the load that the seconds before it left, so the same ticks give the same
    voltages.
    """

    drawn: float = 0.0
    rated: float = 0.0
    installed: float = 0.0
    """kW·s that would have been at full load over `clock_s`, the seconds that are remembered."""
    clock_s: float = 0.0
    waiting_s: float = 0.0
    """Of the time before this moment, which its ticks are about."""
    sag: float = 0.0
    """Voltage lost / nominal."""

    def draw(self, power_kw: float, rated_kw: float, dt_s: float) -> None:
        """Add a device's tick."""
        could = rated_kw * dt_s
        self.drawn += power_kw * dt_s
        self.rated += could
        self.installed += could
        if not self.clock_s:
            self.clock_s = dt_s if dt_s > _LEAST_S else _LEAST_S

    def fade(self, keep: float, elapsed_s: float, long_keep: float) -> None:
        """Go on by `elapsed_s`: `keep` of the last minute remains, `long_keep` of the last hour."""
        self.drawn *= keep
        self.rated *= keep
        self.installed *= long_keep
        if self.clock_s:
            # The ticks of a moment come after it: the time before them counts with them.
            clock_s = (self.clock_s + self.waiting_s) * long_keep
            self.clock_s = clock_s if clock_s > _LEAST_S else _LEAST_S
            self.waiting_s = elapsed_s
            rated_kw = self.installed / self.clock_s
            drawn_kw = rated_kw * self.drawn / self.rated if self.rated else 0.0
            self.sag = SHARED_PER_KW * drawn_kw / (1.0 + rated_kw / _HOUSEHOLD_KW)
