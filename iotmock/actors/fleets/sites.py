"""Sites by rule: a fleet whose devices stand at sites, each a location with a main meter."""

from collections.abc import Iterator

from iotmock.actors.definitions.draft import GroupDraft
from iotmock.model.family import Catalogue, UnknownDeviceTypeError, UnknownProfileError
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
    kind: Kind, name: str, count: int, interval: float | None, catalogue: Catalogue
) -> list[GroupDraft]:
    """Return the groups of a fleet of `count` such sites, of the types that the service knows."""
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
            site=name,
            draws=kind.draws_of(role),
        )
        for role in _known(kind, catalogue)
    ]


def _known(kind: Kind, catalogue: Catalogue) -> Iterator[Role]:
    for role in kind.roles:
        try:
            catalogue.get(role.device_type).profile(role.profile)
        except (UnknownDeviceTypeError, UnknownProfileError):
            continue
        yield role
