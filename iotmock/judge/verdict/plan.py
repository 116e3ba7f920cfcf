"""What is simulated to stand beside real pieces: the same days, on a few devices."""

from collections.abc import Sequence
from datetime import date, datetime, time, tzinfo

from attrs import evolve, frozen

from iotmock.judge.piece import Piece
from iotmock.judge.series.read import RealSeries
from iotmock.judge.simulated import Simulation, Surroundings
from iotmock.model.family import Catalogue, DeviceType, Profile

_DATES = 4
"""Of how many real pieces the calendar is taken: spread over the whole series."""
_FEW_DEVICES, _FEW_DATES, _WIDE_TICK_S = 2, 2, 900.0


@frozen
class Plan:
    """How profiles are simulated beside a series. `zone` is where its days begin."""

    series: RealSeries
    around: Surroundings
    zone: tzinfo
    devices: int
    seed: int

    def pieces(self, kind: DeviceType, profile: Profile) -> list[Piece]:
        """Return simulated pieces of a profile, of all devices; those that take something."""
        simulation = self._simulation(kind, profile)
        return list(simulation.pieces(self._seeds(self.devices), self._begins(_DATES)))

    def few(self, kind: DeviceType, profile: Profile) -> list[Piece]:
        """Return a few pieces, made in a hurry: enough to say which profile is near."""
        simulation = evolve(self._simulation(kind, profile), tick_s=_WIDE_TICK_S)
        return list(simulation.pieces(self._seeds(_FEW_DEVICES), self._begins(_FEW_DATES)))

    def _simulation(self, kind: DeviceType, profile: Profile) -> Simulation:
        return Simulation(kind, profile, self.series.cut, self.series.step_s, self.around)

    def _seeds(self, most: int) -> range:
        return range(self.seed, self.seed + min(most, self.devices))

    def _begins(self, most: int) -> list[float]:
        """Return when simulated pieces begin, Unix s."""
        days = sorted({real.first_day for real in self.series.pieces})
        chosen = days[:: max(1, len(days) // most)][:most]
        return [_midnight(day, self.zone) for day in chosen]


def _midnight(day: int, zone: tzinfo) -> float:
    return datetime.combine(date.fromordinal(day), time(), zone).timestamp()


def named(kind: DeviceType, profile: Profile) -> str:
    """Return the whole name of a profile."""
    return f"{kind.device_type}/{profile.name}"


def every(catalogue: Catalogue) -> Sequence[tuple[DeviceType, Profile]]:
    """Return all profiles with their types."""
    return [(kind, profile) for kind in catalogue for profile in kind.profiles]
