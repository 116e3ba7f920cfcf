"""Every location of a fleet, where the service has its own or in another country."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from attrs import define, field

from iotmock.model.site.climate import climate_of
from iotmock.model.site.people.calendar import PublicHolidays
from iotmock.model.site.places.place import Country
from iotmock.model.site.site import Site, spread_of
from iotmock.model.site.sky import Sky, meridian
from iotmock.model.site.weather import Region


@define(eq=False)
class Sites:
    """Every location of the fleet, made when its first device comes.

    `variation` is DATA_VARIATION_PERCENT: 0.1 gives the measured spread, 0 none. `latitude` is in
    degrees (north positive), `timezone` an IANA name, `climate` one of `CLIMATES`; `country` and
    `holiday_region` (of it) are as `PublicHolidays.of` has them. Without a `longitude` (degrees,
    east positive) they lie where the zone's clocks are right.

    Raises:
        UnknownCountryError: there is no such country.
        UnknownRegionError: the country has no such region.
        UnknownClimateError: there is no such climate.
        ZoneInfoNotFoundError: there is no such time zone.
    """

    fleet_seed: int
    variation: float
    latitude: float = 52.5
    timezone: str = "UTC"
    climate: str = "temperate"
    country: str = "DE"
    holiday_region: str = ""
    longitude: float | None = None
    region: Region = field(init=False)
    _sites: dict[str, Site] = field(factory=dict, init=False)
    _abroad: dict[str, Region] = field(factory=dict, init=False)
    """Where sites of a fleet are not where the others are, by the beginning of their names."""

    def __attrs_post_init__(self) -> None:
        zone = ZoneInfo(self.timezone)
        longitude = meridian(zone) if self.longitude is None else self.longitude
        self.region = Region(
            self.fleet_seed,
            spread_of(self.variation),
            self.latitude,
            zone,
            climate_of(self.climate),
            PublicHolidays.of(self.country, self.holiday_region),
            Sky.over(self.latitude, longitude),
        )

    def at(self, location: str) -> Site:
        """Return the site that all devices with this `location` share."""
        site = self._sites.get(location)
        if site is None:
            site = self._sites[location] = Site.make(self.region_of(location), location)
        return site

    def metered(self) -> Iterator[tuple[str, Site]]:
        """Yield the locations that have a main meter, the oldest first."""
        return ((name, site) for name, site in self._sites.items() if site.leading_meter)

    def region_of(self, location: str) -> Region:
        """Return where a location is: where the sites of its fleet are, or where all others are."""
        return self._abroad.get(_fleet_of(location), self.region)

    def settle(self, fleet: str, country: Country | None) -> None:
        """Have the sites of a fleet in a country from now on; None is where all others are."""
        if country is None:
            if self._abroad.pop(fleet, None) is None:
                return
        else:
            self._abroad[fleet] = self.region.in_country(country)
        for location, site in self._sites.items():
            if _fleet_of(location) == fleet:
                site.move(self.region_of(location), location)


def _fleet_of(location: str) -> str:
    """Return which fleet's site a location is, if it is written as one."""
    fleet, _, number = location.rpartition("-")
    return fleet if number.isdecimal() else ""
