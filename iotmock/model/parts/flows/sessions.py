"""Cars at a charging point: from the plug through ramp, plateau and taper until they leave."""

from attrs import define, evolve, field, frozen

from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.flows.store import Chemistry, Store
from iotmock.model.parts.flows.visits import Habit, Visit, visits
from iotmock.model.site.day import Day, kind_of
from iotmock.model.site.site import Conditions

_SHAKES_HANDS_S, _RAMPS_S = 12.0, 10.0
"""From the plug to the first current (IEC 61851-1: within 3 s of the contactor; cars take longer to
wake), and from there to all of it."""
_EMPTY_WAITS = 0.00025
_FULL_WAITS = 0.0006
"""What a point draws / rating without a car, and a full car with its lights on: some watts."""
# A car's own charger ends with a taper of minutes, at constant voltage.
_CELLS = Chemistry(into=0.90, out=1.0, tapers_from=0.96, least=0.12)
_HOLDS = 4.0
"""What a car holds / what it needs: they come a quarter empty."""


@frozen
class Point:
    """A charging point as sold: its rating, by what it takes at most on each phase."""

    habit: Habit
    rated_kw: float
    amperes: float
    phases: int = 3


@define(eq=False)
class Session:
    """A car that is plugged in, and how its battery stands. `taken_h` / rating, from the grid."""

    visit: Visit
    cells: Store
    most: float
    """What it takes at most / rating."""
    taken_h: float = 0.0


@define(eq=False)
class Socket:
    """Where cars are plugged in. `limit_a` is the most current of each phase, A.

    `coming` are the cars of today that are still to come, `resumed` is what an earlier life knew of
    the session that it left: when that began, what was stored and taken.
    """

    point: Point
    seed: int
    spread: float
    waits: float
    limit_a: float
    session: Session | None = None
    day: Day | None = None
    coming: list[Visit] = field(factory=list)
    resumed: tuple[float, float, float] | None = None
    volts: float = 1.0
    """Voltage / nominal voltage: what is limited is current."""

    @classmethod
    def drawn(cls, point: Point, noise: Noise, spread: float) -> "Socket":
        """Return one at which no car is, and which has its own people."""
        point = evolve(point, habit=point.habit.of_one(noise, spread))
        waits = max(0.3, 1.0 + 0.3 * spread * noise.gauss())
        return cls(point, noise.branch().state, spread, waits, point.amperes)

    def live(self, site: Conditions, dt_s: float) -> float:
        """Return the mean power of a tick / rating."""
        self.volts = site.voltage_factor
        end_s = site.now + 0.5 * dt_s
        if site.day is not self.day and site.day != self.day:
            self._plan(site)
        if not self.coming and self.session is None:
            return _EMPTY_WAITS * self.waits
        return self._through(end_s - dt_s, end_s)

    def _plan(self, site: Conditions) -> None:
        """Find out who comes today; at first, who came yesterday and is there still, too."""
        midnight_s = float(round((site.now - 3600.0 * site.hour) / 900.0)) * 900.0
        if self.day is None:
            yesterday = _day_before(site.day)
            self.coming = self._visits(yesterday, midnight_s - 86_400.0)
        self.day = site.day
        last_s = max((visit.goes_s for visit in self.coming), default=0.0)
        if self.session is not None:
            last_s = max(last_s, self.session.visit.goes_s)
        today = self._visits(site.day, midnight_s)
        self.coming += [visit for visit in today if visit.comes_s >= last_s]

    def _visits(self, day: Day, midnight_s: float) -> list[Visit]:
        return visits(self.point.habit, self.seed, day, midnight_s, self.spread)

    def _through(self, begin_s: float, end_s: float) -> float:
        """Live from event to event; return the mean power."""
        at_s, work = begin_s, 0.0
        while True:
            self._meet(at_s)
            until_s = min(end_s, self._next_s(at_s))
            span_s = until_s - at_s
            work += self._part(at_s, span_s) * span_s
            at_s = until_s
            if at_s >= end_s:
                break
        length_s = end_s - begin_s
        return work / length_s if length_s else self._part(end_s, 0.0)

    def _meet(self, at_s: float) -> None:
        """Let who must leave go, and who comes in."""
        session = self.session
        if session is not None and session.visit.goes_s <= at_s:
            self.session = session = None
        while session is None and self.coming and self.coming[0].comes_s <= at_s:
            visit = self.coming.pop(0)
            if visit.goes_s > at_s:
                self.session = session = self._plugged(visit)

    def _plugged(self, visit: Visit) -> Session:
        point = self.point
        phases = min(visit.phases, point.phases)
        most = min(1.0, visit.amperes / point.amperes) * phases / point.phases
        needs_h = visit.needs_kwh / point.rated_kw
        holds_h = _HOLDS * needs_h
        session = Session(visit, Store(_CELLS, holds_h, holds_h - needs_h), most)
        if self.resumed is not None and self.resumed[0] == visit.comes_s:
            _, session.cells.stored_h, session.taken_h = self.resumed
        self.resumed = None
        return session

    def _next_s(self, at_s: float) -> float:
        session = self.session
        if session is None:
            return self.coming[0].comes_s if self.coming else float("inf")
        comes_s = session.visit.comes_s
        for event_s in (comes_s + _SHAKES_HANDS_S, comes_s + _SHAKES_HANDS_S + _RAMPS_S):
            if at_s < event_s:
                return event_s
        return session.visit.goes_s

    def _part(self, at_s: float, span_s: float) -> float:
        """Return the mean power of a span without an event."""
        session = self.session
        if session is None:
            return _EMPTY_WAITS * self.waits
        waits = (_EMPTY_WAITS + _FULL_WAITS) * self.waits
        since_s = at_s - session.visit.comes_s - _SHAKES_HANDS_S
        if since_s < 0.0:
            return waits
        most = self._allowed(session)
        if since_s < _RAMPS_S:
            most *= (since_s + 0.5 * span_s) / _RAMPS_S
        best = session.most * self.volts
        taken = session.cells.charge(most, best, span_s / 3600.0)
        session.taken_h += taken * span_s / 3600.0
        return waits + taken

    def _allowed(self, session: Session) -> float:
        point, visit = self.point, session.visit
        amperes = min(self.limit_a, visit.amperes, point.amperes)
        return self.volts * amperes / point.amperes * min(visit.phases, point.phases) / point.phases


def _day_before(day: Day) -> Day:
    weekday = (day.weekday - 1) % 7
    return Day(day.number - 1, weekday, kind_of(weekday), day.summer)
