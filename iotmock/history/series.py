"""A device's readings over days or years, as fast as they can be computed."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from attrs import frozen

from iotmock.model.device import Device
from iotmock.model.family import Catalogue, DeviceType, Profile
from iotmock.model.reading import Reading
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceSpec, DeviceState

DAY_S = 86_400.0


class Row(NamedTuple):
    """One reading, with its time in Unix seconds and the type of its device."""

    now: float
    reading: Reading
    device_type: str


@frozen
class Span:
    """From `start` (Unix seconds) for `days`, a reading every `step_s` seconds."""

    start: float
    days: float
    step_s: float

    @property
    def count(self) -> int:
        """How many readings that are."""
        return int(self.days * DAY_S / self.step_s + 1e-9)


class UnknownVariantError(LookupError):
    """Nothing that can be simulated has this name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"unknown profile {name[:64]!r}; known are {', '.join(known)}")
        self.known = known


def variant(catalogue: Catalogue, name: str) -> tuple[DeviceType, Profile]:
    """Return what `name` says: a device type, a profile, or `type/profile`.

    Raises:
        UnknownVariantError: it says none of them.
    """
    for kind in catalogue:
        for profile in kind.profiles:
            if name in {profile.name, f"{kind.device_type}/{profile.name}"}:
                return kind, profile
        if name == kind.device_type:
            return kind, kind.profiles[0]
    raise UnknownVariantError(name, variant_names(catalogue))


def variant_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the names that `variant` knows, the device types before their profiles."""
    names: list[str] = []
    for kind in catalogue:
        names += [kind.device_type, *(profile.name for profile in kind.profiles)]
    return tuple(dict.fromkeys(names))


def device_of(
    kind: DeviceType, profile: Profile, sites: Sites, device_id: str, base_power: float | None
) -> Device:
    """Return a new device of a profile, of its own base power if None is given (kW).

    Raises:
        InvalidFieldError: id or base power are outside the limits of the contract.
    """
    spec = DeviceSpec(
        device_id,
        kind.device_type,
        kind.name,
        profile.base_power if base_power is None else base_power,
        profile.base_voltage,
        profile=profile.name,
    )
    return Device.make(spec, kind, sites, DeviceState())


def rows(devices: Sequence[Device], span: Span) -> Iterator[Row]:
    """Yield the readings of a span, those of one time together, in the order of the devices.

    Each tells of the step that ends at its time; what sums up or follows others lives through it
    after them.
    """
    typed = [(device, device.kind.device_type) for device in devices]
    ordered = sorted(devices, key=lambda device: device.profile.place)
    for number in range(1, span.count + 1):
        now = span.start + number * span.step_s
        for device in ordered:
            device.tick(now, span.step_s)
        for device, device_type in typed:
            yield Row(now, device.reading(now), device_type)
