"""The device actor: one task around one model, fed by one inbox."""

from typing import Any

import msgspec
import trio
from attrs import define, field

from iotmock.actors.clock import Clock
from iotmock.actors.errors import ActorError, DeviceBusyError, DeviceGoneError, DeviceOfflineError
from iotmock.actors.messages import (
    Change,
    CommandRequest,
    CommandResult,
    DeviceMessage,
    Kind,
    Outgoing,
    Perform,
    Sample,
    Tick,
)
from iotmock.actors.pacer import Pacer
from iotmock.actors.publisher import Publisher
from iotmock.actors.registry_writer import RegistryWriter
from iotmock.model.commands import Applied, Rejected, SetOnline, parse_command
from iotmock.model.device import Device
from iotmock.model.reading import Reading, Status
from iotmock.model.spec import DeviceRecord
from iotmock.model.timestamp import rfc3339
from iotmock.stamp import Numbering

_encode = msgspec.json.Encoder().encode


@define(eq=False)
class Surroundings:
    """What every device of a service shares: where it sends to, and the clock for its answers.

    With a `numbering` its data messages are stamped.
    """

    clock: Clock
    publisher: Publisher
    registry: RegistryWriter
    pacer: Pacer
    numbering: Numbering | None = None


@define(eq=False)
class MockDevice:
    """One device. Its task is the only code that changes `model`; the supervisor owns the inbox.

    `handed_to` is the moment up to which it was given its time, in ticks; `tick_waits` says that
    one of them is still in the inbox.
    """

    model: Device
    created_at: float
    around: Surroundings
    handed_to: float
    post: trio.MemorySendChannel[DeviceMessage]
    inbox: trio.MemoryReceiveChannel[DeviceMessage]
    last_seen: float | None = None
    in_hand: DeviceMessage | None = None
    tick_waits: bool = False
    restarting: bool = False
    gone: bool = False
    crashes: list[float] = field(factory=list)

    @property
    def device_id(self) -> str:
        """The id."""
        return self.model.spec.device_id

    @property
    def interval(self) -> float:
        """Seconds between its readings."""
        return self.model.interval

    def tell(self, message: DeviceMessage) -> None:
        """Put a message into the inbox.

        Raises:
            DeviceBusyError: the inbox is full.
        """
        try:
            self.post.send_nowait(message)
        except trio.WouldBlock:
            raise DeviceBusyError(self.device_id) from None

    async def run(self) -> None:
        """Handle messages until the inbox is closed and empty."""
        async for message in self.inbox:
            self.in_hand = message
            if self.gone:  # deleted while this message was on its way to the task
                self.fail_waiting(DeviceGoneError(self.device_id))
                return
            self._receive(message)
            self.in_hand = None

    def _receive(self, message: DeviceMessage) -> None:
        match message:
            case Tick():
                self._tick(message)
                self.tick_waits = False
            case Sample(tick=tick, reply=reply):
                self._tick(tick)
                reply.answer(self.reading(tick.now))
            case Perform():
                self._perform(message)
            case Change(changes=changes, reply=reply):
                self._change(changes)
                reply.answer(None)

    def _tick(self, tick: Tick) -> None:
        model = self.model
        before = model.status
        model.tick(tick.now, tick.dt_s)
        self.last_seen = tick.now
        if model.status != before:
            self.publish_status()
        if model.publishes:
            payload, numbering = _encode(model.reading(tick.now)), self.around.numbering
            name = model.spec.device_id
            stamp = numbering.stamp(name, tick.now) if numbering is not None else None
            self.around.publisher.tell(Outgoing(Kind.DATA, name, payload, stamp=stamp))

    def _perform(self, message: Perform) -> None:
        request, model = message.request, self.model
        if message.over_mqtt and model.status == "offline" and request.command != SetOnline.name:
            message.reply.fail(DeviceOfflineError(self.device_id))
            return
        command = parse_command(model.kind.commands, request.command, request.parameters)
        before = model.status, model.enabled
        outcome = command if isinstance(command, Rejected) else model.handle(command)
        self._after_change(before, changed=isinstance(outcome, Applied))
        message.reply.answer(self.result(request, outcome))

    def _change(self, changes: dict[str, Any]) -> None:
        before = self.model.status, self.model.enabled
        self.model.change(**changes)
        self._after_change(before, changed=True)

    def _after_change(self, before: tuple[str, bool], *, changed: bool) -> None:
        if (self.model.status, self.model.enabled) != before:
            self.publish_status()
        if changed:
            self.around.pacer.reseat(self)
            self.around.registry.tell(self.record())

    def result(self, request: CommandRequest, outcome: Applied | Rejected) -> CommandResult:
        """Return the result message of a command."""
        return CommandResult(
            id=request.id,
            device_id=self.device_id,
            command=request.command,
            status="applied" if isinstance(outcome, Applied) else "rejected",
            reason=outcome.reason if isinstance(outcome, Rejected) else None,
            timestamp=rfc3339(self.around.clock.now()),
        )

    def reading(self, now: float) -> Reading:
        """Return what the meter shows, without advancing it."""
        return self.model.reading(now)

    def record(self) -> DeviceRecord:
        """Return what the registry keeps."""
        return DeviceRecord(self.model.spec, self.created_at, self.model.state(self.last_seen))

    def publish_status(self) -> None:
        """Publish the status message."""
        self.around.publisher.tell(self._status(self.model.status))

    def announce(self) -> None:
        """Publish the status message before the backlog."""
        self.around.publisher.tell_first(self._status(self.model.status))

    def say_goodbye(self) -> None:
        """Publish the status offline, because the service ends."""
        self.around.publisher.tell(self._status("offline"))

    def clear_status(self) -> None:
        """Remove the retained status message from the broker."""
        self.around.publisher.tell(Outgoing(Kind.STATUS, self.device_id, b""))

    def _status(self, status: Status) -> Outgoing:
        message = self.model.status_message(self.around.clock.now(), status)
        return Outgoing(Kind.STATUS, self.device_id, _encode(message))

    def fail_waiting(self, error: ActorError) -> None:
        """Answer everyone who waits for this device, the message in hand included."""
        waiting = [self.in_hand] if self.in_hand is not None else []
        self.in_hand = None
        while self.inbox.statistics().current_buffer_used:
            waiting.append(self.inbox.receive_nowait())
        self.tick_waits = False
        for message in waiting:
            self._give_up(message, error)

    def _give_up(self, message: DeviceMessage, error: ActorError) -> None:
        # Time that was given and not lived through is part of the next tick: energy is never lost.
        if isinstance(message, Tick | Sample):
            tick = message if isinstance(message, Tick) else message.tick
            self.handed_to -= tick.dt_s
        if not isinstance(message, Tick):
            message.reply.fail(error)
