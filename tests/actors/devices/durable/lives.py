"""Lives of a service with a file that is steered, in a thread with a clock that stands still."""

import itertools
from collections.abc import Awaitable, Callable
from threading import Event, Thread
from typing import Any

import msgspec
import trio
from attrs import define, field
from trio.testing import MockClock

from iotmock.actors.errors import (
    DeviceBusyError,
    StorageError,
    UnsavedError,
)
from iotmock.actors.messages import (
    CommandResult,
    IncomingCommand,
    Outgoing,
    Reply,
)
from iotmock.actors.ports.registry_file import Batch
from iotmock.actors.routers.command_router import CommandRouter
from iotmock.storage import Registry
from tests.actors.rig import Rig, assemble, running


@define(eq=False)
class SteeredFile:
    """The real file, written in the writer's task; it waits, before and after, while it is slow."""

    registry: Registry
    full: bool = False
    quick: trio.Event = field(factory=trio.Event)

    async def write(self, batch: Batch) -> None:
        await self.quick.wait()
        if self.full:
            raise OSError("the disk is full")
        self.registry._write_or_raise(batch)
        await self.quick.wait()


@define(eq=False)
class ResultTopics:
    """Takes what the router publishes, and gives each result to whoever waits at its topic."""

    router: CommandRouter
    waiting: dict[str, Reply[CommandResult]] = field(factory=dict)
    numbers: "itertools.count[int]" = field(factory=itertools.count)

    def tell(self, message: Outgoing) -> None:
        if message.reply_topic in self.waiting:
            result = msgspec.json.decode(message.payload, type=CommandResult)
            self.waiting.pop(message.reply_topic).answer(result)

    async def command(self, name: str, power: float) -> None:
        """Command over MQTT; an error is what the result says."""
        self.router.supervisor.get(name)  # one that is not there is not answered
        topic, reply = f"to/{next(self.numbers)}", Reply[CommandResult]()
        self.waiting[topic] = reply
        content = {"command": "set_power", "parameters": {"power": power}}
        self.router.route(IncomingCommand(name, msgspec.json.encode(content), topic))
        result = await reply.wait()
        if result.status == "rejected":
            raise DeviceBusyError(name)
        if result.reason is not None:
            raise UnsavedError(name, StorageError(result.reason))


@define(eq=False)
class Turns(trio.abc.Instrument):
    """Counts the turns of Trio's loop: within one, the order of tasks is by chance."""

    count: int = 0

    def before_io_wait(self, timeout: float) -> None:
        self.count += 1


@define(eq=False)
class Life:
    """A service with the file in a folder, until it is ended or killed."""

    path: str
    rig: Rig = field(factory=assemble)
    file: SteeredFile = field(init=False)
    over: trio.CancelScope = field(factory=trio.CancelScope)
    ended: trio.Event = field(factory=trio.Event)
    results: ResultTopics = field(init=False)

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        registry = Registry.open(self.path)
        self.file = SteeredFile(registry)
        self.file.quick.set()
        self.rig.registry.file = self.file
        self.results = ResultTopics(self.rig.router)
        self.rig.router.publisher = self.results  # type: ignore[assignment]
        records = self.rig.fleets.recall(registry.load_fleets(), registry.load())
        with self.over:
            async with running(self.rig, records=records):
                await self.rig.registry.write_now(self.rig.supervisor.counters)
                task_status.started()
                await trio.sleep_forever()
        registry.close()
        self.ended.set()


@define(eq=False)
class Trio:
    """Trio in a thread, with a clock that stands still but when it is told to go on."""

    clock: MockClock = field(factory=MockClock)
    turns: Turns = field(factory=Turns)
    nursery: trio.Nursery | None = None
    token: trio.lowlevel.TrioToken | None = None
    end: trio.Event | None = None
    thread: Thread | None = None

    def start(self) -> None:
        ready = Event()

        async def main() -> None:
            self.token, self.end = trio.lowlevel.current_trio_token(), trio.Event()
            async with trio.open_nursery() as self.nursery:
                ready.set()
                await self.end.wait()
                self.nursery.cancel_scope.cancel()

        how = {"clock": self.clock, "instruments": [self.turns]}
        self.thread = Thread(target=trio.run, args=(main,), kwargs=how)
        self.thread.start()
        ready.wait()

    def do(self, deed: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        return trio.from_thread.run(deed, *args, trio_token=self.token)

    def stop(self) -> None:
        assert self.end is not None
        assert self.thread is not None
        trio.from_thread.run_sync(self.end.set, trio_token=self.token)
        self.thread.join()
