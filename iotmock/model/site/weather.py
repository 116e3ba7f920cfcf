"""What the sky, the calendar and the people do at one location, quarter by quarter of an hour."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from attrs import define, frozen

from iotmock.model.numbers.exact_math import cosine
from iotmock.model.numbers.noise import gauss_at, seed_of
from iotmock.model.numbers.slow_noise import SlowNoise
from iotmock.model.site.climate import Climate
from iotmock.model.site.day import Day, kind_of
from iotmock.model.site.occupancy import Presence, presence
from iotmock.model.site.sky import HOUR_COSINES, HOUR_SINES, Sky, clear_daylight, sky

QUARTER_S = 900
_DAYS_A_YEAR = 365.25
_CLOUD_TAU_S = 30 * 60.0
_VOLTAGE_TAU_S = 4 * 3600.0
_VOLTAGE_BY_DAY = 0.006
_VOLTAGE_SWING = 0.008
"""Standard deviation; realism.md has 0.65 % and a stiffer cable between feeder and device. With a
device that draws evenly, 0.8 % give the weekly range of the UCI household (bands.toml)."""
_WARMEST = 57
"""14:15, the quarter of the day in which the air is warmest."""
_BUSIEST = 72
"""18:00, when the grid's load is highest and its voltage lowest."""
_NOON = 48
_LATEST_MIN = 30.0


@frozen
class Region:
    """What all locations of a fleet have in common. Latitude in degrees, north positive."""

    fleet_seed: int
    spread: float
    latitude: float
    zone: ZoneInfo
    climate: Climate


class Quarter(NamedTuple):
    """A location at the beginning of a quarter of an hour; between two, straight lines hold.

    `day` and `day_s` (seconds since midnight) are the local calendar and clock.
    """

    day: Day
    day_s: int
    outdoor_c: float
    season_c: float
    sun_sine: float
    daylight: float
    occupancy: float
    at_home: float
    voltage: float


@define(eq=False)
class _Day:
    """What holds for one local day."""

    date: tuple[int, int, int]
    day: Day
    season_c: float
    sky: Sky
    people: Presence
    attendance: float


@define(eq=False)
class Weather:
    """The slow conditions of one location: they follow from seed, name and time."""

    region: Region
    seed: int
    warmth: SlowNoise
    clouds: SlowNoise
    voltage: SlowNoise
    _day: _Day | None = None

    @classmethod
    def make(cls, region: Region, location: str) -> "Weather":
        """Return the weather of a location."""
        seed = seed_of(region.fleet_seed, f"weather:{location}")
        return cls(
            region,
            seed,
            warmth=SlowNoise.make(seed ^ 1, region.climate.weather_tau_s, stride=16),
            clouds=SlowNoise.make(seed ^ 2, _CLOUD_TAU_S, stride=1),
            voltage=SlowNoise.make(seed ^ 3, _VOLTAGE_TAU_S, stride=2),
        )

    def quarter(self, quarter: int) -> Quarter:
        """Return the conditions `quarter` quarters of an hour after the epoch."""
        region, climate = self.region, self.region.climate
        # The offset to UTC changes at quarters of an hour only.
        local = datetime.fromtimestamp(quarter * QUARTER_S, region.zone)
        day = self._day_of(local)
        place = local.hour * 4 + local.minute // 15
        season_c = day.season_c + climate.weather_k * region.spread * self.warmth.at(quarter)
        sun_sine = day.sky.level + day.sky.swing * HOUR_COSINES[_solar_place(local, place)]
        voltage = _VOLTAGE_SWING * region.spread * self.voltage.at(quarter)
        office = day.people.office[place] * day.attendance
        home = day.people.home[place] * day.attendance
        return Quarter(
            day.day,
            place * QUARTER_S,
            season_c + climate.daily_k * HOUR_COSINES[(place - _WARMEST + _NOON) % 96],
            season_c,
            sun_sine,
            clear_daylight(sun_sine) * self._clear(quarter) if sun_sine > -0.1 else 0.0,
            office if office < 1.0 else 1.0,
            home if home < 1.0 else 1.0,
            voltage - _VOLTAGE_BY_DAY * HOUR_COSINES[(place - _BUSIEST + _NOON) % 96],
        )

    def direction(self, quarter: int) -> tuple[float, float, float]:
        """Return where the sun stands, as a vector of length 1 to east, north and up."""
        local = datetime.fromtimestamp(quarter * QUARTER_S, self.region.zone)
        course = self._day_of(local).sky
        place = _solar_place(local, local.hour * 4 + local.minute // 15)
        hour = HOUR_COSINES[place]
        return (
            course.east_swing * HOUR_SINES[place],
            course.north_level + course.north_swing * hour,
            course.level + course.swing * hour,
        )

    def _clear(self, quarter: int) -> float:
        # Half-clouded on average; between overcast and clear.
        clear = 0.65 + 0.3 * self.region.spread * self.clouds.at(quarter)
        return 1.0 if clear > 1.0 else 0.15 if clear < 0.15 else clear

    def _day_of(self, local: datetime) -> _Day:
        if self._day is None or self._day.date != (local.day, local.month, local.year):
            self._day = self._make_day(local)
        return self._day

    def _make_day(self, local: datetime) -> _Day:
        ordinal = local.toordinal()
        region, climate = self.region, self.region.climate
        day_of_year = local.timetuple().tm_yday
        half_year = 0.0 if region.latitude >= 0.0 else 0.5
        summer = cosine((day_of_year - climate.warmest_day) / _DAYS_A_YEAR + half_year)
        late = region.spread * (2.0 * gauss_at(self.seed, 0) + gauss_at(self.seed, ordinal))
        late_min = round(max(-_LATEST_MIN, min(_LATEST_MIN, 5.0 * round(late))))
        there = 1.0 + 0.05 * region.spread * max(-3.0, min(3.0, gauss_at(self.seed, -ordinal)))
        people = presence(weekend=local.weekday() >= 5, late_min=late_min)
        return _Day(
            (local.day, local.month, local.year),
            Day(ordinal, local.weekday(), kind_of(local.weekday()), summer),
            climate.mean_c + climate.annual_k * summer,
            sky(region.latitude, day_of_year),
            people,
            there,
        )


def _solar_place(local: datetime, place: int) -> int:
    # The sun knows no summer time; within its zone a location is taken to lie at the meridian.
    summer_time = local.dst()
    return (place - round(summer_time.total_seconds()) // QUARTER_S) % 96 if summer_time else place
