"""Whose readings `generate` writes: one device, or a fleet as the service has it."""

from collections.abc import Iterator, Sequence

from attrs import frozen

from iotmock.history.options import OptionError, number
from iotmock.history.series import UnknownVariantError, device_of, variant
from iotmock.model.device import Device
from iotmock.model.family import (
    Catalogue,
    DeviceType,
    UnknownDeviceTypeError,
    UnknownProfileError,
)
from iotmock.model.fleet import (
    FLEET_OF_SETTINGS,
    GroupSpec,
    fleet_of_sites,
    group_name,
    id_of,
    prefix_of,
)
from iotmock.model.site.people.calendar import UnknownCountryError, UnknownRegionError
from iotmock.model.site.places.countries import mains_of
from iotmock.model.site.places.place import Country, Mains
from iotmock.model.site.sites import Sites
from iotmock.model.site_kinds import KINDS
from iotmock.model.site_kinds.kind import Kind, Role
from iotmock.model.spec import POWER_KW, DeviceState, InvalidFieldError
from iotmock.settings.numbers import NotAllowedError
from iotmock.settings.places import SomeSites
from iotmock.settings.places import sites as sites_of_text
from iotmock.settings.values import fleet as fleet_of_text
from iotmock.wording.words import meant


@frozen
class Chosen:
    """The devices, in the order of their readings, and what a page calls them."""

    name: str
    devices: Sequence[Device]
    is_fleet: bool


def one_device(
    catalogue: Catalogue,
    sites: Sites,
    profile: str,
    device_id: str | None,
    base_power: str | None,
) -> Chosen:
    """Return one device of a profile; its base power is in kW.

    Raises:
        OptionError: there is no such profile, or a value is not allowed.
    """
    try:
        kind, found = variant(catalogue, profile)
    except UnknownVariantError as error:
        known = error.known
        allowed, near = f"one of {', '.join(known)}", meant(profile[:80], known)
        raise OptionError("--profile", profile, allowed, near) from error
    power = number("--base-power", base_power, POWER_KW, "kW") if base_power is not None else None
    device_id = f"mock-{found.name}-001" if device_id is None else device_id
    try:
        return Chosen(device_id, (device_of(kind, found, sites, device_id, power),), is_fleet=False)
    except InvalidFieldError as error:
        allowed = error.message.removeprefix("must be ")
        raise OptionError("--device-id", device_id, allowed) from error


def fleet(catalogue: Catalogue, sites: Sites, text: str) -> Chosen:
    """Return the devices that the service makes of FLEET, with its ids and random numbers.

    Raises:
        OptionError: the text describes no fleet.
    """
    try:
        groups = fleet_of_text(text)
        devices = [
            device
            for kind, profile, count in groups
            for device in _group(catalogue, sites, kind, profile, count)
        ]
    except NotAllowedError as error:
        raise OptionError("--fleet", text, error.allowed) from error
    except (UnknownDeviceTypeError, UnknownProfileError) as error:
        raise OptionError("--fleet", text, f"of types and profiles that exist: {error}") from error
    if not devices:
        raise OptionError("--fleet", text, "one device or more, as hvac=50,lighting/street=20")
    return Chosen(text, devices, is_fleet=True)


def at_sites(catalogue: Catalogue, sites: Sites, text: str) -> Chosen:
    """Return the devices of the sites that the service makes of SITES, with its ids and lots.

    Raises:
        OptionError: the text names no kinds of sites.
    """
    allowed = f"kinds and counts as home=2,office=1, of {', '.join(KINDS)}"
    try:
        wanted = sites_of_text(text)
    except NotAllowedError as error:
        raise OptionError("--sites", text, allowed) from error
    if not wanted or any(some.kind not in KINDS for some in wanted):
        raise OptionError("--sites", text, allowed)
    try:
        devices = [device for some in wanted for device in _some(catalogue, sites, some)]
    except (UnknownCountryError, UnknownRegionError) as error:
        raise OptionError("--sites", text, f"countries and regions that exist: {error}") from error
    return Chosen(text, devices, is_fleet=True)


def _some(catalogue: Catalogue, sites: Sites, some: SomeSites) -> Iterator[Device]:
    kind, name, seed = KINDS[some.kind], fleet_of_sites(*some.where), sites.fleet_seed
    country = None if some.country is None else Country.of(some.country, some.region)
    sites.settle(name, country)
    mains = mains_of(country)
    for role in kind.roles:
        found = catalogue.get(role.device_type)
        spec = _spec_of(role, kind, found, name, mains)
        for at in range(1, some.count + 1):
            if spec.stands_at(at, seed):
                device_id = id_of(prefix_of(name, role.name), at)
                yield Device.make(spec.device(device_id, seed), found, sites, DeviceState())


def _spec_of(
    role: Role, kind: Kind, found: DeviceType, site: str, mains: Mains | None
) -> GroupSpec:
    profile = found.profile(role.profile)
    return GroupSpec(
        name=role.name,
        device_type=role.device_type,
        base_power=role.rated_kw(profile),
        base_voltage=role.volts(profile, mains),
        profile=role.profile,
        base_power_spread=role.spread,
        site=site,
        draws=kind.draws_of(role),
    )


def _group(
    catalogue: Catalogue, sites: Sites, device_type: str, profile: str | None, count: int
) -> list[Device]:
    kind = catalogue.get(device_type)
    found, name = kind.profile(profile), group_name(device_type, profile)
    spec = GroupSpec(name, device_type, found.base_power, found.base_voltage, profile)
    prefix = prefix_of(FLEET_OF_SETTINGS, name)
    return [
        Device.make(spec.device(id_of(prefix, at), sites.fleet_seed), kind, sites, DeviceState())
        for at in range(1, count + 1)
    ]
