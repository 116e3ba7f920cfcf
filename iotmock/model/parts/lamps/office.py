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

_DULL = 0.7
"""Daylight / enough of it, below which somebody may find it too dark for what he does."""
_DARK = 0.11
"""The same, below which he who does switches on what the cleaners do."""
_BRIGHT_ENOUGH = 0.5
"""How many fewer switch their lamps on when the sun does it (Hunt, "Predicting artificial lighting
use", Lighting Research and Technology 12, 1980)."""
_SETTLING = 0.7
"""Share of a slot in which those come and go who do."""


@frozen
class OfficeRules:
    """One floor's lamps and habits, for life. Levels and fractions 0 to 1, hours local.

    `bright` is the normal number that a slot must exceed for somebody to override the dimming;
    cleaners come on workdays when the day's number exceeds `cleaned`.

    Source: dimming by daylight and its lower limit after IEA SHC task 50, subtask C; what it saves
    (20 to 60 %, by depth and orientation) and how sensors differ: Williams et al., "Lighting
    controls in commercial buildings", LEUKOS 8, 2012; `floor` is escape-route lighting (EN 1838),
    which a third of floors have on the same circuit. The cleaners are judgement.
    """

    zones: int
    daylight_saves: float
    window: float
    dimmest: float
    task: float
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
            zones=round(traits.about(10.0, 3.0, 4.0, 20.0)),
            daylight_saves=traits.about(0.93, 0.05, 0.6, 1.0),
            window=traits.times(0.9, 0.1),
            dimmest=traits.about(0.088, 0.04, 0.05, 0.3),
            task=traits.times(0.015, 1.0),
            floor=traits.times(0.008, 0.4) if traits.among(0.25) else 0.0,
            bright=traits.about(1.5, 0.4, 0.7, 3.0),
            cleaned=traits.about(-0.86, 0.5, -2.0, 0.5),
            cleaners=traits.about(0.42, 0.04, 0.3, 0.8),
            cleaned_from_h=6.0 if traits.among(0.2) else traits.about(18.6, 0.9, 17.0, 21.0),
            cleaned_h=traits.times(2.35, 0.25),
        )


@define(eq=False)
class OfficeControls:
    """The floor's state: which day and slot it lives, and how many zones are lit."""

    rules: OfficeRules
    zone: ZoneDay
    restless: float = 0.0
    lit: float = 0.0
    saves: float = 0.0
    task: float = 0.0
    _lit_before: float = field(default=0.0, init=False)
    _saved_before: float = field(default=0.0, init=False)
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
            self._turn(site, hour)
        lit, saves = 0.0, self.saves
        if people > 0.0:
            lit = self.lit
            if hour < self._settled_h:
                lit, saves = self._settling(hour)
        if self._cleaned_from_h <= hour < self._cleaned_until_h:
            cleaned = self._cleaners(hour)
            lit = cleaned if cleaned > lit else lit
        level = self.task
        if lit > 0.0:
            light = rules.window * _enough(site.daylight)
            dimmed = 1.0 - saves * (light if light < 1.0 else 1.0)
            level += lit * (dimmed if dimmed > rules.dimmest else rules.dimmest)
        return rules.floor + (1.0 - rules.floor) * (level if level < 1.0 else 1.0)

    def _turn(self, site: Conditions, hour: float) -> None:
        zone, rules = self.zone, self.rules
        self._slot, self.restless = zone.slot, zone.restless
        if zone.number != self._day:
            self._live(site.day)
        goes_on = zone.from_h > zone.begin_h
        self._lit_before = self.lit if goes_on else 0.0
        light = rules.window * _enough(site.daylight)
        wanted = zone.presence * (1.0 - _BRIGHT_ENOUGH * (light if light < 1.0 else 1.0))
        self.lit = shared(int(wanted * rules.zones + 0.5) / rules.zones)
        overridden = zone.restless > rules.bright and light < _DULL
        if overridden and zone.presence > 0.0:
            together = light < _DARK or self.lit > rules.cleaners
            self.lit = rules.cleaners if together else self.lit
        saves = 0.0 if overridden else rules.daylight_saves
        self._saved_before = self.saves if goes_on else saves
        self.saves = saves
        awake = 6.0 <= hour < 23.5 and zone.restless > 0.5
        self.task = rules.task * (zone.restless - 0.5) if awake else 0.0
        self._begun_h = max(zone.from_h, zone.begin_h)
        self._settled_h = shared(self._begun_h + in_steps(_SETTLING * zone.habits.slot_h))

    def _settling(self, hour: float) -> tuple[float, float]:
        """Return zones lit and what daylight saves while people come, one after the other."""
        zones = self.rules.zones
        share = (hour - self._begun_h) / (self._settled_h - self._begun_h)
        share = share if share > 0.0 else 0.0
        lit = self._lit_before + (self.lit - self._lit_before) * share
        saves = self._saved_before + (self.saves - self._saved_before) * share
        return int(lit * zones + 0.5) / zones, saves

    def _live(self, day: Day) -> None:
        zone, rules = self.zone, self.rules
        self._day = zone.number
        self._cleaned_from_h = self._cleaned_until_h = 24.0
        come = day.kind is DayKind.WORKDAY and not day.closed
        if come and zone.gauss(_CLEANING) > rules.cleaned:
            self._cleaned_from_h = in_steps(rules.cleaned_from_h + 0.3 * zone.gauss(_LENGTH))
            length_h = rules.cleaned_h * max(0.6, 1.0 + 0.2 * zone.gauss(_LENGTH + 1))
            self._cleaned_until_h = in_steps(min(24.0, self._cleaned_from_h + length_h))

    def _cleaners(self, hour: float) -> float:
        """Return the level while the cleaners go from zone to zone, and the sensors run out."""
        rules = self.rules
        length_h = self._cleaned_until_h - self._cleaned_from_h
        place = (hour - self._cleaned_from_h) / length_h
        share = min(1.0, 2.5 * place, 2.5 * (1.0 - place))
        return rules.cleaners * int(share * rules.zones + 0.99) / rules.zones


def _enough(daylight: float) -> float:
    """Return what of the light that is needed comes from outdoors: half of it on a dull day."""
    return 1.6 * daylight / (daylight + 0.6)
