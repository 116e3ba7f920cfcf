"""Lamps of a hall where people work in shifts: rows that are lit while their machines have work."""

from math import sqrt

from attrs import define, field, frozen

from iotmock.model.numbers.noise import gauss_at
from iotmock.model.numbers.shared import in_steps, shared
from iotmock.model.numbers.traits import Traits
from iotmock.model.parts.lines.shifts import DAY_S, HOUR_S, Habits, Plan, Week
from iotmock.model.site.site import Conditions

_SHIFTS = Week()
_BRIGHT = 0.4
"""Daylight / the brightest sky's, at which roof lights give what they give at most."""

_BREAK_S = 1.5 * HOUR_S
"""What is shorter is a break, for which nobody switches lamps off."""


@frozen
class HallRules:
    """One hall's lamps, for life. Levels 0 to 1.

    `aisles` burns while anybody works, `night` always; `saves` is what sensors under roof lights
    save when the sky is bright.

    Source: EN 12464-1 (300 to 500 lx at machines, 100 to 150 lx in aisles) and EN 1838 (escape
    routes); half the halls have roof lights, a judgement; what sensors save there is 20 to 60 %
    after Williams et al., "Lighting controls in commercial buildings", LEUKOS 8, 2012.
    """

    seed: int
    rows: int
    aisles: float
    night: float
    saves: float

    @classmethod
    def drawn(cls, traits: Traits) -> "HallRules":
        """Return those of one hall."""
        return cls(
            traits.seed(),
            rows=round(traits.about(8.0, 2.5, 4.0, 16.0)),
            aisles=traits.about(0.22, 0.05, 0.1, 0.4),
            night=traits.about(0.02, 0.01, 0.005, 0.05),
            saves=traits.about(0.4, 0.1, 0.2, 0.6) if traits.among(0.5) else 0.0,
        )


@define(eq=False)
class HallControls:
    """The foreman's switch: rows go on before the shift, stay through breaks, go off after it."""

    rules: HallRules
    spread: float
    restless: float = field(default=0.0, init=False)
    _plan: Plan | None = field(default=None, init=False)
    _lit: float = field(default=0.0, init=False)
    _begin_s: float = field(default=0.0, init=False)
    _end_s: float = field(default=0.0, init=False)

    @classmethod
    def make(cls, traits: Traits) -> "HallControls":
        """Return a dark hall."""
        return cls(HallRules.drawn(traits), traits.spread)

    def target(self, site: Conditions, hour: float, _dt_s: float) -> float:
        """See `LampControls.target`."""
        week_s = site.day.weekday * DAY_S + hour * HOUR_S
        if self._plan is None or self._plan.day != site.day.number:
            self._plan = self._planned(site)
            self._end_s = self._begin_s
        if not self._begin_s <= week_s < self._end_s:
            self._turn(self._plan, week_s)
        rules, lit = self.rules, self._lit
        if not lit:
            return rules.night
        bright = site.daylight / _BRIGHT
        return lit * (1.0 - rules.saves * (bright if bright < 1.0 else 1.0))

    def _planned(self, site: Conditions) -> Plan:
        day = site.day
        self.restless = self.spread * gauss_at(self.rules.seed, day.number)
        return Habits(self.rules.seed, self.spread, _SHIFTS).plan(day)

    def _turn(self, plan: Plan, week_s: float) -> None:
        """Light the rows of those who work, or will be back after the break."""
        span = plan.at(week_s)
        self._begin_s, self._end_s = span.begin_s, span.end_s
        busy = span.share
        if span.end_s - span.begin_s < _BREAK_S:
            busy = max(busy, plan.at(span.end_s).share)
        rules = self.rules
        rows = in_steps(sqrt(busy if busy < 1.0 else 1.0), rules.rows)
        self._lit = shared(rules.aisles + (1.0 - rules.aisles) * rows) if busy else 0.0
