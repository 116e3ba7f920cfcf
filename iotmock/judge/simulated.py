"""Device-weeks and device-days of a profile, straight from the model."""

from collections.abc import Iterator, Sequence
from math import ceil

import numpy as np
from attrs import frozen

from iotmock.history.series import device_of
from iotmock.judge.piece import DAY_S, Cut, NothingTakenError, Piece, Values
from iotmock.model.device import Device
from iotmock.model.family import DeviceType, Profile
from iotmock.model.site.sites import Sites

_WARM_UP_S = 6 * 3_600.0


@frozen
class Surroundings:
    """Where the simulated devices stand: each at a site of its own, so that none is another's."""

    timezone: str = "UTC"
    latitude: float = 52.5
    climate: str = "temperate"
    variation: float = 0.1
    country: str = "DE"
    holiday_region: str = ""

    def sites(self, seed: int) -> Sites:
        """Return the sites of a fleet of this seed."""
        return Sites(
            seed,
            self.variation,
            self.latitude,
            self.timezone,
            self.climate,
            self.country,
            self.holiday_region,
        )


@frozen
class Simulation:
    """What is simulated: a profile at a place, in pieces of equal steps. Base power in kW.

    `tick_s` is the longest tick: within a minute a switching device does little that is lost.
    """

    kind: DeviceType
    profile: Profile
    cut: Cut
    step_s: float
    around: Surroundings = Surroundings()
    base_power: float | None = None
    tick_s: float = 60.0

    def piece(self, seed: int, begin: float) -> Piece:
        """Return the piece that begins at `begin` (Unix s, a local midnight) of the seed's device.

        Of what gives more than it takes, as a solar plant, it has what is given.

        Raises:
            NothingTakenError: it took nothing at all, as a lamp that nobody switches on.
        """
        powers = self.powers(seed, begin, self.cut.days)
        given = float(powers.mean()) < 0.0
        return Piece(-powers if given else powers, self.step_s, self.cut)

    def powers(self, seed: int, begin: float, days: float) -> Values:
        """Return mean powers of steps over so many days, kW."""
        device, ticks = self.device(seed), max(1, ceil(self.step_s / self.tick_s))
        _live(device, begin - _WARM_UP_S, self.tick_s, round(_WARM_UP_S / self.tick_s))
        count = round(days * DAY_S / self.step_s) * ticks
        ticked = _live(device, begin, self.step_s / ticks, count)
        means: Values = ticked.reshape(-1, ticks).mean(axis=1)
        return means

    def device(self, seed: int) -> Device:
        """Return the device of a seed, as new; its site is that of this seed alone."""
        name = f"mock-{self.profile.name}-{seed:03d}"
        return device_of(self.kind, self.profile, self.around.sites(seed), name, self.base_power)

    def pieces(self, seeds: Sequence[int], begins: Sequence[float]) -> Iterator[Piece]:
        """Yield the pieces of several devices that took something, all of a device together."""
        for seed in seeds:
            for begin in begins:
                try:
                    yield self.piece(seed, begin)
                except NothingTakenError:
                    continue


def _live(device: Device, begin: float, tick_s: float, count: int) -> Values:
    """Let a device live through so many ticks; return the power of each, kW."""
    powers = np.empty(count)
    for number in range(count):
        device.tick(begin + (number + 1) * tick_s, tick_s)
        powers[number] = device.meter.power_kw
    return powers
