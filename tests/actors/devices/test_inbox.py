"""The inbox against a memory channel, and a task that receives from it.

But for this: a tick that finds the task parked is handled at once, as if the task had run.
"""

from collections.abc import Callable

import pytest
import trio
from attrs import define, field
from hypothesis import example, given, settings
from hypothesis import strategies as st
from trio.testing import wait_all_tasks_blocked

from iotmock.actors.devices.inbox import INBOX_SIZE, Inbox, Receiver
from iotmock.actors.messages import Clear, DeviceMessage, Reply, Tick


@define(eq=False)
class Channel:
    """The oracle."""

    ends: tuple[trio.MemorySendChannel[DeviceMessage], trio.MemoryReceiveChannel[DeviceMessage]] = (
        field(factory=lambda: trio.open_memory_channel[DeviceMessage](INBOX_SIZE))
    )
    in_hand: DeviceMessage | None = None
    gone: list[DeviceMessage] | None = None
    """What was drained, once nobody is to be handed anything."""

    def put(self, message: DeviceMessage) -> None:
        self.ends[0].send_nowait(message)

    def close(self) -> None:
        self.ends[0].close()

    @property
    def is_parked(self) -> bool:
        return self.ends[1].statistics().tasks_waiting_receive == 1

    def drain(self) -> list[DeviceMessage]:
        found = [] if self.in_hand is None else [self.in_hand]
        self.in_hand = None
        while self.ends[1].statistics().current_buffer_used:
            found.append(self.ends[1].receive_nowait())
        return found

    async def deliver(self, receiver: Receiver) -> None:
        try:
            while True:
                self.in_hand = message = await self.ends[1].receive()
                if self.gone is not None:  # it was on its way to the task
                    self.gone += self.drain()
                    return
                receiver.receive(message)
                self.in_hand = None
        except trio.EndOfChannel:
            return


Step = tuple[bool, list[str]]
"""What is done in one go: while a message is being handled, or when all is quiet."""


@define(eq=False)
class Life:
    """Lives through steps with one inbox, and remembers what there was to see."""

    inbox: Inbox | Channel
    seen: list[object] = field(factory=list)
    given_back: list[DeviceMessage] = field(factory=list)
    inside: list[list[str]] = field(factory=list)
    number: int = 0
    tick_waits: bool = False
    crashes: bool = False
    scope: trio.CancelScope = field(factory=trio.CancelScope)

    async def run(self, steps: list[Step]) -> tuple[list[object], list[str]]:
        with trio.fail_after(60):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._task)
                for inside, burst in steps:
                    await wait_all_tasks_blocked()
                    if inside:
                        self.inside.append(burst)
                    else:
                        await self._do_all_from_outside(burst)
                await wait_all_tasks_blocked()
                nursery.cancel_scope.cancel()
        return self.seen, sorted(map(str, [*self.given_back, *self.inbox.drain()]))

    async def _task(self) -> None:
        with self.scope:
            while True:
                try:
                    await self.inbox.deliver(self)
                except ZeroDivisionError:
                    self._give_back()
                    self.seen.append("crashed")
                    await trio.lowlevel.checkpoint()
                else:
                    self.seen.append("ended")
                    return

    def receive(self, message: DeviceMessage) -> None:
        self.seen.append(message)
        if self.inside:
            self._do_all(self.inside.pop(0))
        if isinstance(message, Tick):
            self.tick_waits = False
        if self.crashes:
            self.crashes = False
            raise ZeroDivisionError

    def _do_all(self, burst: list[str]) -> None:
        for what in burst:
            getattr(self, f"_{what}")()

    async def _do_all_from_outside(self, burst: list[str]) -> None:
        for what in burst:
            with_more = bool(self.inside) or self.crashes
            as_if_run = isinstance(self.inbox, Channel) and self.inbox.is_parked
            self._do_all([what])
            if what == "tick" and (with_more or as_if_run):
                await wait_all_tasks_blocked()

    def _put(self, message: DeviceMessage) -> bool:
        try:
            self.inbox.put(message)
        except (trio.WouldBlock, trio.ClosedResourceError) as error:
            self.seen.append(type(error).__name__)
            return False
        return True

    def _tick(self) -> None:
        self.number += 1
        if not self.tick_waits:
            self.tick_waits = True
            if not self._put(Tick(float(self.number), 1.0)):
                self.tick_waits = False

    def _command(self) -> None:
        self.number += 1
        self._put(Clear(str(self.number), _REPLY))

    def _flood(self) -> None:
        for _ in range(INBOX_SIZE):
            self._command()

    def _crash(self) -> None:
        self.crashes = True

    def _close(self) -> None:
        self.inbox.close()

    def _delete(self) -> None:
        self.inbox.close()
        if isinstance(self.inbox, Channel):
            self.inbox.gone = self.given_back
        self._give_back()

    def _cancel(self) -> None:
        self.scope.cancel()

    def _give_back(self) -> None:
        self.given_back += self.inbox.drain()
        self.tick_waits = False


