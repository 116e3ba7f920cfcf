"""Charging points: a car comes, takes what it needs as fast as it may, is full, and leaves."""

from collections.abc import Callable, Mapping
from typing import Annotated

from attrs import define, evolve, field, frozen

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Extra, Family, Profile
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.flows.store import Chemistry, Store
from iotmock.model.parts.flows.visits import Habit, Visit, visits
from iotmock.model.quantities import quantity
from iotmock.model.site.day import Day, kind_of
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import Setting, read_setting

AMPERES = (6.0, 32.0)
"""What a pilot signal can ask for (IEC 61851-1, annex A)."""
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
_BUSY = 0.02
_ANY_TIME_S = (-1e12, 1e12)
_ANY_ENERGY_H = (0.0, 1e6)


class SetCurrentLimit(Command, frozen=True):
    """Limit the charging current of each phase, in A."""

    name = "set_current_limit"
    current: Annotated[float, quantity(AMPERES, "A", "most current of each phase")]


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
class EvCharger:
    """One charging point. `limit_a` is what a command allows on each phase.

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
    power: float = 0.0
    rated_kw: float = 1.0

    @classmethod
    def make(cls, noise: Noise, variation: float, point: Point) -> "EvCharger":
        """Return a point at which no car is."""
        spread = spread_of(variation)
        point = evolve(point, habit=point.habit.of_one(noise, spread))
        waits = max(0.3, 1.0 + 0.3 * spread * noise.gauss())
        return cls(point, noise.branch().state, spread, waits, point.amperes)

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        self.rated_kw = site.rated_kw
        end_s = site.now + 0.5 * dt_s
        if site.day is not self.day and site.day != self.day:
            self._plan(site)
        if not self.coming and self.session is None:
            self.power = power = _EMPTY_WAITS * self.waits
            return power
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
        self.power = power = work / length_s if length_s else self._part(end_s, 0.0)
        return power

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
        taken = session.cells.charge(most, session.most, span_s / 3600.0)
        session.taken_h += taken * span_s / 3600.0
        return waits + taken

    def _allowed(self, session: Session) -> float:
        point, visit = self.point, session.visit
        amperes = min(self.limit_a, visit.amperes, point.amperes)
        return amperes / point.amperes * min(visit.phases, point.phases) / point.phases

    def power_factor(self) -> float:
        """See `Family.power_factor`: chargers of cars correct it, what waits does not."""
        return 0.995 if self.power > _BUSY else 0.55

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        if not isinstance(command, SetCurrentLimit):
            return Rejected(f"ev_charger has no {command.name}")
        self.limit_a = command.current
        return Applied()

    def extras(self) -> dict[str, Extra]:
        """See `HasExtras`: a session's energy is that of the car which is there."""
        session = self.session
        if session is None:
            return {"session_energy": 0.0, "state": "free"}
        busy = self.power > _BUSY
        full = session.cells.soc >= 1.0
        return {
            "session_energy": round(session.taken_h * self.rated_kw, 3),
            "state": "charging" if busy else "full" if full else "waiting",
        }

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`: a session is found again by when it began."""
        found: dict[str, Setting] = {"current_limit": self.limit_a}
        if self.session is not None:
            found["session_begin"] = self.session.visit.comes_s
            found["session_stored"] = self.session.cells.stored_h
            found["session_taken"] = self.session.taken_h
        return found

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""
        self.limit_a = read_setting(settings, "current_limit", AMPERES, self.limit_a)
        if "session_begin" in settings:
            begin_s = read_setting(settings, "session_begin", _ANY_TIME_S, 0.0)
            stored_h = read_setting(settings, "session_stored", _ANY_ENERGY_H, 0.0)
            taken_h = read_setting(settings, "session_taken", _ANY_ENERGY_H, 0.0)
            self.resumed = begin_s, stored_h, taken_h


def _day_before(day: Day) -> Day:
    weekday = (day.weekday - 1) % 7
    return Day(day.number - 1, weekday, kind_of(weekday), day.summer)


def _at(point: Point) -> Callable[[Noise, float], Family]:
    def build(noise: Noise, variation: float) -> EvCharger:
        return EvCharger.make(noise, variation, point)

    return build


_HOME = Habit(17.8, 1.7, 12.5, 2.2, 9.0, 0.6, (0.62, 0.5, 0.45), same_car=True)
_WORK = Habit(8.2, 0.8, 7.6, 1.5, 11.0, 0.5, (0.8, 0.06, 0.02), strong=0.35)
_DEPOT = Habit(17.2, 0.9, 12.5, 1.0, 24.0, 0.35, (0.94, 0.55, 0.06), one_phase=0.0, strong=0.6)
_SHOP = Habit(
    8.8, 0.6, 0.8, 0.35, 14.0, 0.5, (0.97, 0.99, 0.3), several=True, pause_h=0.9, closes_h=20.0
)


def _profile(name: str, about: str, volts: float, point: Point) -> Profile:
    return Profile(name, about, point.rated_kw, volts, point.phases, _at(point), 1.02, drifts=True)


TYPE = DeviceType.of_profiles(
    device_type="ev_charger",
    name="EV Charger",
    description="A charging point: cars come by habit, take what they need, wait full, and leave.",
    profiles=(
        _profile(
            "home",
            "A wall box: some evenings a car, until the morning; three-phase.",
            400.0,
            Point(_HOME, 11.0, 16.0),
        ),
        _profile(
            "home_single",
            "A wall box on one phase with 32 A.",
            240.0,
            Point(_HOME, 7.7, 32.0, 1),
        ),
        _profile(
            "workplace",
            "A point at an office: from the morning, for the day.",
            400.0,
            Point(_WORK, 22.0, 32.0),
        ),
        _profile(
            "depot",
            "A point of a fleet's depot: a van each night.",
            400.0,
            Point(_DEPOT, 22.0, 32.0),
        ),
        _profile(
            "shop",
            "A public point at a shop: one short visit after the other.",
            400.0,
            Point(_SHOP, 22.0, 32.0),
        ),
    ),
    own_commands=(SetCurrentLimit,),
)
