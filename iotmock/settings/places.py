"""From a text to where the sites are: a time zone, a country, a part of it."""

import re
from zoneinfo import available_timezones

from attrs import frozen

from iotmock.settings.numbers import NotAllowedError, number

_EAST = number(-180, 180, " degrees")
_NO_COUNTRY = "none"
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_REGION = re.compile(r"\w[\w .'-]{0,59}")
_SITES = re.compile(
    r"\s*(?P<kind>[\w-]+)(/(?P<country>[A-Za-z]{2})(-(?P<region>\w[\w .'-]{0,59}))?)?"
    r"\s*=\s*(?P<count>[0-9]{1,6})\s*"
)


@frozen
class SomeSites:
    """How many sites of a kind; without a country they are where the service has its locations."""

    kind: str
    count: int
    country: str | None = None
    region: str = ""

    @property
    def where(self) -> tuple[str, str | None, str]:
        """What of them there may be once."""
        return self.kind, self.country, self.region


SitesSetting = tuple[SomeSites, ...]


def longitude(text: str) -> float | None:
    """Return degrees east, or None: the time zone has one, too."""
    return _EAST(text) if text else None


def timezone(text: str) -> str:
    """Return the name of a time zone."""
    if text not in available_timezones():
        raise NotAllowedError("a name of the IANA time zone database, as UTC or Europe/Berlin")
    return text


def country(text: str) -> str:
    """Return a code that a country may have, in capitals, or `none`."""
    if text.lower() == _NO_COUNTRY:
        return _NO_COUNTRY
    if not _COUNTRY.fullmatch(text):
        raise NotAllowedError("a country's code of ISO 3166, as DE, GB or US, or none")
    return text.upper()


def region(text: str) -> str:
    """Return a name that a part of a country may have, or nothing."""
    if text and not _REGION.fullmatch(text):
        raise NotAllowedError("a region of SITE_COUNTRY, as BY of DE or CA of US, or nothing")
    return text


def sites(text: str) -> SitesSetting:
    """Return kinds of sites, each with where and how many there are to be."""
    found = tuple(_some_sites(part) for part in text.split(",")) if text.strip() else ()
    if len({one.where for one in found}) < len(found):
        raise NotAllowedError("each kind once in a country, with commas between, as home=5000")
    return found


def _some_sites(text: str) -> SomeSites:
    found = _SITES.fullmatch(text)
    if found is None:
        raise NotAllowedError(
            "kind=count or kind/country=count with commas between, "
            "as home=5000,office/FR=20,home/US-CA=100"
        )
    code = found["country"]
    where = None if code is None else country(code)
    return SomeSites(found["kind"], int(found["count"]), where, found["region"] or "")
