"""The shards of a run, wherever they are, and the last that each of them said."""

import time
from array import array
from collections.abc import Iterator, Mapping
from itertools import count

import msgspec
import trio
from attrs import define, field

from iotmock.soak.run.error import SoakError
from iotmock.soak.run.processes.child import ChildGoneError
from iotmock.soak.run.processes.shards import Place, Shard
from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.scenario.schedule import Schedule
from iotmock.soak.shard.order import (
    Earlier,
    End,
    Faults,
    Final,
    Go,
    Instruction,
    Leave,
    Problem,
    Progress,
    Ready,
    Sent,
    ShardOrder,
    Word,
)
from iotmock.soak.stores.sent import Moment
from iotmock.soak.words import told_by_fleet


@define(eq=False)
class WorkerState:
    """What is known of one shard. `sent` and `marked` are whole only once there is `final`."""

    number: int
    ready: trio.Event = field(factory=trio.Event)
    ended: trio.Event = field(factory=trio.Event)
    done: trio.Event = field(factory=trio.Event)
    """Set with its last word on what was sent, or with its end."""
    devices: int = 0
    progress: Progress = field(factory=Progress)
    sent: dict[str, int] = field(factory=dict)
    marked: dict[str, int] = field(factory=dict)
    moments: dict[int, Moment] = field(factory=dict)
    """What it had sent by some seconds of the run; with `final`, and if stores are asked."""
    faults: list[tuple[str, str, float, float]] = field(factory=list)
    """What its devices had, with `final` and if alarms are judged; see `Faults`."""
    began: float = 0.0
    """When it began, in the clock of the messages' timestamps; with `faults`."""
    final: Final | None = None
    problem: str | None = None
    past: list[Progress] = field(factory=list)
    """Where its earlier lives were when they died."""
    missed: float = 0.0
    """Messages that were due while it was dead."""
    why: list[str] = field(factory=list)
    """How each of its lives ended before its time."""
    _by_device: dict[str, int] = field(factory=dict)

    def take(self, word: Word) -> None:
        """Take note of what it said."""
        match word:
            case Ready(devices=devices):
                self.devices = max(self.devices, devices)
                self.ready.set()
            case Progress():
                self.progress = word
                self.devices = max(self.devices, word.devices)
            case Sent(counts=counts, marked=marked):
                self.sent |= counts
                self.marked |= marked
            case Earlier(second=second, at=at, counts=counts):
                self.moments[second] = Moment(at, self._places(), array("Q", counts))
            case Faults(began=began, seen=seen):
                self.began = began
                self.faults += seen
            case Final(progress=progress):
                self.progress, self.final = progress, word
                self.done.set()
            case Problem(text=text):
                self.problem = text

    def _places(self) -> Mapping[str, int]:
        if len(self._by_device) != len(self.sent):
            self._by_device = {device: place for place, device in enumerate(self.sent)}
        return self._by_device

    def begin_again(self, why: str) -> None:
        """Note that it died, and lives again."""
        self.why.append(why)
        self.past.append(self.progress)
        self.progress = Progress(at=self.progress.at)

    def end(self, why: str) -> None:
        """Note that it says no more."""
        if self.final is None:
            self.why.append(why)
        for event in (self.ready, self.done, self.ended):
            event.set()

    @property
    def died(self) -> bool:
        """Whether it ended without its last word on what was sent."""
        return self.ended.is_set() and self.final is None

    @property
    def lives(self) -> list[Progress]:
        """What each of its lives did."""
        return [*self.past, self.progress]


@define(eq=False)
class Workers:
    """`of` shards at one place."""

    scenario: Scenario
    run: str
    of: int
    place: Place
    states: list[WorkerState] = field(init=False)
    _shards: dict[int, Shard] = field(factory=dict)
    _at: float | None = None
    _ending: bool = False
    _of_reading: int = field(init=False)
    """How many messages there are of each."""

    def __attrs_post_init__(self) -> None:
        self._of_reading = told_by_fleet(self.scenario).messages
        self.states = [WorkerState(number) for number in range(self.of)]

    def __iter__(self) -> Iterator[WorkerState]:
        return iter(self.states)

    async def start(self, nursery: trio.Nursery) -> None:
        """Start them, and wait until all stand.

        Raises:
            SoakError: one can not run.
        """
        for state in self.states:
            nursery.start_soon(self._tend, state, nursery)
        for state in self.states:
            await state.ready.wait()
            if state.ended.is_set():
                raise SoakError(state.problem or f"worker {state.number}: {state.why[-1]}")

    async def _tend(self, state: WorkerState, nursery: trio.Nursery) -> None:
        for life in count():
            try:
                shard = await self.place.start(nursery, state.number)
            except SoakError as error:
                if not life:
                    raise
                state.end(str(error))  # the others run, and what they show is worth a report
                return
            await self._begin(state, shard, life)
            self._shards[state.number] = shard
            if self._ending:
                await self._tell(End())
            async for line in shard.lines():
                state.take(msgspec.json.decode(line, type=Word))
            if state.final or state.problem or life >= self.place.restarts or self._at is None:
                state.end(shard.why)
                return
            state.begin_again(shard.why)

    async def _begin(self, state: WorkerState, shard: Shard, life: int) -> None:
        order = ShardOrder(
            scenario=self.scenario,
            number=state.number,
            of=self.of,
            run=self.run,
            life=life,
            of_reading=self._of_reading,
        )
        try:
            await shard.tell(order)
            if self._at is not None:  # the others run already
                died = max(state.past[-1].at, self._at) - self._at
                state.missed += self._due(died, time.time() - self._at)
                await shard.tell(Go(self._at))
        except ChildGoneError:
            return  # which is also the end of its lines

    def _due(self, begin: float, end: float) -> float:
        readings = Schedule(self.scenario).due(begin, max(begin, end))
        return readings * self._of_reading / self.of

    async def go(self, at: float) -> None:
        """Let all begin at the same time, Unix s."""
        self._at = at
        await self._tell(Go(at))

    async def end(self) -> None:
        """Let all end before their time, those that are only being started too."""
        self._ending = True
        await self._tell(End())

    async def leave(self) -> None:
        """Let all end at once, who still leave nothing at the broker."""
        self._ending = True
        await self._tell(Leave())

    def close(self, end_s: float) -> None:
        """Note what was due of those that died until the run's end, s after its start."""
        assert self._at is not None, "they ran"  # noqa: S101
        for state in self.states:
            if state.died:
                died = max(state.progress.at, self._at) - self._at
                state.missed += self._due(died, end_s)

    async def _tell(self, instruction: Instruction) -> None:
        for shard in list(self._shards.values()):
            try:
                await shard.tell(instruction)
            except ChildGoneError:
                continue  # which is also the end of its lines

    async def wait_done(self) -> None:
        """Wait until each has said what it sent, or has ended."""
        for state in self.states:
            await state.done.wait()

    async def wait_ended(self) -> None:
        """Wait until each has left the broker as it found it."""
        for state in self.states:
            await state.ended.wait()
