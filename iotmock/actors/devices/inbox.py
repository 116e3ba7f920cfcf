"""The inbox of a device: two doors, one for the tick and one for all else."""

from collections.abc import AsyncGenerator, Generator
from typing import Any, Protocol

import outcome
import trio
from attrs import define, field

from iotmock.actors.messages import DeviceMessage, Tick

INBOX_SIZE = 16
_Commands = tuple[trio.MemorySendChannel[DeviceMessage], trio.MemoryReceiveChannel[DeviceMessage]]


class _Wake(outcome.Outcome[None]):
    """Nothing, as often as one likes: `Value(None)` is for one use, and costs as much as a wake."""

    def unwrap(self) -> None:
        return None

    def send(self, gen: Generator[Any, None, object]) -> Any:
        return gen.send(None)

    async def asend(self, agen: AsyncGenerator[Any, None]) -> Any:
        return await agen.asend(None)


_WAKE = _Wake()


class Receiver(Protocol):
    """Whoever is handed what comes in. The inbox holds it itself: a bound method is 64 bytes."""

    def receive(self, message: DeviceMessage) -> None:
        """Do what a message says."""
        ...


@define(eq=False)
class Inbox:
    """Hands messages over in the order in which they came; at most `INBOX_SIZE` wait.

    Nearly all that comes are ticks, of which there is never more than one on its way. One that
    finds the task parked is handled at once, as if the task had run; what goes wrong does so in the
    task, and whatever comes meanwhile wakes it. What else has to wait does so in a memory channel,
    which is there as long as it is needed.
    """

    closed: bool = False
    in_hand: DeviceMessage | None = None
    """What is being handled, or on its way to the task that was parked."""
    _receiver: Receiver | None = field(default=None, repr=False)
    _waiting: int = 0
    _tick: Tick | None = None
    _before: int = 0
    """How many of the channel's messages came before the tick."""
    _commands: _Commands | None = None
    _cancelled: bool = False
    """Whether the task was cancelled while its tick was handled at once."""
    _parked: trio.lowlevel.Task | None = field(default=None, repr=False)

    def put(self, message: DeviceMessage) -> None:
        """Put a message in.

        Raises:
            trio.ClosedResourceError: the inbox takes no more. trio.WouldBlock: it is full.
        """
        if (task := self._parked) is not None:
            if type(message) is Tick:
                self._handle_at_once(task, message)
            else:
                self.in_hand, self._parked = message, None
                trio.lowlevel.reschedule(task, _WAKE)
        elif self.closed:
            raise trio.ClosedResourceError
        elif self._waiting >= INBOX_SIZE or not self._keep(message):
            raise trio.WouldBlock
        else:
            self._waiting += 1

    def _handle_at_once(self, task: trio.lowlevel.Task, tick: Tick) -> None:
        # By whoever brings it: to switch to the task and back takes as long as the tick itself.
        assert self._receiver is not None, "a task is parked in `deliver`"  # noqa: S101
        self.in_hand, self._parked = tick, None
        try:
            self._receiver.receive(tick)
        except Exception as error:  # which is the task's own affair
            trio.lowlevel.reschedule(task, outcome.Error(error))
            return
        self.in_hand = None
        if self._waiting or self.closed or self._cancelled:
            trio.lowlevel.reschedule(task, _WAKE)
        else:
            self._parked = task

    def _keep(self, message: DeviceMessage) -> bool:
        if isinstance(message, Tick):
            if self._tick is not None:
                return False
            self._tick, self._before = message, self._waiting
            return True
        if self._commands is None:
            self._commands = trio.open_memory_channel[DeviceMessage](INBOX_SIZE)
        self._commands[0].send_nowait(message)
        return True

    def close(self) -> None:
        """Take no more; what waits is still handed over."""
        self.closed = True
        self._receiver = None  # which knows whose inbox this is: no circle for the collector
        if (task := self._parked) is not None:
            self._parked = None
            trio.lowlevel.reschedule(task, _WAKE)

    def drain(self) -> list[DeviceMessage]:
        """Return what is in hand and what waits; nobody will be handed it."""
        found = [] if self.in_hand is None else [self.in_hand]
        self.in_hand = None
        while self._waiting:
            found.append(self._take())
        return found

    async def deliver(self, receiver: Receiver) -> None:
        """Hand messages to `receiver` until the inbox is closed and empty, or it raises.

        After that it may be called again, and goes on with what waits.
        """
        task, abort = trio.lowlevel.current_task(), self._abort
        self._receiver = receiver
        while True:
            if self._waiting:
                await trio.lowlevel.checkpoint_if_cancelled()
                self.in_hand = self._take()
                await trio.lowlevel.cancel_shielded_checkpoint()
            elif self.closed:
                await trio.lowlevel.checkpoint_if_cancelled()
                return
            else:
                self._parked = task
                await trio.lowlevel.wait_task_rescheduled(abort)
            if (message := self.in_hand) is not None:
                receiver.receive(message)
                self.in_hand = None
            elif self.closed and not self._waiting:  # so since it was parked, or drained since
                return

    def _take(self) -> DeviceMessage:
        self._waiting -= 1
        if self._tick is not None and not self._before:
            tick, self._tick = self._tick, None
            return tick
        self._before -= 1
        assert self._commands is not None, "what waits and is no tick waits there"  # noqa: S101
        message = self._commands[1].receive_nowait()
        if self._waiting == (self._tick is not None):
            self._commands = None
        return message

    def _abort(self, _: object) -> trio.lowlevel.Abort:
        if self._parked is None:  # its tick is being handled, after which it is woken
            self._cancelled = True
            return trio.lowlevel.Abort.FAILED
        self._parked = None
        return trio.lowlevel.Abort.SUCCEEDED
