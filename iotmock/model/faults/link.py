"""Communication faults: they change what arrives, and never what is true."""

from collections import deque
from typing import Annotated, ClassVar, Literal, Self

import msgspec
from attrs import define, field
from msgspec import Meta

from iotmock.model.faults.fault import Effect, Fault, FaultKind, Occurrence, Scene
from iotmock.model.numbers.noise import Noise
from iotmock.model.quantities import above_zero

Probability = Annotated[float, Meta(gt=0, le=1, description="of each message, 1 is all")]
BufferSize = Annotated[int, Meta(ge=0, le=10_000, description="readings kept; then the oldest go")]


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


@define(eq=False)
class _Down(LinkEffect):
    """A link that is away for `down_s` of every `period_s`; readings wait in a bounded buffer."""

    place = 2
    begin: float
    size: int
    period_s: float = float("inf")
    down_s: float = float("inf")
    newest_first: bool = False
    buffer: deque[Letter] = field(factory=deque)

    def up(self, now: float) -> bool:
        return (now - self.begin) % self.period_s >= self.down_s

    def carry(self, letters: list[Letter], now: float, marks: Marks) -> list[Letter]:
        if self.up(now):
            burst = self.release(marks)
            return letters + burst if self.newest_first else burst + letters
        for letter in letters:
            self._keep(letter, marks)
        return []

    def _keep(self, letter: Letter, marks: Marks) -> None:
        self.buffer.append(letter)
        marks.note(letter, "held back")
        if len(self.buffer) > self.size:
            marks.note(self.buffer.popleft(), "missing")

    def release(self, marks: Marks) -> list[Letter]:
        late = list(self.buffer)
        self.buffer.clear()
        for letter in late:
            marks.note(letter, "late")
        return late[::-1] if self.newest_first else late


class Outage(LinkFault, frozen=True):
    """The link is down and the device offline; what its buffer kept comes late, in a burst."""

    name = "outage"
    occurs = Occurrence(0.05, 900.0, 5_400.0)
    buffer: BufferSize = 100
    order: Literal["oldest_first", "newest_first"] = "oldest_first"

    def effect(self, scene: Scene) -> _Down:
        """See `Fault.effect`."""
        return _Down(scene.begin, self.buffer, newest_first=self.order == "newest_first")


class Flapping(LinkFault, frozen=True):
    """The link goes and comes back, with what was buffered, again and again."""

    name = "flapping"
    occurs = Occurrence(0.02, 900.0, 5_400.0)
    period_s: Annotated[float, above_zero("s", "down and up", 86_400)] = 60.0
    down_share: Annotated[float, Meta(gt=0, lt=1, description="of the period")] = 0.5
    buffer: BufferSize = 100

    def effect(self, scene: Scene) -> _Down:
        """See `Fault.effect`."""
        return _Down(scene.begin, self.buffer, self.period_s, self.down_share * self.period_s)


class GatewayOutage(LinkFault, frozen=True):
    """The gateway of a location is away: all its devices are offline, and nothing is kept."""

    name = "gateway_outage"
    occurs = Occurrence(0.1, 300.0, 3_600.0)
    of_location = True

    def effect(self, scene: Scene) -> _Down:
        """See `Fault.effect`."""
        return _Down(scene.begin, 0)


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
