"""The processes that run the shards, and the last that each of them said."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import trio
from attrs import define, field

from iotmock.soak.run.child import Child, ChildGoneError
from iotmock.soak.run.error import SoakError
from iotmock.soak.scenario import Scenario
from iotmock.soak.shard.order import (
    End,
    Final,
    Go,
    Problem,
    Progress,
    Ready,
    Sent,
    ShardOrder,
    Word,
)

_MODULE = "iotmock.soak.shard.worker"


@define(eq=False)
class WorkerState:
    """What is known of one worker. `sent` and `marked` are whole only once there is `final`."""

    number: int
    ready: trio.Event = field(factory=trio.Event)
    ended: trio.Event = field(factory=trio.Event)
    done: trio.Event = field(factory=trio.Event)
    """Set with its last word on what was sent, or with its end."""
    devices: int = 0
    progress: Progress = field(factory=Progress)
    sent: dict[str, int] = field(factory=dict)
    marked: dict[str, int] = field(factory=dict)
    final: Final | None = None
    problem: str | None = None
    lives: int = 1
    why: str = ""

    def take(self, word: Word) -> None:
        """Take note of what it said."""
        match word:
            case Ready(devices=devices):
                self.devices = devices
                self.ready.set()
            case Progress():
                self.progress = word
                self.devices = max(self.devices, word.devices)
            case Sent(counts=counts, marked=marked):
                self.sent |= counts
                self.marked |= marked
            case Final(progress=progress):
                self.progress, self.final = progress, word
                self.done.set()
            case Problem(text=text):
                self.problem = text

    def end(self, why: str) -> None:
        """Note that it says no more."""
        self.why = why
        for event in (self.ready, self.done, self.ended):
            event.set()


@define(eq=False)
class Workers:
    """`of` processes, a shard each."""

    scenario: Scenario
    run: str
    of: int
    logs: Path
    states: list[WorkerState] = field(init=False)
    _children: list[Child] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.states = [WorkerState(number) for number in range(self.of)]

    def __iter__(self) -> Iterator[WorkerState]:
        return iter(self.states)

    async def start(self, nursery: trio.Nursery) -> None:
        """Start them, and wait until all stand.

        Raises:
            SoakError: one can not run.
        """
        for state in self.states:
            child = await Child.start(nursery, _MODULE, self.logs / f"worker-{state.number}.log")
            self._children.append(child)
            nursery.start_soon(self._hear, state, child)
            await child.tell(
                ShardOrder(scenario=self.scenario, number=state.number, of=self.of, run=self.run)
            )
        for state in self.states:
            await state.ready.wait()
            if state.ended.is_set():
                raise SoakError(state.problem or f"worker {state.number}: {state.why}")

    def _order(self, number: int) -> ShardOrder:
        return ShardOrder(scenario=self.scenario, number=number, of=self.of, run=self.run)

    async def _hear(self, state: WorkerState, child: Child) -> None:
        async for line in child.lines():
            state.take(msgspec.json.decode(line, type=Word))
        await child.process.wait()
        state.end(child.why)

    async def go(self, at: float) -> None:
        """Let all begin at the same time, Unix s."""
        await self._tell(Go(at))

    async def end(self) -> None:
        """Let all end before their time."""
        await self._tell(End())

    async def _tell(self, instruction: Go | End) -> None:
        for state, child in zip(self.states, self._children, strict=True):
            try:
                await child.tell(instruction)
            except ChildGoneError as error:
                state.end(str(error))

    async def wait_done(self) -> None:
        """Wait until each has said what it sent, or has ended."""
        for state in self.states:
            await state.done.wait()

    async def wait_ended(self) -> None:
        """Wait until each has left the broker as it found it."""
        for state in self.states:
            await state.ended.wait()
