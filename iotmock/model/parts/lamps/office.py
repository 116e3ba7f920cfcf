"""An office floor: zones that follow their own people, dimmed by daylight, and its cleaners."""

from attrs import define, field, frozen

from iotmock.model.numbers.shared import in_steps, shared
from iotmock.model.numbers.traits import Traits
from iotmock.model.parts.zone import ZoneDay, ZoneHabits
from iotmock.model.site.day import Day, DayKind
from iotmock.model.site.site import Conditions

_CLEANING = 5
_LENGTH = 6
"""Purposes of a day's own numbers, beside those of `ZoneDay`."""

_DULL = 0.6, 0.8
"""Daylight / enough of it, below which somebody finds it too dark for what he does, and above which
nobody does."""
_DARK = 0.06, 0.16
"""The same, for switching on the whole floor."""
_DULL_DAY = 0.3
"""Daylight at which windows give half of what they give at most: 10 klx outdoors are 200 to 300 lx
at a desk by the window (daylight factors of 2 to 3 %, EN 17037)."""
_BRIGHT_ENOUGH = 0.4
"""How many fewer switch their lamps on when the sun does it (Hunt, "Predicting artificial lighting
use", Lighting Research and Technology 12, 1980)."""
_WANDER = 0.008
"""How far escape lighting wanders from hour to hour."""
_SETTLING = 0.7
"""Share of a slot in which those come and go who do."""


@frozen
class OfficeRules:
    """One floor's lamps and habits, for life. Levels and fractions 0 to 1, hours local.

    `window` is the light by the windows under the brightest sky / what is needed, `walkways` what
    burns while anybody is there, `task` at most what stands on desks. `bright` is the normal number
    that a slot must exceed for somebody to override the dimming; cleaners come on workdays when the
    day's number exceeds `cleaned`.

    Source: dimming by daylight and its lower limit after IEA SHC task 50, subtask C; what it saves
    (20 to 60 %, by depth and orientation) and how sensors differ: Williams et al., "Lighting
    controls in commercial buildings", LEUKOS 8, 2012; `floor` is escape-route lighting (EN 1838),
    which a quarter of floors have on the same circuit. The cleaners are judgement.
    """

    zones: int
    daylight_saves: float
    window: float
    dimmest: float
    task: float
    walkways: float
    floor: float
    bright: float
    cleaned: float
    cleaners: float
    cleaned_from_h: float
    cleaned_h: float

    @classmethod
    def drawn(cls, traits: Traits) -> "OfficeRules":
        """Return those of one floor."""
        return cls(
            zones=round(traits.about(20.0, 5.0, 8.0, 40.0)),
            daylight_saves=traits.about(0.937, 0.05, 0.6, 1.0),
            window=traits.times(1.39, 0.1),
            dimmest=traits.about(0.04, 0.03, 0.02, 0.3),
            task=traits.times(0.015, 1.0),
            walkways=traits.times(0.01, 0.4),
            floor=traits.times(0.004, 0.4) if traits.among(0.25) else 0.0,
            bright=traits.about(1.1, 0.4, 0.7, 3.0),
            cleaned=traits.about(-0.3, 0.6, -2.0, 1.0),
            cleaners=traits.about(0.55, 0.07, 0.3, 0.8),
            cleaned_from_h=6.0 if traits.among(0.2) else traits.about(18.6, 0.9, 17.0, 21.0),
            cleaned_h=traits.times(2.25, 0.3),
        )


