"""What the devices at one location share: the hour, the weather, the people, the grid."""

from math import cos, pi

from attrs import define, field, frozen

from iotmock.model.noise import Noise, seed_of

DAY_S = 86_400.0
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday


@frozen
class Conditions:
    """The site at one moment; fractions are 0 to 1."""

    now: float
    hour: float
    weekday: int
    outdoor_c: float
    daylight: float
    occupancy: float
    voltage_factor: float


@define(eq=False)
class Site:
    """One location. Conditions are computed once per moment, not once per device."""

    noise: Noise
    variation: float
    _conditions: Conditions | None = None

    def at(self, now: float) -> Conditions:
        """Return the conditions at `now` (Unix seconds, UTC)."""
        conditions = self._conditions
        if conditions is None or conditions.now != now:
            self._conditions = conditions = self._compute(now)
        return conditions

    def _compute(self, now: float) -> Conditions:
        hour = now % DAY_S / 3600.0
        weekday = (int(now // DAY_S) + _EPOCH_WEEKDAY) % 7
        warmth = cos((hour - 14.3) / 24.0 * 2.0 * pi)
        return Conditions(
            now=now,
            hour=hour,
            weekday=weekday,
            outdoor_c=22.0 + 6.0 * warmth,
            daylight=max(0.0, cos((hour - 12.5) / 14.0 * pi)) if 5.5 < hour < 19.5 else 0.0,
            occupancy=_occupancy(hour, weekday),
            voltage_factor=1.0 + 0.006 * warmth + 0.05 * self.variation * self.noise.gauss(),
        )


def _occupancy(hour: float, weekday: int) -> float:
    if weekday >= 5 or not 7.0 <= hour < 19.0:
        return 0.05
    return 0.7 if 12.0 <= hour < 13.0 else 1.0


@define(eq=False)
class Sites:
    """Every location of the fleet, made when its first device comes."""

    fleet_seed: int
    variation: float
    _sites: dict[str, Site] = field(factory=dict)

    def at(self, location: str) -> Site:
        """Return the site that all devices with this `location` share."""
        site = self._sites.get(location)
        if site is None:
            noise = Noise(seed_of(self.fleet_seed, f"site:{location}"))
            site = self._sites[location] = Site(noise, self.variation)
        return site
