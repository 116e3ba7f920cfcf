"""A fleet: groups of devices that a rule makes from their numbers, so that none need be stored."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from math import prod
from typing import Literal

from attrs import evolve, frozen

from iotmock.model.numbers.noise import Noise, seed_of, uniform_at
from iotmock.model.site.places.place import Country
from iotmock.model.spec import POWER_KW, DeviceSpec

FLEET_OF_SETTINGS = "cli"
"""The name of the fleet that FLEET describes."""
MOST_DEVICES = 1_000_000
MOST_GROUPS = 100
NAME_PATTERN = r"[A-Za-z0-9_.-]{1,54}"
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]")
MOST_SPREAD = 0.9
_DIGITS = 6
_LONGEST_ID = 64
_LONGEST_NUMBER = 7


def fleet_of_sites(*where: str | None) -> str:
    """Return the name of the fleet of those sites of SITES: their kind, country and region."""
    return "-".join((FLEET_OF_SETTINGS, *(_NOT_IN_NAMES.sub("_", one) for one in where if one)))


def group_name(device_type: str, profile: str | None) -> str:
    """Return the name of a group that was given none."""
    return f"{device_type}-{profile}" if profile else device_type


def prefix_of(fleet: str, group: str) -> str:
    """Return what the ids of a group begin with, before the hyphen and the number."""
    return f"{fleet}-{group}"


def id_of(prefix: str, number: int) -> str:
    """Return the id of a group's device; numbers begin with 1."""
    return f"{prefix}-{number:0{_DIGITS}d}"


def prefix_fits(prefix: str) -> bool:
    """Say whether every id with this prefix is one that a device may have."""
    return len(prefix) + 1 + _LONGEST_NUMBER <= _LONGEST_ID


@lru_cache(maxsize=64)  # whoever makes a device asks three times
def split_id(device_id: str) -> tuple[str, int] | None:
    """Return prefix and number of an id that is written as the rule writes it; else None."""
    prefix, _, digits = device_id.rpartition("-")
    if not (prefix and digits.isascii() and digits.isdecimal()):
        return None
    number = int(digits[: _LONGEST_NUMBER + 1])
    return (prefix, number) if number and id_of(prefix, number) == device_id else None


def beat_of(device_id: str, location: str) -> str:
    """Return by which name a device ticks: its own, or its site's, if a rule made it for that."""
    site = split_id(location)
    if site is None or not device_id.startswith(f"{site[0]}-"):
        return device_id
    own = split_id(device_id)
    return location if own is not None and own[1] == site[1] else device_id


def is_name(text: str) -> bool:
    """Say whether `text` may name a fleet or a group."""
    return re.fullmatch(NAME_PATTERN, text) is not None


@frozen
class GroupSpec:
    """What the devices of a group have in common. kW, V and s.

    Their base powers lie evenly within `base_power` · (1 ± `base_power_spread`).
    """

    name: str
    device_type: str
    base_power: float
    base_voltage: float
    profile: str | None = None
    location: str = ""
    interval: float | None = None
    base_power_spread: float = 0.0
    site: str = ""
    """Of sites: what their locations begin with. Each device is at the site of its own number."""
    draws: tuple[tuple[str, float], ...] = ()
    """Of sites: names, and the shares of the sites that have what is so called; see `stands_at`."""

    @property
    def share(self) -> float:
        """The share of its numbers that have a device, about."""
        return prod(share for _, share in self.draws)

    def stands_at(self, number: int, seed: int) -> bool:
        """Say whether the site of this number has such a device: by lot, one for each name.

        So what goes with something else (a battery with the panels) draws its lot too.
        """
        return all(
            uniform_at(_lots(seed, self.site, name), number) < share for name, share in self.draws
        )

    def location_of(self, device_id: str) -> str:
        """Return where the device of this id is."""
        parts = split_id(device_id) if self.site else None
        return id_of(self.site, parts[1]) if parts else self.location

    def device(self, device_id: str, seed: int) -> DeviceSpec:
        """Return the device of this id; it shares all texts with its group, its name is its id.

        Raises:
            InvalidFieldError: a field is outside the limits of the contract.
        """
        return DeviceSpec(
            device_id=device_id,
            device_type=self.device_type,
            name=device_id,
            base_power=self._power(device_id, seed),
            base_voltage=self.base_voltage,
            location=self.location_of(device_id),
            interval=self.interval,
            profile=self.profile,
        )

    def _power(self, device_id: str, seed: int) -> float:
        if not self.base_power_spread:
            return self.base_power
        place = 2.0 * Noise(seed_of(seed, f"power:{device_id}")).uniform() - 1.0
        power = self.base_power * (1.0 + self.base_power_spread * place)
        return round(max(POWER_KW[0], min(POWER_KW[1], power)), 6)


@lru_cache(maxsize=1_024)
def _lots(seed: int, site: str, name: str) -> int:
    return seed_of(seed, f"lots:{site}:{name}")


@frozen
class GroupRecord:
    """A group as it should be: every number up to `top`, but for `holes` (devices deleted singly).

    Numbers up to `reached` may have lived: those beyond `top` have yet to be taken down.
    """

    spec: GroupSpec
    top: int
    reached: int
    holes: frozenset[int] = frozenset()

    @property
    def wanted(self) -> int:
        """How many devices there should be at most; of sites, not each has one."""
        return self.top - len(self.holes)

    def scaled(self, count: int) -> "GroupRecord":
        """Return the group with `count` devices: new numbers at the end, or the last ones gone.

        A number in a hole stays away as long as the group reaches beyond it.
        """
        top = count if self.spec.site else _top(count, self.holes)
        holes = frozenset(number for number in self.holes if number <= top)
        return evolve(self, top=top, reached=max(self.reached, top), holes=holes)


def _top(count: int, holes: Iterable[int]) -> int:
    top = count
    for hole in sorted(holes):
        if hole > top or not count:
            break
        top += 1
    return top


def present(made: int, holes: Iterable[int]) -> int:
    """Return how many of the numbers up to `made` are not holes."""
    return made - bisect_right(sorted(holes), made)


@frozen
class FleetRecord:
    """All that the registry keeps of a fleet but for its counters. `created_at` in Unix seconds.

    `dialect`, `reading` None: its devices have those of the service.
    """

    name: str
    seed: int
    created_at: float
    groups: tuple[GroupRecord, ...]
    deleting: bool = False
    dialect: str | None = None
    reading: Literal["basic", "full"] | None = None
    kind: str | None = None
    """Of sites: what each is, `home` or another; its groups are what they have."""
    country: Country | None = None
    """Of sites: where they are; None is where the service has its locations."""

    @property
    def wanted(self) -> int:
        """How many devices there should be."""
        return sum(group.wanted for group in self.groups)