@define(eq=False)
class OfficeControls:
    """The floor's state: which day and slot it lives, and how many zones are lit."""

    rules: OfficeRules
    zone: ZoneDay
    restless: float = 0.0
    lit: float = 0.0
    task: float = 0.0
    used: float = 0.0
    overridden: bool = False
    _lit_before: float = field(default=0.0, init=False)
    _begun_h: float = field(default=0.0, init=False)
    _settled_h: float = field(default=0.0, init=False)
    _slot: int = field(default=-1, init=False)
    _day: int = field(default=-1, init=False)
    _cleaned_from_h: float = field(default=24.0, init=False)
    _cleaned_until_h: float = field(default=24.0, init=False)

    @classmethod
    def make(cls, traits: Traits) -> "OfficeControls":
        """Return an empty office."""
        habits = ZoneHabits.of_desks(traits)
        return cls(OfficeRules.drawn(traits), ZoneDay(habits, traits.spread))

    def target(self, site: Conditions, hour: float, _dt_s: float) -> float:
        """See `LampControls.target`."""
        zone, rules = self.zone, self.rules
        people = zone.at(site.day, hour)
        if zone.slot != self._slot:
            self._turn(site.day, hour)
        lit, saves, level = 0.0, rules.daylight_saves, self.task
        if people > 0.0:
            lit, level = self.lit, self.used
            if hour < self._settled_h:
                lit = self._settling(hour)
        if self._cleaned_from_h <= hour < self._cleaned_until_h:
            cleaned = self._cleaners(hour)
            lit = cleaned if cleaned > lit else lit
        if lit > 0.0:
            daylight = site.daylight
            light = rules.window * daylight / (daylight + _DULL_DAY)
            if self.overridden and people > 0.0:
                saves *= 1.0 - _ramp(light, _DULL)
                lit += (1.0 - lit) * _ramp(light, _DARK)
            light = light if light < 1.0 else 1.0
            dimmed = (1.0 - saves * light) * (1.0 - _BRIGHT_ENOUGH * light)
            level += lit * (dimmed if dimmed > rules.dimmest else rules.dimmest)
        return level if level < 1.0 else 1.0

    def _turn(self, day: Day, hour: float) -> None:
        zone, rules = self.zone, self.rules
        self._slot, self.restless = zone.slot, zone.restless
        if zone.number != self._day:
            self._live(day)
        goes_on = zone.from_h > zone.begin_h
        self._lit_before = self.lit if goes_on else 0.0
        self.lit = shared(int(zone.presence * rules.zones + 0.5) / rules.zones)
        self.overridden = zone.restless > rules.bright
        awake = 6.0 <= hour < 23.5 and zone.restless > 0.5
        self.task = rules.task * (zone.restless - 0.5) if awake else 0.0
        self.task += rules.floor * (1.0 + _WANDER * zone.restless)
        self.used = self.task + rules.walkways
        self._begun_h = max(zone.from_h, zone.begin_h)
        self._settled_h = shared(self._begun_h + in_steps(_SETTLING * zone.habits.slot_h))

    def _settling(self, hour: float) -> float:
        """Return the zones lit while people come, one after the other."""
        zones = self.rules.zones
        share = (hour - self._begun_h) / (self._settled_h - self._begun_h)
        share = share if share > 0.0 else 0.0
        lit = self._lit_before + (self.lit - self._lit_before) * share
        return int(lit * zones + 0.5) / zones

    def _live(self, day: Day) -> None:
        zone, rules = self.zone, self.rules
        self._day = zone.number
        self._cleaned_from_h = self._cleaned_until_h = 24.0
        come = day.kind is DayKind.WORKDAY and not day.closed
        if come and zone.gauss(_CLEANING) > rules.cleaned:
            self._cleaned_from_h = in_steps(rules.cleaned_from_h + 1.1 * zone.gauss(_LENGTH))
            length_h = rules.cleaned_h * max(0.6, 1.0 + 0.2 * zone.gauss(_LENGTH + 1))
            self._cleaned_until_h = in_steps(min(24.0, self._cleaned_from_h + length_h))

    def _cleaners(self, hour: float) -> float:
        """Return the level while the cleaners go from zone to zone, and the sensors run out."""
        rules = self.rules
        length_h = self._cleaned_until_h - self._cleaned_from_h
        place = (hour - self._cleaned_from_h) / length_h
        share = min(1.0, 2.5 * place, 2.5 * (1.0 - place))
        return rules.cleaners * int(share * rules.zones + 0.99) / rules.zones


def _ramp(light: float, limits: tuple[float, float]) -> float:
    """Return 1 below both limits, 0 above: a step would make a week depend on the ticks."""
    low, high = limits
    share = (high - light) / (high - low)
    return 0.0 if share < 0.0 else share if share < 1.0 else 1.0
