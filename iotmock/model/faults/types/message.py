"""Communication faults of single messages: lost, doubled, overtaken or spoiled on the way."""

from typing import Annotated, Literal, Self

from attrs import define
from msgspec import Meta

from iotmock.model.faults.fault import Occurrence, Scene
from iotmock.model.faults.types.link import Letter, LinkEffect, LinkFault, Marks, Probability
from iotmock.model.numbers.noise import Noise


@define(eq=False)
class _Losing(LinkEffect):
    noise: Noise
    probability: float

    def carry(self, letters: list[Letter], now: float, marks: Marks) -> list[Letter]:  # noqa: ARG002
        arriving = []
        for letter in letters:
            if self.probability >= 1.0 or self.noise.uniform() < self.probability:
                marks.note(letter, "missing")
            else:
                arriving.append(letter)
        return arriving


class Dropout(LinkFault, frozen=True):
    """Single readings are missing; energy moves on by the true amount."""

    name = "dropout"
    occurs = Occurrence(0.5, 120.0, 900.0)
    probability: Probability = 0.3

    def effect(self, scene: Scene) -> _Losing:
        """See `Fault.effect`."""
        return _Losing(scene.noise, self.probability)


class Gap(LinkFault, frozen=True):
    """Every reading is missing for a while, though the device stays connected."""

    name = "gap"
    occurs = Occurrence(8.0, 21.0, 272.0)

    def effect(self, scene: Scene) -> _Losing:
        """See `Fault.effect`."""
        return _Losing(scene.noise, 1.0)


@define(eq=False)
class _Copying(LinkEffect):
    place = 3
    noise: Noise
    probability: float
    copies: int

    def carry(self, letters: list[Letter], now: float, marks: Marks) -> list[Letter]:  # noqa: ARG002
        arriving: list[Letter] = []
        for letter in letters:
            again = bool(arriving) and arriving[-1] is letter
            arriving.append(letter)
            if not again and self.noise.uniform() < self.probability:
                arriving += [letter] * self.copies
                marks.note(letter, f"duplicated {self.copies}x")
        return arriving


class Duplicate(LinkFault, frozen=True):
    """The same message comes again, with the same timestamp."""

    name = "duplicate"
    occurs = Occurrence(0.2, 600.0, 7_200.0)
    probability: Probability = 0.16
    copies: Annotated[int, Meta(ge=1, le=10, description="how many more")] = 1

    def effect(self, scene: Scene) -> _Copying:
        """See `Fault.effect`."""
        return _Copying(scene.noise, self.probability, self.copies)


@define(eq=False)
class _Reordering(LinkEffect):
    place = 1
    noise: Noise
    probability: float
    held: Letter | None = None

    def carry(self, letters: list[Letter], now: float, marks: Marks) -> list[Letter]:  # noqa: ARG002
        arriving = []
        for letter in letters:
            if self.held is not None:
                arriving += [letter, self.held]
                marks.note(self.held, "overtaken")
                self.held = None
            elif self.noise.uniform() < self.probability:
                self.held = letter
                marks.note(letter, "held back")
            else:
                arriving.append(letter)
        return arriving

    def release(self, marks: Marks) -> list[Letter]:
        held, self.held = self.held, None
        if held is None:
            return []
        marks.note(held, "late")
        return [held]


class Reorder(LinkFault, frozen=True):
    """A message is overtaken by the next: an older timestamp comes after a newer one."""

    name = "reorder"
    occurs = Occurrence(0.06, 60.0, 300.0)
    probability: Probability = 0.2

    def effect(self, scene: Scene) -> _Reordering:
        """See `Fault.effect`."""
        return _Reordering(scene.noise, self.probability)


@define(eq=False)
class _Corrupting(LinkEffect):
    place = 4
    noise: Noise
    how: str
    probability: float

    def carry(self, letters: list[Letter], now: float, marks: Marks) -> list[Letter]:  # noqa: ARG002
        fates: dict[int, Letter] = {}
        for letter in letters:
            if id(letter) not in fates:
                fates[id(letter)] = self._corrupted(letter, marks)
        return [fates[id(letter)] for letter in letters]

    def _corrupted(self, letter: Letter, marks: Marks) -> Letter:
        if self.noise.uniform() >= self.probability:
            return letter
        marks.note(letter, f"corrupt: {self.how}")
        at = 1 + int(self.noise.uniform() * (len(letter.payload) - 2))
        payload = letter.payload[:at]
        if self.how == "garbled":  # 0xFF is in no UTF-8 text, so in no JSON
            payload += b"\xff\xff" + letter.payload[at + 2 :]
        return Letter(letter.time, letter.timestamp, payload)


class Corrupt(LinkFault, frozen=True):
    """The payload is cut off, or bytes in it are no longer text: never valid JSON."""

    name = "corrupt"
    occurs = Occurrence(0.01, 60.0, 600.0)
    how: Literal["truncated", "garbled"] = "truncated"
    probability: Probability = 1.0

    def effect(self, scene: Scene) -> _Corrupting:
        """See `Fault.effect`."""
        return _Corrupting(scene.noise, self.how, self.probability)

    @classmethod
    def drawn(cls, noise: Noise) -> Self:
        """See `Fault.drawn`."""
        return cls("garbled" if noise.uniform() < 0.5 else "truncated")