_REPLY: Reply[bool] = Reply()
_OFTEN = ["tick", "command", "command", "tick", "flood"] * 2
_INSIDE = st.lists(st.sampled_from([*_OFTEN, "crash", "close", "delete"]), max_size=6)
_OUTSIDE = st.lists(st.sampled_from([*_OFTEN, "crash", "close", "delete", "cancel"]), max_size=6)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.just(True), _INSIDE) | st.tuples(st.just(False), _OUTSIDE), max_size=8)
)
@example([(True, ["command", "tick", "command"]), (False, ["tick"])])
@example([(False, ["command", "tick", "flood", "tick"]), (False, ["tick"])])
@example([(True, ["tick", "command", "crash"]), (False, ["command"]), (False, ["tick"])])
@example([(False, ["tick", "command", "delete"])])
@example([(False, ["tick", "cancel"])])
@example([(False, ["close", "cancel"])])
@example([(False, ["tick", "delete", "cancel"])])
@example([(True, ["flood", "tick", "close"]), (False, ["tick"])])
def test_it_behaves_as_a_memory_channel(steps: list[Step]) -> None:
    assert _life(Inbox, steps) == _life(Channel, steps)


def _life(make: type[Inbox | Channel], steps: list[Step]) -> tuple[list[object], list[str]]:
    async def live() -> tuple[list[object], list[str]]:
        return await Life(make()).run(steps)

    return trio.run(live)


@define(eq=False)
class Handler:
    """Takes what it is handed, and then does what is to be done meanwhile."""

    inbox: Inbox = field(factory=Inbox)
    meanwhile: Callable[[], object] | None = None
    seen: list[DeviceMessage] = field(factory=list)

    async def run(self) -> None:
        await self.inbox.deliver(self)

    def receive(self, message: DeviceMessage) -> None:
        self.seen.append(message)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()


_TICK, _COMMAND = Tick(0.0, 1.0), Clear("a", _REPLY)


@pytest.mark.trio
async def test_a_tick_that_finds_the_task_parked_is_handled_at_once() -> None:
    handler = Handler()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(handler.run)
        await wait_all_tasks_blocked()
        handler.inbox.put(_TICK)
        assert handler.seen == [_TICK]
        assert not handler.inbox.drain()
        handler.inbox.put(_COMMAND)
        handler.inbox.put(_TICK)
        assert handler.seen == [_TICK], "what comes after a command waits for it"
        handler.inbox.close()
    assert handler.seen == [_TICK, _COMMAND, _TICK]


@pytest.mark.trio
async def test_what_comes_while_a_tick_is_handled_at_once_wakes_the_task() -> None:
    handler = Handler()

    def meanwhile() -> None:
        handler.inbox.put(_COMMAND)
        handler.inbox.put(_TICK)

    handler.meanwhile = meanwhile
    async with trio.open_nursery() as nursery:
        nursery.start_soon(handler.run)
        await wait_all_tasks_blocked()
        handler.inbox.put(_TICK)
        assert handler.seen == [_TICK]
        await wait_all_tasks_blocked()
        assert handler.seen == [_TICK, _COMMAND, _TICK]
        handler.meanwhile = handler.inbox.close
        handler.inbox.put(_TICK)
    assert handler.seen == [_TICK, _COMMAND, _TICK, _TICK]


@pytest.mark.trio
async def test_a_task_that_is_cancelled_while_its_tick_is_handled_ends_after_it() -> None:
    handler, scope = Handler(), trio.CancelScope()
    handler.meanwhile = scope.cancel

    async def run() -> None:
        with scope:
            await handler.run()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(run)
        await wait_all_tasks_blocked()
        handler.inbox.put(_TICK)
        assert not handler.inbox.drain()
        handler.inbox.put(_TICK)
    assert scope.cancelled_caught
    assert handler.seen == [_TICK]
    assert handler.inbox.drain() == [_TICK], "nobody has taken the second one"


@pytest.mark.trio
async def test_a_tick_that_fails_does_so_in_the_task_and_is_given_back() -> None:
    handler = Handler(meanwhile=lambda: 1 // 0)

    async def run() -> None:
        with pytest.raises(ZeroDivisionError):
            await handler.run()
        assert handler.inbox.drain() == [_TICK, _COMMAND]

    async with trio.open_nursery() as nursery:
        nursery.start_soon(run)
        await wait_all_tasks_blocked()
        handler.inbox.put(_TICK)
        handler.inbox.put(_COMMAND)


@define
class Watcher:
    """Looks at the channel of its inbox whenever it is handed something."""

    inbox: Inbox = field(factory=Inbox)
    channels: list[object] = field(factory=list)

    def receive(self, _: DeviceMessage) -> None:
        self.channels.append(self.inbox._commands)


@pytest.mark.trio
async def test_the_channel_is_there_only_while_something_waits_in_it() -> None:
    watcher = Watcher()
    inbox, channels = watcher.inbox, watcher.channels
    async with trio.open_nursery() as nursery:
        nursery.start_soon(inbox.deliver, watcher)
        await wait_all_tasks_blocked()
        inbox.put(Clear("a", _REPLY))
        inbox.put(Clear("b", _REPLY))
        inbox.put(Tick(1.0, 1.0))
        await wait_all_tasks_blocked()
        inbox.put(Tick(2.0, 1.0))
        inbox.close()
    assert [channel is not None for channel in channels] == [True, False, False, False]
