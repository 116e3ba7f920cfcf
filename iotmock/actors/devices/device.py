"""The device actor: one task around one model, fed by one inbox."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import trio
from attrs import define, field, frozen
from msgspec import UNSET
from msgspec.structs import replace

from iotmock.actors.devices.inbox import Inbox
from iotmock.actors.errors import (
    ActorError,
    DeviceBusyError,
    DeviceChangedError,
    DeviceGoneError,
    DeviceOfflineError,
)
from iotmock.actors.messages import (
    Change,
    Clear,
    CommandRequest,
    CommandResult,
    DeviceMessage,
    Inject,
    Kind,
    Outgoing,
    Perform,
    ReplySlot,
    ResultLostError,
    Sample,
    Tick,
)
from iotmock.actors.outbox.carrier import Carrier
from iotmock.actors.ports import OpenFault
from iotmock.actors.records.ledger import Ledger
from iotmock.actors.records.registry_writer import RegistryWriter
from iotmock.actors.stream.hub import Hub
from iotmock.actors.stream.tap import Tell
from iotmock.actors.time.clock import Clock
from iotmock.actors.time.pacer import Pacer
from iotmock.model.commands import (
    Applied,
    ClearFault,
    Command,
    InjectFault,
    Rejected,
    SetOnline,
    parse_command,
)
from iotmock.model.device import Device
from iotmock.model.faults.active import Faults, Note
from iotmock.model.faults.entry import changed_entries
from iotmock.model.faults.fault import Injection
from iotmock.model.reading import Reading, Status
from iotmock.model.settings import changes_between, remembered, settings_of
from iotmock.model.spec import DeviceRecord
from iotmock.model.timestamp import rfc3339
from iotmock.verification.stamp import Numbering

_encode = msgspec.json.Encoder().encode
_DATA = Kind.DATA
_MOST_LATE = 100
"""Results that a fault holds back at a time; what is beyond lets the oldest go."""
_FOREVER = float("inf")
_ALWAYS_HEARD = frozenset({SetOnline.name, InjectFault.name, ClearFault.name})
"""Over MQTT, by a device that is offline: else it could never come back."""


@define(eq=False)
class Surroundings:
    """What every device of a service shares: where it sends to, and the clock for its answers.

    With a `numbering` its data messages are stamped.
    """

    clock: Clock
    publisher: Carrier
    registry: RegistryWriter
    pacer: Pacer
    ledger: Ledger
    announces_faults: bool = False
    numbering: Numbering | None = None
    hub: Hub = field(factory=Hub)
    send: Tell = field(init=False)
    """Takes readings: the publisher, or who listens before it does."""

    def __attrs_post_init__(self) -> None:
        self.send = self.publisher.tell
        self.hub.tap.fit(self)


@frozen
class LateResult:
    """The result of a command, which a fault holds back until `due`."""

    due: float
    reply: ReplySlot[CommandResult]
    result: CommandResult


@define(eq=False)
class MockDevice:
    """One device. Its task is the only code that changes `model`, with what its inbox hands it.

    `handed_to` is the moment up to which it was given its time, in ticks; `tick_waits` says that
    one of them is still in the inbox.
    """

    model: Device
    created_at: float
    around: Surroundings
    handed_to: float
    last_seen: float | None = None
    inbox: Inbox = field(factory=Inbox)
    asked_s: float = 0.0
    """How long its next reserve must last at least, for a tick that is not the pacer's."""
    tick_waits: bool = False
    restarting: bool = False
    gone: bool = False
    crashes: tuple[float, ...] = ()
    late_results: tuple[LateResult, ...] = ()

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
            DeviceBusyError: the inbox is full. DeviceGoneError: it takes no more.
        """
        try:
            self.inbox.put(message)
        except trio.WouldBlock:
            raise DeviceBusyError(self.device_id) from None
        except trio.ClosedResourceError:
            raise DeviceGoneError(self.device_id) from None

    def finish(self) -> None:
        """Do what is left to do once the inbox is closed and empty."""
        self._give_late_results(_FOREVER)

    def receive(self, message: DeviceMessage) -> None:
        """Do what a message says."""
        match message:
            case Tick():
                self._tick(message)
                self.tick_waits = False
            case Sample(tick=tick, reply=reply):
                self._tick(tick)
                reply.answer(self.reading(tick.now))
            case Perform():
                self._perform(message)
            case Change():
                self._change(message)
            case Inject(injection=injection):
                message.reply.answer(self._inject(injection))
            case Clear(fault_id=fault_id):
                message.reply.answer(self._clear(fault_id))

    def _tick(self, tick: Tick) -> None:
        model, now = self.model, tick.now
        if model.faults is not None or model.reboot_left_s or self.late_results:
            self._tick_in_trouble(tick)
            return
        # Nearly every tick of a fleet: nothing is wrong, and no tick changes that.
        model.tick(now, tick.dt_s)
        self.last_seen = now
        if model.publishes:
            timestamp = tick.timestamp or model.timestamp(now)
            self._send(_encode(model.reading_as(timestamp, "online")), now)

    def _tick_in_trouble(self, tick: Tick) -> None:
        model, now = self.model, tick.now
        before = model.status
        model.tick(now, tick.dt_s)
        self.last_seen = now
        if model.status != before:
            self.publish_status()
        faults = model.faults
        if faults is not None and not faults.quiet:
            self._send_through(faults, now)
        elif model.publishes:
            self._send(_encode(model.reading(now)), now)
        if self.late_results:
            self._give_late_results(now)

    def _send(self, payload: bytes, due: float, mark: str = "") -> None:
        around, name = self.around, self.model.spec.device_id
        stamp = None
        if around.numbering is not None:
            stamp = around.numbering.stamp(name, due, mark)
        around.send(Outgoing(_DATA, name, payload, None, None, stamp))

    def _send_through(self, faults: Faults, now: float) -> None:
        for payload in self.model.send(faults, now):
            self._send(payload, now, "fault")
        self._put_on_record(faults)

    def _put_on_record(self, faults: Faults) -> None:
        notes = faults.drain()
        self.around.ledger.tell(notes)
        if self.around.announces_faults:
            self._announce_faults(notes)
        if faults.idle:
            self.model.faults = None

    def _announce_faults(self, notes: list[Note]) -> None:
        for entry in changed_entries(notes):
            message = Outgoing(Kind.FAULT, self.device_id, _encode(entry))
            self.around.publisher.tell(message)
            self.around.hub.said(message)

    def _inject(self, injection: Injection) -> bool:
        faults = self.model.faults
        if faults is not None and faults.knows(injection.fault_id):
            return False
        with self._watched():
            self.model.inject(injection, self.around.clock.now())
        return True

    def _clear(self, fault_id: str) -> bool:
        faults = self.model.faults
        with self._watched():
            return faults is not None and faults.clear(fault_id, self.around.clock.now())

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Publish the status if it changes meanwhile, and put on record what happened."""
        before = self.model.status, self.model.enabled
        yield
        if (self.model.status, self.model.enabled) != before:
            self.publish_status()
        if self.model.faults is not None:
            self._put_on_record(self.model.faults)

    def _perform(self, message: Perform) -> None:
        request, model = message.request, self.model
        if message.over_mqtt and model.status == "offline" and request.command not in _ALWAYS_HEARD:
            message.reply.fail(DeviceOfflineError(self.device_id))
            return
        command = parse_command(model.kind.commands, request.command, request.parameters)
        now = self.around.clock.now()
        if isinstance(command, Rejected):
            result = self.result(request, command)
        else:
            result = self._carry_out(request, command, now)
        self._answer(message, result, now)

    def _carry_out(self, request: CommandRequest, command: Command, now: float) -> CommandResult:
        model = self.model
        before, kept = settings_of(model), remembered(model)
        with self._watched():
            outcome = model.handle(command, now)
        if remembered(model) != kept:
            self._keep()
        changes = changes_between(before, settings_of(model))
        return replace(self.result(request, outcome), changes=changes or UNSET)

    def _change(self, message: Change) -> None:
        if message.holds is not None and not message.holds():
            message.reply.fail(DeviceChangedError(self.device_id))
            return
        with self._watched():
            self.model.change(**message.changes)
        self.around.hub.device_changed(self.device_id)
        self._keep()
        message.reply.answer(None)

    def _keep(self) -> None:
        self.around.pacer.reseat(self)
        self.around.registry.note(self.device_id)

    def _answer(self, message: Perform, result: CommandResult, now: float) -> None:
        faults = self.model.faults
        if faults is None or not message.over_mqtt:
            message.reply.answer(result)
            return
        delay_s = faults.delay_of_result(now, result.timestamp)
        self._put_on_record(faults)
        if delay_s is None:
            message.reply.fail(ResultLostError(result))
        elif delay_s > 0.0:
            self._delay(LateResult(now + delay_s, message.reply, result))
        else:
            message.reply.answer(result)

    def _delay(self, late: LateResult) -> None:
        self.late_results = (*self.late_results, late)
        if len(self.late_results) > _MOST_LATE:  # a flood under a fault takes no memory
            first, *others = self.late_results
            self.late_results = tuple(others)
            first.reply.answer(first.result)

    def _give_late_results(self, now: float) -> None:
        due = [late for late in self.late_results if late.due <= now]
        self.late_results = tuple(late for late in self.late_results if late.due > now)
        for late in due:
            late.reply.answer(late.result)

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
        return self.model.shown(now)

    def record(self) -> DeviceRecord:
        """Return what the registry keeps."""
        return DeviceRecord(self.model.spec, self.created_at, self.model.state(self.last_seen))

    def publish_status(self) -> None:
        """Publish the status message; with a link of its own that is cut, the will says it."""
        carrier, status = self.around.publisher, self._status(self.model.status)
        self.note_status()
        self.around.hub.said(status)
        if self.model.cut_off and carrier.sever(self.device_id):
            return
        carrier.restore(self.device_id)
        carrier.tell(status)

    def note_status(self) -> None:
        """Have the status counted."""
        model = self.model
        self.around.hub.statuses.note(self.device_id, model.status, enabled=model.enabled)

    def will(self) -> bytes:
        """Return the status message that the broker publishes when the device's link dies."""
        return _encode(self.model.status_message(self.around.clock.now(), "offline"))

    def announce(self) -> None:
        """Publish the status message before the backlog."""
        status = self._status(self.model.status)
        self.around.publisher.tell_first(status)
        self.around.hub.said_again(status)

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
        waiting, self.tick_waits = self.inbox.drain(), False
        for message in waiting:
            self._give_up(message, error)
        late_results, self.late_results = self.late_results, ()
        for late in late_results:
            late.reply.fail(error)

    def take_over_faults(self, before: Device) -> None:
        """Go on with the faults that the device had before it was restarted."""
        if before.faults is None:
            return
        now = self.around.clock.now()
        for active in before.faults.active.values():
            self.model.resume(active.injection, active.memory, now)
        for injection in before.faults.requested:
            self.model.resume(injection, {}, now)
        if self.model.faults is not None:
            self._put_on_record(self.model.faults)

    def resume_fault(self, fault: OpenFault) -> None:
        """Go on with a fault of an earlier life of the process; see `Ledger.open_faults`."""
        self.model.resume(fault.injection, fault.memory, self.around.clock.now())

    def end_faults(self) -> None:
        """Put on record that its faults are over, because it is deleted."""
        if self.model.faults is not None:
            self.model.faults.clear_all(self.around.clock.now())
            self.around.ledger.tell(self.model.faults.drain())

    def _give_up(self, message: DeviceMessage, error: ActorError) -> None:
        # Time that was given and not lived through is part of the next tick: energy is never lost.
        if isinstance(message, Tick | Sample):
            tick = message if isinstance(message, Tick) else message.tick
            self.handed_to -= tick.dt_s
        if not isinstance(message, Tick):
            message.reply.fail(error)
