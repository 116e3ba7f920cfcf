"""A place, and what of it a site needs to know."""

from attrs import frozen

from iotmock.model.site.people.calendar import PublicHolidays

_LIGHT_KW, _BIG_KW = 2.0, 30.0


@frozen
class Country:
    """A country by its code, and a region of it: `DE` and `BY`, `US` and `CA`."""

    code: str
    region: str = ""

    @classmethod
    def of(cls, code: str, region: str = "") -> "Country":
        """Return a country that there is.

        Raises:
            UnknownCountryError: there is no such country.
            UnknownRegionError: it has no such region.
        """
        known = PublicHolidays.of(code, region)
        return cls(known.country, known.region)


@frozen
class Mains:
    """Nominal voltages, V: of light loads, of those above 2 kW, of three phases, above 30 kW.

    `hz` is the nominal frequency. Source: IEC 60038; ANSI C84.1 for North America.
    """

    light: float = 230.0
    heavy: float = 230.0
    three_phase: float = 400.0
    big: float = 400.0
    hz: float = 50.0

    def of(self, phases: int, base_power_kw: float) -> float:
        """Return the voltage that a load of this rating is made for."""
        if phases == 3:
            return self.three_phase if base_power_kw <= _BIG_KW else self.big
        return self.light if base_power_kw <= _LIGHT_KW else self.heavy


@frozen
class Place:
    """A plausible place of a country: degrees, north and east positive.

    `price` is what households pay there for a kWh, relative to Germany's.
    """

    latitude: float
    longitude: float
    timezone: str
    climate: str = "temperate"
    mains: Mains = Mains()
    price: float = 1.0
