"""What goes over a link, and a fault there: it changes what arrives, and never what is true."""

from typing import Annotated, ClassVar

import msgspec
from attrs import define, field
from msgspec import Meta

from iotmock.model.faults.fault import Effect, Fault, FaultKind

Probability = Annotated[float, Meta(gt=0, le=1, description="of each message, 1 is all")]


class Letter(msgspec.Struct, frozen=True, gc=False):
    """A data message on its way: the true time, the timestamp in it, its bytes."""

    time: float
    timestamp: str
    payload: bytes


@define(eq=False)
class Marks:
    """What a link fault did to which letter, to be put on record."""

    done: list[tuple[Letter, str]] = field(factory=list)

    def note(self, letter: Letter, what: str) -> None:
        """Put one on record."""
        self.done.append((letter, what))


@define(eq=False)
class LinkEffect(Effect):
    """Takes letters in, and gives out those that go on now, in their order.

    Effects work in the order of their `place`: from the device (0) to the broker. What multiplies
    or spoils comes last, so that copies of a letter share its fate.
    """

    place: ClassVar[int] = 0

    def up(self, now: float) -> bool:  # noqa: ARG002
        """Say whether the device has its link; without it the status is `offline`."""
        return True

    def carry(self, letters: list[Letter], now: float, marks: Marks) -> list[Letter]:
        """Return what goes on of `letters`, and of what was held back."""
        raise NotImplementedError

    def release(self, marks: Marks) -> list[Letter]:  # noqa: ARG002
        """Return what was held back, because the fault ends."""
        return []


class LinkFault(Fault, frozen=True):
    """Something between the device and the broker."""

    kind = FaultKind.COMMUNICATION
