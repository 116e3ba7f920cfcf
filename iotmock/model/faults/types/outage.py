"""Communication faults of the link itself: it is away, and a buffer keeps what it can."""

from collections import deque
from typing import Annotated, Literal

from attrs import define, field
from msgspec import Meta

from iotmock.model.faults.fault import Occurrence, Scene
from iotmock.model.faults.types.link import Letter, LinkEffect, LinkFault, Marks
from iotmock.model.quantities import above_zero

BufferSize = Annotated[int, Meta(ge=0, le=10_000, description="readings kept; then the oldest go")]


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
        # A tick that was due before it began may come after, and time may be set back: it goes on.
        return abs(now - self.begin) % self.period_s >= self.down_s

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
