"""Communication faults of results: a command is carried out, and its answer is lost or late."""

from typing import Annotated

from attrs import define

from iotmock.model.faults.fault import Effect, Occurrence, Scene
from iotmock.model.faults.types.link import LinkFault, Probability
from iotmock.model.numbers.noise import Noise
from iotmock.model.quantities import above_zero


@define(eq=False)
class ResultEffect(Effect):
    """What becomes of the result of a command that came over MQTT."""

    noise: Noise
    probability: float
    delay_s: float | None
    """None loses it."""

    def strikes(self) -> bool:
        """Say whether the next result is hit."""
        return self.noise.uniform() < self.probability


class LostResult(LinkFault, frozen=True):
    """A command is carried out, and its result never comes."""

    name = "lost_result"
    occurs = Occurrence(0.02, 600.0, 3_600.0)
    probability: Probability = 1.0

    def effect(self, scene: Scene) -> ResultEffect:
        """See `Fault.effect`."""
        return ResultEffect(scene.noise, self.probability, None)


class LateResult(LinkFault, frozen=True):
    """A command is carried out, and its result comes with the first tick after `delay_s`."""

    name = "late_result"
    occurs = Occurrence(0.02, 600.0, 3_600.0)
    delay_s: Annotated[float, above_zero("s", "after the command", 86_400)] = 30.0
    probability: Probability = 1.0

    def effect(self, scene: Scene) -> ResultEffect:
        """See `Fault.effect`."""
        return ResultEffect(scene.noise, self.probability, self.delay_s)
