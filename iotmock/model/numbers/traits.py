"""What a device is given for life: constants around the usual, drawn once when it is made."""

from attrs import define

from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import Noise
from iotmock.model.numbers.shared import in_steps, shared

_FARTHEST = 2.5
"""Standard deviations beyond which nothing is built, sold or lived."""
STEPS = 64
"""Per standard deviation."""


@define(eq=False)
class Traits:
    """Draws constants. `spread` 1 is as measured; at 0 every device has the usual ones."""

    noise: Noise
    spread: float

    def deviation(self) -> float:
        """Return a standard normal number times the spread, cut off at 2.5."""
        drawn = max(-_FARTHEST, min(_FARTHEST, self.noise.gauss()))
        return self.spread * in_steps(drawn, STEPS)

    def about(self, usual: float, deviation: float, low: float, high: float) -> float:
        """Return a number around `usual`, from `low` to `high`."""
        return shared(max(low, min(high, usual + deviation * self.deviation())))

    def times(self, usual: float, deviation: float) -> float:
        """Return a positive number, lognormal with the median `usual`."""
        return shared(usual * exp(deviation * self.deviation()))

    def among(self, share: float) -> bool:
        """Say whether the device is one of the `share` of all that are not the usual kind."""
        return self.noise.uniform() < share * min(1.0, self.spread)

    def is_one(self, share: float) -> bool:
        """Say whether the device is of a kind that `share` of all are; without spread, if most."""
        usual = share > 0.5
        return usual != self.among(1.0 - share if usual else share)

    def seed(self) -> int:
        """Return the seed of what the device draws day by day."""
        return self.noise.branch().state
