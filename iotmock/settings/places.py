"""From a text to where the sites are: a time zone, a country, a part of it."""

import re
from zoneinfo import available_timezones

from iotmock.settings.numbers import NotAllowedError, number

_EAST = number(-180, 180, " degrees")
_NO_COUNTRY = "none"
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_REGION = re.compile(r"\w[\w .'-]{0,59}")


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
