"""What the devices at one location share: the hour, the weather, the people, the grid."""

from functools import lru_cache
from typing import NamedTuple, Protocol

from attrs import define, field

from iotmock.model.numbers.by_step import ByStep, Relaxation, relaxation
from iotmock.model.numbers.noise import Noise, seed_of
from iotmock.model.site.connection.island import Island
from iotmock.model.site.connection.mains import Mains
from iotmock.model.site.day import Day, DayKind
from iotmock.model.site.feeder import LONG_MEMORY_S, MEMORY_S, Feeder
from iotmock.model.site.grid import QUARTER_S, Supply
from iotmock.model.site.sun.sunlight import Sunlight
from iotmock.model.site.weather import Quarter, Region, Weather

DAY_S = 86_400
_BIAS = 0.004
_QUICK, _QUICK_TAU_S = 0.0029, 210.0
_FLICKER, _FLICKER_TAU_S = 0.0006, 15.0
"""Standard deviation / nominal of the voltage's quick changes. Source: as in `grid.py`."""
_VOLTAGE_LIMITS = (0.90, 1.09)
"""EN 50160 allows +10/-15 %; what is left below is for the device's own drop."""


_NO_DAY = Day(1, 0, DayKind.WORKDAY, 0.0)


@define
class Conditions:
    """A site at one moment. Its `Site` rewrites it every second: read it, do not keep it.

    `now` is in Unix seconds, `hour` and `week_s` (seconds since Monday 00:00) are local, `weekday`
    is that of `Day`, `day` the local day. Temperatures in °C; `season_c` is the outdoor temperature
    without the time of day. `sun_sine` is the sine of the sun's elevation. `daylight`, `occupancy`
    (people at work) and `at_home` (people at home and awake) are 0 to 1. `voltage_factor` is
    voltage / nominal voltage. `sunlight` says, to who asks, what the sun gives. `price_level` is
    what energy costs here, relative to the market that `prices` has. `rated_kw` is the
    base power of the device that is asked. Where devices are summed up, `net_kw` is what the
    location draws, negative while it feeds in, `others_kw` what all but the device that is asked do
    while the grid is away; both are told to who `follows` alone.
    """

    now: float = 0.0
    hour: float = 0.0
    weekday: int = 0
    week_s: float = 0.0
    outdoor_c: float = 15.0
    season_c: float = 15.0
    sun_sine: float = 0.0
    daylight: float = 0.0
    occupancy: float = 0.0
    at_home: float = 0.0
    voltage_factor: float = 1.0
    day: Day = _NO_DAY
    sunlight: Sunlight = field(factory=Sunlight)
    net_kw: float = 0.0
    others_kw: float = 0.0
    rated_kw: float = 1.0
    price_level: float = 1.0


class Load(Protocol):
    """What a site must know of a device."""

    def connect(self, mains: Mains) -> None:
        """Be summed up from now on."""
        ...


class _Pause(NamedTuple):
    """What the seconds since the site was last looked at do to its fast parts."""

    elapsed_s: float
    quick: Relaxation
    flicker: Relaxation
    feeder_keep: float
    feeder_long_keep: float


def _pause(elapsed_s: float) -> _Pause:
    return _Pause(
        elapsed_s,
        relaxation(_QUICK_TAU_S, elapsed_s),
        relaxation(_FLICKER_TAU_S, elapsed_s),
        relaxation(MEMORY_S, elapsed_s).keep,
        relaxation(LONG_MEMORY_S, elapsed_s).keep,
    )


_PAUSES = ByStep(_pause)
_NOTHING = Quarter(_NO_DAY, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, Supply(0.0, 0.0, 1.0))
_STILL = (0.0,) * 7


def _rise(begin: Quarter, end: Quarter) -> tuple[float, ...]:
    smooth = end.supply.smooth - begin.supply.smooth
    return *(after - before for before, after in zip(begin[2:8], end[2:8], strict=True)), smooth


