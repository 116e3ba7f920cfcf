"""What switches lamps: people and daylight in an office, the sun over a street, a hand at home."""

from typing import Protocol

from attrs import define, frozen

from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.programs import Player, Program, Programs
from iotmock.model.site.site import Conditions

_LATEST_H = 0.75


class LampControls(Protocol):
    """Chooses the level of a group of lamps."""

    def target(self, site: Conditions, dt_s: float, /) -> float:
        """Advance by `dt_s` seconds; return the level that is asked for, 0 to 1."""
        ...


@frozen
class OfficeRules:
    """Zones that follow people, dimmed by daylight. Levels and fractions 0 to 1, hours local.

    Source: dimming by daylight and its lower limit after IEA SHC task 50, subtask C; the floor is
    escape-route lighting (EN 1838).
    """

    zones: int = 12
    daylight_saves: float = 0.62
    dimmest: float = 0.15
    floor: float = 0.03
    cleaners: float = 0.3
    cleaned_from_h: float = 19.5
    cleaned_until_h: float = 21.0


_OFFICE = OfficeRules()


@define(eq=False)
class OfficeControls:
    """`lit` zones are on. Zones follow people with some slack, so that lamps are flat."""

    late_h: float
    rules: OfficeRules = _OFFICE
    lit: int = 0

    @classmethod
    def make(cls, noise: Noise, spread: float) -> "OfficeControls":
        """Return an empty office."""
        return cls(_lateness(noise, spread))

    def target(self, site: Conditions, _dt_s: float) -> float:
        """See `LampControls.target`."""
        rules = self.rules
        wanted = site.occupancy * rules.zones
        if abs(wanted - self.lit) > 0.7:
            self.lit = int(wanted + 0.5)
        people = self.lit / rules.zones
        if people < rules.cleaners and self._cleaned(site):
            people = rules.cleaners
        dimmed = 1.0 - rules.daylight_saves * site.daylight
        dimmed = dimmed if dimmed > rules.dimmest else rules.dimmest
        return rules.floor + (1.0 - rules.floor) * people * dimmed

    def _cleaned(self, site: Conditions) -> bool:
        hour = site.hour - self.late_h
        return site.weekday < 5 and self.rules.cleaned_from_h <= hour < self.rules.cleaned_until_h


@frozen
class StreetRules:
    """Dusk to dawn, dimmed at night; hours local. Source: part-night dimming after ILP GN01."""

    dark_sine: float = -0.02
    night_level: float = 0.5
    night_from_h: float = 23.0
    night_until_h: float = 5.0


_STREET = StreetRules()


@define(eq=False)
class StreetControls:
    """A photocell that switches at its own darkness, and a clock that dims."""

    dark_sine: float
    rules: StreetRules = _STREET

    @classmethod
    def make(cls, noise: Noise, spread: float) -> "StreetControls":
        """Return a street lamp."""
        return cls(_STREET.dark_sine + 0.01 * _lateness(noise, spread))

    def target(self, site: Conditions, _dt_s: float) -> float:
        """See `LampControls.target`."""
        if site.sun_sine > self.dark_sine:
            return 0.0
        by_night = site.hour >= self.rules.night_from_h or site.hour < self.rules.night_until_h
        return self.rules.night_level if by_night else 1.0


# Sessions after Stokes, Rylatt, Lomas, "A simple model of domestic lighting demand", Energy and
# Buildings 36, 2004.
_SESSIONS = Programs(1.0, (Program("lamp", per_h=0.5, steps=((1.0, 50 * 60.0),)),))
_DARK_TO_SOME = 0.5
_DARK_TO_ALL = 0.1
"""Daylight below which the first, and at last everyone, finds a room too dark."""


@define(eq=False)
class HomeControls:
    """A lamp and a hand: who is at home and finds it dark switches it on, for a while."""

    sessions: Player

    @classmethod
    def make(cls, noise: Noise, spread: float) -> "HomeControls":
        """Return a lamp that is off."""
        return cls(Player.make(_SESSIONS, noise.branch(), spread))

    def target(self, site: Conditions, dt_s: float) -> float:
        """See `LampControls.target`."""
        dark = (_DARK_TO_SOME - site.daylight) / (_DARK_TO_SOME - _DARK_TO_ALL)
        return self.sessions.advance(site.at_home * max(0.0, min(1.0, dark)), dt_s)


def _lateness(noise: Noise, spread: float) -> float:
    return max(-_LATEST_H, min(_LATEST_H, 0.25 * spread * noise.gauss()))
