"""A kind of sites: what one may have, and how often one does."""

from collections.abc import Iterator

from attrs import evolve, frozen

from iotmock.model.family import Profile
from iotmock.model.site.places.place import Mains


@frozen
class Role:
    """A device that a site may have. kW; power lies in `base_power` · (1 ± `spread`), evenly.

    `share` of the sites have one; of those that have what `of` names, if it names something.
    """

    name: str
    device_type: str
    profile: str
    share: float = 1.0
    spread: float = 0.0
    base_power: float | None = None
    of: str | None = None

    def rated_kw(self, profile: Profile) -> float:
        """Return what those of this role are rated, in the middle."""
        return profile.base_power if self.base_power is None else self.base_power

    def volts(self, profile: Profile, mains: Mains | None) -> float:
        """Return what they are made for at these mains; None: at the profile's own."""
        if mains is None:
            return profile.base_voltage
        return mains.of(profile.phases, self.rated_kw(profile))

    def several(self, most: int, least: int = 1) -> Iterator["Role"]:
        """Yield as many as a site may have: ever fewer sites have yet another one."""
        for number in range(1, most + 1):
            beyond = max(0, number - least) / (most - least + 1)
            share = self.share * (1.0 - beyond)
            yield evolve(self, name=f"{self.name}{number}", share=share)


@frozen
class Kind:
    """What the sites of a kind are, beginning with their main meter."""

    name: str
    description: str
    roles: tuple[Role, ...]

    def draws_of(self, role: Role) -> tuple[tuple[str, float], ...]:
        """Return the lots that decide whether a site has it; see `GroupSpec.draws`."""
        own = ((role.name, role.share),) if role.share < 1.0 else ()
        if role.of is None:
            return own
        other = next(other for other in self.roles if other.name == role.of)
        return (*self.draws_of(other), *own)