@define(eq=False)
class Site:
    """One location. Conditions are computed once a second at most, not once per device.

    Weather and people follow from the time alone; the voltage's quick part depends on which seconds
    were looked at, and the feeder's load on who ticked before.
    """

    weather: Weather
    noise: Noise
    spread: float
    bias: float
    feeder: Feeder
    conditions: Conditions
    _quick: float
    _flicker: float = 0.0
    _switches_at: int = 0
    _second: int | None = None
    _quarter: int | None = None
    _begin: Quarter = _NOTHING
    _end: Quarter = _NOTHING
    _rise: tuple[float, ...] = _STILL
    """What of `_end` is more than at `_begin`, from `outdoor_c` on, the smooth voltage the last."""
    loads: dict[Load, None] = field(factory=dict)
    """Its devices, in the order in which they came: less than half of the room of a set."""
    mains: Mains | None = None
    """None as long as nobody asks what they draw together."""
    island: Island = field(factory=Island)

    @classmethod
    def make(cls, region: Region, location: str) -> "Site":
        """Return the site of a location."""
        noise = Noise(seed_of(region.fleet_seed, f"site:{location}"))
        bias = _BIAS * region.spread * (2.0 * noise.uniform() - 1.0)
        weather = Weather.make(region, location)
        conditions = Conditions(
            sunlight=Sunlight.make(weather, location), price_level=region.price_level
        )
        return cls(weather, noise, region.spread, bias, Feeder(), conditions, noise.gauss())

    def move(self, region: Region, location: str) -> None:
        """Be in another region from now on: other days, another sky; the same devices."""
        self.weather = weather = Weather.make(region, location)
        self.conditions.sunlight = Sunlight.make(weather, location)
        self.conditions.price_level = region.price_level
        self._second = self._quarter = None

    def sum_up(self) -> Mains:
        """Return the mains; from now on its devices are summed up."""
        if self.mains is None:
            self.mains = Mains(island=self.island)
            for load in self.loads:
                load.connect(self.mains)
        return self.mains

    @property
    def leading_meter(self) -> str:
        """The id of its main meter, of several the first; empty without one."""
        return "" if self.mains is None else next(iter(self.mains.taken), "")

    def at(self, now: float) -> Conditions:
        """Return the conditions at `now` (Unix seconds, UTC), to the second."""
        second = int(now)
        if second != self._second:
            self._go_to(second)
        return self.conditions

    def _go_to(self, second: int) -> None:
        quarter = second // QUARTER_S
        if quarter != self._quarter:
            self._enter(quarter)
        # An AR process looks the same backwards, so a step back in time is a step like another.
        elapsed = abs(second - self._second) if self._second is not None else 0
        self._second = second
        self._interpolate(second - quarter * QUARTER_S)
        self._swing(_PAUSES[elapsed])

    def _enter(self, quarter: int) -> None:
        follows = self._quarter is not None and quarter == self._quarter + 1
        self._begin = self._end if follows else self.weather.quarter(quarter)
        self._end = self.weather.quarter(quarter + 1)
        self._rise = _rise(self._begin, self._end)
        self._quarter = quarter
        self.conditions.sunlight.enter(quarter, self._begin, self._end)
        self._switches_at = self.weather.grid.switches_at(quarter)

    def _interpolate(self, seconds: int) -> None:
        conditions = self.conditions
        share = seconds / QUARTER_S
        day, day_s, outdoor, season, sun, daylight, office, home, supply = self._begin
        warmer, milder, higher, lighter, come, come_home, smoother = self._rise
        day_s += seconds
        conditions.now = float(self._second or 0)
        conditions.hour = day_s / 3600.0
        conditions.day = day
        conditions.weekday = weekday = day.weekday
        conditions.week_s = float(weekday * DAY_S + day_s)
        conditions.outdoor_c = outdoor + share * warmer
        conditions.season_c = season + share * milder
        conditions.sun_sine = sun + share * higher
        conditions.daylight = daylight + share * lighter
        conditions.occupancy = office + share * come
        conditions.at_home = home + share * come_home
        smooth, stepped, _ = supply
        if seconds >= self._switches_at:
            stepped = self._end.supply.stepped
        conditions.voltage_factor = 1.0 + (smooth + share * smoother) + stepped

    def _swing(self, pause: _Pause) -> None:
        elapsed_s, quick, flicker, keep, long_keep = pause
        drawn = self.noise.gauss()
        self._quick = self._quick * quick.keep + quick.kick * drawn
        self._flicker = self._flicker * flicker.keep + flicker.kick * drawn
        feeder, conditions = self.feeder, self.conditions
        feeder.fade(keep, elapsed_s, long_keep)
        restless = self.spread * self._begin.supply.unrest
        factor = conditions.voltage_factor + self.bias
        factor += restless * (_QUICK * self._quick + _FLICKER * self._flicker)
        low, high = _VOLTAGE_LIMITS
        factor -= feeder.sag
        conditions.voltage_factor = low if factor < low else high if factor > high else factor


@lru_cache(maxsize=16)  # the devices of a fleet share it: a float takes 24 bytes
def spread_of(variation: float) -> float:
    """Return the weight of all that is random: 1 at the default of DATA_VARIATION_PERCENT, 0.1."""
    return variation / 0.1
