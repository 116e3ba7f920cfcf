"""The island that a location is while the grid is away and a battery feeds it."""

from typing import Protocol

from attrs import define, field

_HEADROOM = 0.95
"""Of what a battery can do, is given away: a load's meter and its power differ by a percent or so.
"""
_LARGEST = 0.5
"""Of what the batteries are rated: what is rated more, a car or a boiler, is not on the backup's
side. Judgement; installers connect lights, sockets, fridge and network to it."""


class Backup(Protocol):
    """What a battery is to an island. Shares of its rating."""

    islanded: bool
    """Whether the grid is away: it has nothing to follow then but its island."""

    def gives(self) -> float:
        """Return what it can give over another tick like the last one; 0 without a backup."""
        ...

    def takes(self) -> float:
        """Return what it can take over another tick like the last one; 0 without a backup."""
        ...


@define(eq=False)
class Island:
    """Who lives in the dark at one location, who feeds them, and how much flows. Powers in kW.

    Loads are let in as far as the batteries can give, suns as far as somebody takes: so whoever
    ticks after both, as batteries do, finds what it can balance.
    """

    sources: dict[str, tuple[Backup, float]] = field(factory=dict)
    """Batteries that are in the dark, with their rating, by device."""
    members: dict[str, float] = field(factory=dict)
    """What each of the others draws, by device; what a sun gives is negative."""
    drawn_kw: float = 0.0
    """By loads alone."""
    sun_kw: float = 0.0
    cut: bool = False
    """Whether the main meter is in the dark: what flows then does not pass it."""

    @property
    def dark(self) -> bool:
        """Whether the grid is away."""
        return self.cut or bool(self.members or self.sources)

    @property
    def up(self) -> bool:
        """Whether a battery feeds it."""
        return any(backup.gives() > 0.0 for backup, _ in self.sources.values())

    @property
    def limit_kw(self) -> float:
        """What its batteries can give."""
        return _HEADROOM * sum(backup.gives() * kw for backup, kw in self.sources.values())

    @property
    def room_kw(self) -> float:
        """What its batteries can take."""
        return _HEADROOM * sum(backup.takes() * kw for backup, kw in self.sources.values())

    def connects(self, rated_kw: float) -> bool:
        """Say whether a load is on the backup's side."""
        return rated_kw <= _LARGEST * sum(kw for _, kw in self.sources.values())

    def let_in(self, device_id: str, power_kw: float) -> float:
        """Let a member draw, or give where it is negative; return what is let."""
        self._book(device_id, 0.0)
        if power_kw > 0.0:
            let = power_kw if self.drawn_kw + power_kw <= self.limit_kw else 0.0
        else:
            most = _HEADROOM * self.drawn_kw + self.room_kw
            let = -min(-power_kw, most)
        self._book(device_id, let)
        return let

    def _book(self, device_id: str, power_kw: float) -> None:
        before, self.members[device_id] = self.members.get(device_id, 0.0), power_kw
        self.drawn_kw += max(0.0, power_kw) - max(0.0, before)
        self.sun_kw += max(0.0, -power_kw) - max(0.0, -before)

    def leave(self, device_id: str) -> None:
        """Forget who is back on the grid, or gone."""
        if device_id in self.members:
            self._book(device_id, 0.0)
            del self.members[device_id]
        if not self.members:
            self.drawn_kw = self.sun_kw = 0.0  # what rounding has left
        source = self.sources.pop(device_id, None)
        if source is not None:
            source[0].islanded = False
