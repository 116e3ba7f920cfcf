"""The inbox against what it was: a memory channel, and a task that receives from it."""

from collections.abc import Callable

import pytest
import trio
from attrs import define, field
from hypothesis import example, given, settings
from hypothesis import strategies as st
from trio.testing import wait_all_tasks_blocked

from iotmock.actors.devices.inbox import INBOX_SIZE, Inbox
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

    def drain(self) -> list[DeviceMessage]:
        found = [] if self.in_hand is None else [self.in_hand]
        self.in_hand = None
        while self.ends[1].statistics().current_buffer_used:
            found.append(self.ends[1].receive_nowait())
        return found

    async def deliver(self, handle: Callable[[DeviceMessage], None]) -> None:
        try:
            while True:
                self.in_hand = message = await self.ends[1].receive()
                if self.gone is not None:  # it was on its way to the task
                    self.gone += self.drain()
                    return
                handle(message)
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
                        self._do_all(burst)
                await wait_all_tasks_blocked()
                nursery.cancel_scope.cancel()
        return self.seen, sorted(map(str, [*self.given_back, *self.inbox.drain()]))

    async def _task(self) -> None:
        with self.scope:
            while True:
                try:
                    await self.inbox.deliver(self._handle)
                except ZeroDivisionError:
                    self._give_back()
                    self.seen.append("crashed")
                    await trio.lowlevel.checkpoint()
                else:
                    self.seen.append("ended")
                    return

    def _handle(self, message: DeviceMessage) -> None:
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
            self.tick_waits = self._put(Tick(float(self.number), 1.0))

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
_OFTEN = ["tick", "command", "command", "tick", "flood"]
_BURSTS = st.lists(
    st.sampled_from([*_OFTEN, *_OFTEN, "crash", "close", "delete", "cancel"]), max_size=6
)


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), _BURSTS), max_size=8))
@example([(True, ["command", "tick", "command"]), (False, ["tick"])])
@example([(False, ["command", "tick", "flood", "tick"]), (False, ["tick"])])
@example([(True, ["tick", "command", "crash"]), (False, ["command"]), (False, ["tick"])])
@example([(False, ["tick", "command", "delete"])])
@example([(False, ["tick", "cancel"])])
@example([(True, ["cancel", "close"]), (False, ["tick"])])
@example([(False, ["close", "cancel"])])
@example([(False, ["tick", "delete", "cancel"])])
@example([(True, ["flood", "tick", "close"]), (False, ["tick"])])
def test_it_behaves_as_a_memory_channel(steps: list[Step]) -> None:
    assert _life(Inbox, steps) == _life(Channel, steps)


def _life(make: type[Inbox | Channel], steps: list[Step]) -> tuple[list[object], list[str]]:
    async def live() -> tuple[list[object], list[str]]:
        return await Life(make()).run(steps)

    return trio.run(live)


@pytest.mark.trio
async def test_the_channel_is_there_only_while_something_waits_in_it() -> None:
    inbox, channels = Inbox(), list[object]()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(inbox.deliver, lambda _: channels.append(inbox._commands))
        await wait_all_tasks_blocked()
        inbox.put(Tick(0.0, 1.0))
        inbox.put(Clear("a", _REPLY))
        inbox.put(Tick(1.0, 1.0))
        await wait_all_tasks_blocked()
        inbox.put(Tick(2.0, 1.0))
        inbox.close()
    assert [channel is not None for channel in channels] == [True, False, False, False]
