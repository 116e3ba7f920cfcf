"""One zone of an office: when its own people come and go, day by day, apart from its neighbours."""

from attrs import define, evolve, frozen

from iotmock.model.numbers.noise import gauss_at
from iotmock.model.numbers.shared import in_steps, shared
from iotmock.model.numbers.traits import Traits
from iotmock.model.site.day import USUAL_HOURS, Day, DayKind

_SLOTS_A_DAY = 64
"""At most: what a slot draws is numbered by day and slot."""
_EDGE_H, _EDGE_LEFT = 1.0, 0.55
"""Within an hour of the first and of the last, about half of the people are there."""
_LUNCH_LEFT = 0.7
_FARTHEST = 2.5
_NEVER_H = 99.0


@frozen(weakref_slot=False)
class ZoneHabits:
    """How a zone is used, for life. Hours local; presence 0 to 1.

    `crowd` is how many of those who could be there usually are, `unrest` how much that differs from
    one slot of `slot_h` hours to the next and `days` from day to day. A day is lived on Saturday or
    Sunday, stays empty or goes on in the evening when a normal number exceeds the threshold of that
    name.

    Source: realism2.md, HouseZero: a day's energy differs by half from the next, and starts by 4 h.
    Presence of 0.3 to 0.6 of a zone's desks by day: Duarte et al., "Revealing occupancy patterns in
    an office building through the use of occupancy sensor data", Energy and Buildings 67, 2013.
    """

    seed: int
    begin_h: float
    end_h: float
    begin_sd_h: float
    end_sd_h: float
    crowd: float
    unrest: float
    days: float
    slot_h: float
    saturday: float
    sunday: float
    empty: float
    late: float
    home: bool = False
    """People come home to it in the evening, and by day when they are free."""

    @classmethod
    def of_desks(cls, traits: Traits) -> "ZoneHabits":
        """Return those of a few desks: some days nobody comes."""
        return cls(
            traits.seed(),
            begin_h=traits.about(7.9, 0.8, 5.5, 10.0),
            end_h=traits.about(17.5, 1.0, 15.5, 21.5),
            begin_sd_h=traits.times(0.45, 0.4),
            end_sd_h=traits.times(0.8, 0.4),
            crowd=min(0.95, traits.times(0.33, 0.22)),
            unrest=traits.times(0.18, 0.3),
            days=traits.times(0.23, 0.3),
            slot_h=in_steps(traits.times(1.0, 0.2)),
            saturday=traits.about(1.0, 0.8, -0.5, 3.0),
            sunday=traits.about(1.5, 0.7, 0.3, 3.5),
            empty=traits.about(2.5, 0.4, 1.5, 3.5),
            late=traits.about(1.4, 0.8, 0.0, 3.0),
        )

    @classmethod
    def of_floor(cls, traits: Traits) -> "ZoneHabits":
        """Return those of many people, whose comings and goings even out."""
        return cls(
            traits.seed(),
            begin_h=traits.about(7.7, 0.7, 5.5, 9.0),
            end_h=traits.about(18.3, 1.0, 16.5, 21.5),
            begin_sd_h=traits.times(0.5, 0.4),
            end_sd_h=traits.times(1.0, 0.4),
            crowd=min(0.95, traits.times(0.6, 0.12)),
            unrest=traits.times(0.07, 0.3),
            days=traits.times(0.08, 0.3),
            slot_h=in_steps(traits.times(1.0, 0.2)),
            saturday=traits.about(1.5, 0.7, -0.5, 3.0),
            sunday=traits.about(2.3, 0.5, 1.0, 3.5),
            empty=traits.about(3.2, 0.3, 2.5, 4.0),
            late=traits.about(1.3, 0.5, 0.0, 3.0),
        )

    @classmethod
    def of_home(cls, traits: Traits) -> "ZoneHabits":
        """Return those of a room of a home: evenings, and whole days when nobody works."""
        return evolve(
            cls.of_floor(traits),
            begin_h=traits.about(16.3, 1.3, 12.0, 20.0),
            end_h=traits.about(22.6, 0.6, 20.5, 23.5),
            days=traits.times(0.3, 0.3),
            home=True,
        )


