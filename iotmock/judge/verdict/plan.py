"""What is simulated to stand beside real pieces: the same days, on a few devices."""

from collections.abc import Sequence
from datetime import date, datetime, time, tzinfo

from attrs import frozen

from iotmock.judge.piece import Piece
from iotmock.judge.series.read import RealSeries
from iotmock.judge.simulated import Simulation, Surroundings
from iotmock.model.family import Catalogue, DeviceType, Profile

_DATES = 4
"""Of how many real pieces the calendar is taken: spread over the whole series."""
_FEW_DEVICES = 3


@frozen
class Plan:
    """How profiles are simulated beside a series. `zone` is where its days begin."""

    series: RealSeries
    around: Surroundings
    zone: tzinfo
    devices: int
    seed: int

    def simulation(self, kind: DeviceType, profile: Profile) -> Simulation:
        """Return what simulates a profile."""
        return Simulation(kind, profile, self.series.cut, self.series.step_s, self.around)

    def pieces(self, kind: DeviceType, profile: Profile, devices: int | None = None) -> list[Piece]:
        """Return simulated pieces of a profile, of so many devices; those that take something."""
        seeds = range(self.seed, self.seed + (self.devices if devices is None else devices))
        return list(self.simulation(kind, profile).pieces(seeds, self.begins))

    @property
    def begins(self) -> list[float]:
        """When simulated pieces begin, Unix s."""
        days = sorted({real.first_day for real in self.series.pieces})
        chosen = days[:: max(1, len(days) // _DATES)][:_DATES]
        return [_midnight(day, self.zone) for day in chosen]

    def few(self, kind: DeviceType, profile: Profile) -> list[Piece]:
        """Return pieces of a few devices: enough to say which profile is near."""
        return self.pieces(kind, profile, min(_FEW_DEVICES, self.devices))


def _midnight(day: int, zone: tzinfo) -> float:
    return datetime.combine(date.fromordinal(day), time(), zone).timestamp()


def named(kind: DeviceType, profile: Profile) -> str:
    """Return the whole name of a profile."""
    return f"{kind.device_type}/{profile.name}"


def every(catalogue: Catalogue) -> Sequence[tuple[DeviceType, Profile]]:
    """Return all profiles with their types."""
    return [(kind, profile) for kind in catalogue for profile in kind.profiles]
