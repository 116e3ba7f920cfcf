"""What the sky, the calendar and the people do at one location, quarter by quarter of an hour."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from attrs import define, evolve, frozen

from iotmock.model.numbers.noise import seed_of
from iotmock.model.numbers.slow_noise import SlowNoise
from iotmock.model.site.climate import Climate, climate_of
from iotmock.model.site.day import Day
from iotmock.model.site.grid import QUARTER_S, Grid, Supply
from iotmock.model.site.people.calendar import PublicHolidays
from iotmock.model.site.people.days import Days
from iotmock.model.site.people.occupancy import Course, at_home, at_work
from iotmock.model.site.places.countries import place_of
from iotmock.model.site.places.place import Country
from iotmock.model.site.sky import HOUR_COSINES, Sky, clear_daylight

_DAYS_A_YEAR = 365.25
_FRONT_TAU_S = 20 * 3600.0
CLEAR = 0.54
_BY_FRONTS, _BY_CLOUDS = 0.24, 0.22
"""How much of a clear day's light lamps and rooms see: its mean, and standard deviations from day
to day and within one. Bounded by what lamps that follow daylight do (bands.toml); what arrives on a
roof varies more (`sun/sunlight.py`)."""
_CLOUD_TAU_S = 30 * 60.0
_WARMEST = 57
"""14:15, the quarter of the day in which the air is warmest."""
_NOON = 48


@frozen
class Region:
    """What all locations of a fleet have in common. Latitude in degrees, north positive."""

    fleet_seed: int
    spread: float
    latitude: float
    zone: ZoneInfo
    climate: Climate
    holidays: PublicHolidays
    sky: Sky
    price_level: float = 1.0
    """What energy costs there, relative to the market that `prices` has."""
    nominal_hz: float = 50.0

    @property
    def warmest_day(self) -> float:
        """The day of the year in whose middle summer is."""
        half_year = 0.0 if self.latitude >= 0.0 else 0.5 * _DAYS_A_YEAR
        return (self.climate.warmest_day + half_year) % _DAYS_A_YEAR

    def in_country(self, country: Country) -> "Region":
        """Return a region of the same fleet there; where no place is known, with its days alone."""
        holidays, place = PublicHolidays(country.code, country.region), place_of(country)
        if place is None:
            return evolve(self, holidays=holidays)
        return evolve(
            self,
            holidays=holidays,
            latitude=place.latitude,
            zone=ZoneInfo(place.timezone),
            climate=climate_of(place.climate),
            sky=Sky.over(place.latitude, place.longitude),
            price_level=place.price,
            nominal_hz=place.mains.hz,
        )


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
    supply: Supply


@define(eq=False)
class _Day:
    """What holds for one local day."""

    date: tuple[int, int, int]
    day: Day
    season_c: float
    work: Course
    home: Course


@define(eq=False)
class Weather:
    """The slow conditions of one location: they follow from seed, name and time."""

    region: Region
    days: Days
    warmth: SlowNoise
    clouds: SlowNoise
    fronts: SlowNoise
    grid: Grid
    _day: _Day | None = None

    @classmethod
    def make(cls, region: Region, location: str) -> "Weather":
        """Return the weather of a location."""
        seed = seed_of(region.fleet_seed, f"weather:{location}")
        return cls(
            region,
            Days.make(seed, region.spread, region.holidays, region.warmest_day),
            warmth=SlowNoise.make(seed ^ 1, region.climate.weather_tau_s, stride=16),
            clouds=SlowNoise.make(seed ^ 2, _CLOUD_TAU_S, stride=1),
            fronts=SlowNoise.make(seed ^ 7, _FRONT_TAU_S, stride=8),
            grid=Grid.make(seed, region.spread),
        )

    def quarter(self, quarter: int) -> Quarter:
        """Return the conditions `quarter` quarters of an hour after the epoch."""
        region, climate = self.region, self.region.climate
        # The offset to UTC changes at quarters of an hour only.
        local = datetime.fromtimestamp(quarter * QUARTER_S, region.zone)
        day = self._day_of(local)
        place = local.hour * 4 + local.minute // 15
        season_c = day.season_c + climate.weather_k * region.spread * self.warmth.at(quarter)
        sun_sine = region.sky.sun_sine(quarter * QUARTER_S)
        return Quarter(
            day.day,
            place * QUARTER_S,
            season_c + climate.daily_k * HOUR_COSINES[(place - _WARMEST + _NOON) % 96],
            season_c,
            sun_sine,
            clear_daylight(sun_sine) * self._clear(quarter) if sun_sine > -0.1 else 0.0,
            day.work.at(0.25 * place),
            day.home.at(0.25 * place),
            self.grid.at(quarter, place),
        )

    def direction(self, quarter: int) -> tuple[float, float, float]:
        """Return where the sun stands, as a vector of length 1 to east, north and up."""
        return self.region.sky.direction(quarter * QUARTER_S)

    def _clear(self, quarter: int) -> float:
        # Between overcast and clear; a front stays for a day or two.
        unusual = _BY_FRONTS * self.fronts.at(quarter) + _BY_CLOUDS * self.clouds.at(quarter)
        clear = CLEAR + self.region.spread * unusual
        return 1.0 if clear > 1.0 else 0.15 if clear < 0.15 else clear

    def _day_of(self, local: datetime) -> _Day:
        if self._day is None or self._day.date != (local.day, local.month, local.year):
            self._day = self._make_day(local)
        return self._day

    def _make_day(self, local: datetime) -> _Day:
        climate = self.region.climate
        day = self.days.on(local.date())
        return _Day(
            (local.day, local.month, local.year),
            day,
            climate.mean_c + climate.annual_k * day.summer,
            at_work(day),
            at_home(day),
        )