@define(eq=False, weakref_slot=False)
class ZoneDay:
    """The day that a zone lives. It follows from seed and time alone, whatever the ticks.

    From `begin_h` to `end_h` it is in use; where nobody comes both lie beyond the day. `restless`
    is a normal number that holds from one slot to the next, day and night.
    """

    habits: ZoneHabits
    spread: float
    number: int = -1
    begin_h: float = 0.0
    end_h: float = 0.0
    crowd: float = 0.0
    slot: int = 0
    from_h: float = 0.0
    until_h: float = 0.0
    restless: float = 0.0
    presence: float = 0.0

    def at(self, day: Day, hour: float) -> float:
        """Return who is there, 0 to 1."""
        if day.number != self.number:
            self._live(day)
        if not self.from_h <= hour < self.until_h:
            self._turn(hour)
        return self.presence if self.begin_h <= hour < self.end_h else 0.0

    def gauss(self, purpose: int) -> float:
        """Return the day's normal number for a purpose (1 to 9) of the zone's owner."""
        return self.spread * gauss_at(self.habits.seed ^ purpose, self.number)

    def _live(self, day: Day) -> None:
        habits, self.number = self.habits, day.number
        self.from_h = self.until_h = -1.0
        late = self.gauss(11) - habits.late
        end_h = habits.end_h + habits.end_sd_h * _cut(self.gauss(12))
        end_h += 1.0 + 2.0 * late if late > 0.0 else 0.0
        self.begin_h = habits.begin_h + habits.begin_sd_h * _cut(self.gauss(13))
        if not habits.home:
            self.begin_h += day.hours.begin - USUAL_HOURS.begin
            end_h += day.hours.end - USUAL_HOURS.end
        self.end_h = min(23.5, end_h)
        self.crowd = habits.crowd * max(0.1, 1.0 + habits.days * self.gauss(14)) * day.staff
        if habits.home and day.away:
            self.begin_h = self.end_h = _NEVER_H
        elif habits.home:
            self.begin_h -= 0.0 if day.kind is DayKind.WORKDAY else 5.0
        elif day.closed or not self._is_lived(day):
            self.begin_h = self.end_h = _NEVER_H
        elif day.kind is not DayKind.WORKDAY:
            self.crowd *= 0.28
            self.begin_h += 1.5
            self.end_h = min(self.end_h, self.begin_h + 4.0 + 2.0 * abs(self.gauss(15)))
        self.begin_h, self.end_h = in_steps(self.begin_h), in_steps(self.end_h)
        self.crowd = in_steps(self.crowd)

    def _is_lived(self, day: Day) -> bool:
        habits = self.habits
        if day.kind is DayKind.WORKDAY:
            return self.gauss(16) < habits.empty
        return self.gauss(16) > (habits.saturday if day.kind is DayKind.SATURDAY else habits.sunday)

    def _turn(self, hour: float) -> None:
        """Enter the slot that `hour` is in. Slots begin at other times each day and device."""
        slot_h = self.habits.slot_h
        slot = int(hour / slot_h)
        if hour < self._begin_of(slot):
            slot -= 1
        self.from_h, self.until_h = self._begin_of(slot), self._begin_of(slot + 1)
        self.slot = self.number * _SLOTS_A_DAY + slot
        self.restless = in_steps(self.spread * gauss_at(self.habits.seed ^ 17, self.slot))
        presence = self.crowd * self._shape(0.5 * (self.from_h + self.until_h))
        presence *= 1.0 + self.habits.unrest * self.restless
        self.presence = 0.0 if presence < 0.0 else 1.0 if presence > 1.0 else in_steps(presence)

    def _begin_of(self, slot: int) -> float:
        shift = 0.2 * _cut(self.spread * gauss_at(self.habits.seed ^ 18, self.number + 7 * slot))
        if slot <= 0:
            return -1.0
        slot_h = self.habits.slot_h
        return shared(slot * slot_h + in_steps(slot_h * (shift if shift > 0.0 else 0.0)))

    def _shape(self, hour: float) -> float:
        if hour < self.begin_h + _EDGE_H or hour > self.end_h - _EDGE_H:
            return _EDGE_LEFT
        return _LUNCH_LEFT if 12.0 <= hour < 13.0 else 1.0


def _cut(x: float) -> float:
    return -_FARTHEST if x < -_FARTHEST else _FARTHEST if x > _FARTHEST else x
