"""What a fault is: its parameters, how often it happens, and what it does while it lasts."""

from enum import Enum
from typing import TYPE_CHECKING, ClassVar, Self

import msgspec
from attrs import define, evolve, field, frozen

from iotmock.model.numbers.exact_math import exp, log
from iotmock.model.numbers.noise import Noise, seed_of
from iotmock.model.reading import Reading
from iotmock.model.site.connection.island import Island

if TYPE_CHECKING:
    from iotmock.model.family import Family

_P99_SIGMA = 2.326


class FaultKind(Enum):
    """What a fault touches: what is shown, what is, or what arrives."""

    METER = "meter"
    DEVICE = "device"
    COMMUNICATION = "communication"


@frozen
class Occurrence:
    """How often a device has a fault by itself, and how long it lasts: lognormal, in s."""

    per_day: float
    median_s: float
    p99_s: float

    def duration(self, noise: Noise) -> float:
        """Draw a duration in s."""
        sigma = log(self.p99_s / self.median_s) / _P99_SIGMA
        return self.median_s * exp(sigma * max(-3.0, min(3.0, noise.gauss())))


@frozen
class Scene:
    """Where a fault begins: what was last shown, the counter beneath it, and the physics.

    `noise` is the fault's own, so that what it does depends on nothing else.
    """

    begin: float
    shown: Reading
    energy_kwh: float
    base_power: float
    decimals: int
    family: "Family"
    seed: int
    island: Island = field(factory=Island)
    """Its location's, where batteries feed those that the grid does not."""

    @property
    def noise(self) -> Noise:
        """Random numbers of the fault's own."""
        return Noise(self.seed)

    def of(self, injection: "Injection") -> "Scene":
        """Return the scene as this fault finds it."""
        seed = seed_of(self.seed, f"fault:{injection.fault_id}")
        return evolve(self, begin=injection.begin, seed=seed)


REMEMBERED = {"remembered": True}
"""Marks a field of an effect that outlives the process."""


@define(eq=False)
class Effect:
    """What an active fault does. `stop` undoes what it did to the device."""

    evolves: ClassVar[bool] = False
    """Whether what must outlive the process changes from tick to tick."""

    def stop(self) -> None:
        """End."""


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to fail. The fields are its parameters, their annotations its JSON Schema."""

    name: ClassVar[str]
    kind: ClassVar[FaultKind]
    occurs: ClassVar[Occurrence]
    momentary: ClassVar[bool] = False
    """Whether it is over with the first message that it changed."""
    device_type: ClassVar[str | None] = None
    """The only type of device that can have it."""
    of_location: ClassVar[bool] = False
    """Whether it befalls every device of a location at once."""
    remembers: ClassVar[type[Effect]] = Effect
    """The effect whose `REMEMBERED` fields are kept of it."""

    def effect(self, scene: Scene) -> Effect:
        """Begin: return what the fault does from now on."""
        raise NotImplementedError

    @classmethod
    def drawn(cls, noise: Noise) -> Self:  # noqa: ARG003
        """Return one as it happens by itself."""
        return cls()


@frozen
class Injection:
    """A fault of one device with its time, in Unix seconds; `end` is None until it is cleared."""

    fault_id: str
    device_id: str
    fault: Fault
    begin: float
    end: float | None
    cause: str = "request"
    """`request`, or `profile` for what happens by itself."""
    group: str | None = None
    """What the faults of one request for many devices have in common."""
