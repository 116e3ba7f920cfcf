"""Sites by rule: a fleet whose devices stand at sites, each a location with a main meter."""

from collections.abc import Iterator

from iotmock.actors.definitions.draft import GroupDraft, SitesOf
from iotmock.model.family import (
    Catalogue,
    Profile,
    UnknownDeviceTypeError,
    UnknownProfileError,
)
from iotmock.model.site.people.calendar import UnknownCountryError, UnknownRegionError
from iotmock.model.site.places.countries import mains_of
from iotmock.model.site.places.place import Country
from iotmock.model.site_kinds import KINDS
from iotmock.model.site_kinds.kind import Kind, Role
from iotmock.model.spec import InvalidFieldError
from iotmock.wording.words import meant


def kind_named(name: str) -> Kind:
    """Return a kind of sites.

    Raises:
        InvalidFieldError: there is none of this name.
    """
    if name not in KINDS:
        message = f"must be one of {', '.join(KINDS)}, not {name[:64]!r}{meant(name, tuple(KINDS))}"
        raise InvalidFieldError("kind", message)
    return KINDS[name]


def groups_of(
    sites: SitesOf, name: str, count: int, interval: float | None, catalogue: Catalogue
) -> list[GroupDraft]:
    """Return the groups of a fleet of `count` such sites, of the types that the service knows.

    Raises:
        InvalidFieldError: there is no such kind.
    """
    kind, mains = kind_named(sites.kind), mains_of(sites.country)

    return [
        GroupDraft(
            role.device_type,
            count,
            role.name,
            role.profile,
            "",
            interval,
            role.base_power,
            role.spread,
            role.volts(profile, mains),
            site=name,
            draws=kind.draws_of(role),
        )
        for role, profile in _known(kind, catalogue)
    ]


def _known(kind: Kind, catalogue: Catalogue) -> Iterator[tuple[Role, Profile]]:
    for role in kind.roles:
        try:
            profile = catalogue.get(role.device_type).profile(role.profile)
        except (UnknownDeviceTypeError, UnknownProfileError):
            continue
        yield role, profile


def country_named(code: str | None, region: str = "") -> Country | None:
    """Return a country, or None where none is given.

    Raises:
        InvalidFieldError: there is no such country, or it has no such region.
    """
    if code is None:
        if region:
            raise InvalidFieldError("region", "needs a country, as DE for BY")
        return None
    try:
        return Country.of(code, region)
    except UnknownCountryError as error:
        raise InvalidFieldError("country", str(error)) from error
    except UnknownRegionError as error:
        raise InvalidFieldError("region", str(error)) from error
