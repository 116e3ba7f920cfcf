"""A lamp of a home: a room, and somebody who switches it on when it is dark, for a while."""

from enum import IntEnum

from attrs import define, field, frozen

from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import gauss_at
from iotmock.model.numbers.traits import Traits
from iotmock.model.site.day import USUAL_HOURS, Day
from iotmock.model.site.site import Conditions

_EVENING, _MORNING, _LENGTH, _GUESTS, _NIGHT, _LEVEL, _STANDBY = range(1, 8)


_SUPPER_H = USUAL_HOURS.supper


class Room(IntEnum):
    """Where a lamp hangs decides when it burns."""

    LIVING = 0
    KITCHEN = 1
    BEDROOM = 2
    PASSAGE = 3


@frozen
class Lived:
    """How a room's lamp is used: hour and length of its evening, and of its morning (h).

    `mornings` and `nights` are the normal numbers that a day must exceed for the lamp to burn
    before work, and for somebody to be up (or to forget it) at night.

    Source: hours after Stokes, Rylatt, Lomas, "A simple model of domestic lighting demand", Energy
    and Buildings 36, 2004; lengths after tracebase's lamps: 11 to 260 min, in the median 105.
    """

    evening_h: float
    length_h: float
    mornings: float
    nights: float
    evenings: float = -0.9


ROOMS = {
    Room.LIVING: Lived(18.9, 3.6, mornings=1.5, nights=1.5),
    Room.KITCHEN: Lived(18.2, 1.9, mornings=-0.2, nights=2.2),
    Room.BEDROOM: Lived(21.6, 1.3, mornings=0.3, nights=0.9, evenings=-0.6),
    Room.PASSAGE: Lived(19.5, 2.8, mornings=0.8, nights=1.8, evenings=-0.2),
}

Session = tuple[float, float]
"""From and until, hours after the local midnight; it may reach into the next day."""


@define(eq=False)
class HomeControls:
    """A lamp and a hand. The day's sessions follow from seed and day alone."""

    seed: int
    spread: float
    room: Lived
    shift_h: float
    dark: float
    """Daylight below which the room is too dark."""
    dimmed: bool = False
    sessions: tuple[Session, ...] = ()
    level: float = 1.0
    lit: bool = False
    restless: float = field(default=0.0, init=False)
    _day: int = field(default=-1, init=False)

    @classmethod
    def make(cls, traits: Traits, *, dimmed: bool = False) -> "HomeControls":
        """Return a lamp that is off; `dimmed` is one that is set to a level each evening."""
        room = Room.LIVING
        for other, share in ((Room.KITCHEN, 0.25), (Room.BEDROOM, 0.35), (Room.PASSAGE, 0.35)):
            room = other if traits.among(share) else room
        shift_h, dark = traits.about(0.0, 0.7, -1.5, 1.5), traits.about(0.35, 0.15, 0.1, 0.9)
        return cls(traits.seed(), traits.spread, ROOMS[room], shift_h, dark, dimmed)

    def target(self, site: Conditions, hour: float, dt_s: float) -> float:
        """See `LampControls.target`."""
        if site.day.number != self._day:
            self._live(site.day)
        half_h = dt_s / 7200.0
        begin_h, end_h = hour - half_h, hour + half_h
        burning = 0.0
        for from_h, until_h in self.sessions:
            if from_h < end_h and until_h > begin_h:
                burning += min(until_h, end_h) - max(from_h, begin_h)
        if burning <= 0.0 or not (self.lit or site.daylight < self.dark):
            self.lit = False
            return 0.0
        self.lit = True
        return self.level * (burning / (2.0 * half_h) if half_h > 0.0 else 1.0)

    def _live(self, day: Day) -> None:
        known = self._day == day.number - 1
        yesterday = self.sessions if known else self._sessions(day.number - 1, day)
        late = ((from_h - 24.0, until_h - 24.0) for from_h, until_h in yesterday if until_h > 24.0)
        self._day = day.number
        self.sessions = (*late, *self._sessions(day.number, day))
        self.restless = self._gauss(_STANDBY, day.number)
        levels = (1.0, 1.0, 0.6, 0.35) if self.dimmed else (1.0,)
        self.level = levels[int(abs(10.0 * self._gauss(_LEVEL, day.number))) % len(levels)]

    def _sessions(self, number: int, day: Day) -> tuple[Session, ...]:
        """Return a day's sessions: an evening, sometimes guests, a morning, a night."""
        room, found = self.room, []
        if day.away:
            return ()
        if self._gauss(_EVENING, number) > room.evenings + 0.5 * (1.0 - day.home * day.evening):
            found.append(self._evening(number, day))
        if self._gauss(_MORNING, number) > room.mornings:
            shift_h = 0.3 * self.shift_h + 0.4 * self._gauss(_MORNING + 10, number)
            found.append(self._session(day.hours.rise + 0.1 + shift_h, 0.8, _LENGTH + 10, number))
        if self._gauss(_NIGHT, number) > room.nights:
            begin_h = 24.3 + 1.5 * abs(self._gauss(_NIGHT + 10, number))
            found.append(self._session(begin_h, 1.2, _LENGTH + 20, number))
        return tuple(found)

    def _evening(self, number: int, day: Day) -> Session:
        begin_h = self.room.evening_h + self.shift_h + 0.5 * (day.hours.supper - _SUPPER_H)
        begin_h += 0.8 * self._gauss(_EVENING + 10, number)
        guests = self._gauss(_GUESTS, number) > 1.5
        return self._session(
            begin_h, self.room.length_h * (2.0 if guests else 1.0), _LENGTH, number
        )

    def _session(self, begin_h: float, usual_h: float, purpose: int, number: int) -> Session:
        stretched = exp(0.75 * max(-2.5, min(2.5, self._gauss(purpose, number))))
        return begin_h, begin_h + usual_h * stretched

    def _gauss(self, purpose: int, number: int) -> float:
        return self.spread * gauss_at(self.seed ^ purpose, number)
