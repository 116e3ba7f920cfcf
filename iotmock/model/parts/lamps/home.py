"""A lamp of a home: a room, and somebody who switches it on when it is dark, for a while."""

from enum import IntEnum

from attrs import define, field, frozen

from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import gauss_at
from iotmock.model.numbers.traits import Traits
from iotmock.model.site.day import Day, DayKind
from iotmock.model.site.site import Conditions

_EVENING, _MORNING, _LENGTH, _GUESTS, _NIGHT, _LEVEL, _STANDBY = range(1, 8)


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
        self._day = day.number
        before = (
            (from_h - 24.0, until_h - 24.0)
            for from_h, until_h in self._sessions(day.number - 1, day)
            if until_h > 24.0
        )
        self.sessions = (*before, *self._sessions(day.number, day))
        self.restless = self._gauss(_STANDBY, day.number)
        levels = (1.0, 1.0, 0.6, 0.35) if self.dimmed else (1.0,)
        self.level = levels[int(abs(10.0 * self._gauss(_LEVEL, day.number))) % len(levels)]

    def _sessions(self, number: int, day: Day) -> tuple[Session, ...]:
        """Return a day's sessions: an evening, sometimes guests, a morning, a night."""
        found: list[Session] = []
        room, awake = self.room, day.home
        if self._gauss(_EVENING, number) > room.evenings + 0.5 * (1.0 - awake):
            begin_h = room.evening_h + self.shift_h + 0.8 * self._gauss(_EVENING + 10, number)
            length_h = room.length_h * self._stretch(_LENGTH, number)
            length_h *= 2.0 if self._gauss(_GUESTS, number) > 1.5 else 1.0
            found.append((begin_h, begin_h + length_h))
        if self._gauss(_MORNING, number) > room.mornings:
            late_h = 0.0 if day.kind is DayKind.WORKDAY else 1.5
            begin_h = 6.6 + 0.3 * self.shift_h + late_h + 0.4 * self._gauss(_MORNING + 10, number)
            found.append((begin_h, begin_h + 0.8 * self._stretch(_LENGTH + 10, number)))
        if self._gauss(_NIGHT, number) > room.nights:
            begin_h = 24.3 + 1.5 * abs(self._gauss(_NIGHT + 10, number))
            found.append((begin_h, begin_h + 1.2 * self._stretch(_LENGTH + 20, number)))
        return tuple(found)

    def _stretch(self, purpose: int, number: int) -> float:
        return exp(0.6 * max(-2.5, min(2.5, self._gauss(purpose, number))))

    def _gauss(self, purpose: int, number: int) -> float:
        return self.spread * gauss_at(self.seed ^ purpose, number)
