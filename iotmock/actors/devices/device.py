"""The device actor: one task around one model, fed by one inbox."""

from collections.abc import Mapping
from itertools import count
from math import inf

import msgspec
import trio
from attrs import define, field

from iotmock.actors.devices.inbox import Inbox
from iotmock.actors.devices.sides import faults as fault_side
from iotmock.actors.devices.sides.commands import hears, perform
from iotmock.actors.devices.sides.late_results import LateResult, LateResults
from iotmock.actors.devices.sides.readings import send_several
from iotmock.actors.devices.sides.status import publish_settings, publish_status
from iotmock.actors.devices.sides.surroundings import Surroundings
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
from iotmock.actors.ports.dialect import Voice
from iotmock.model.device import Device
from iotmock.model.faults.active import Faults
from iotmock.model.faults.types.link import Said
from iotmock.model.fleet import beat_of
from iotmock.model.operations.faults import send, shown
from iotmock.model.reading import Reading
from iotmock.model.spec import DeviceRecord

_DATA = Kind.DATA


@define(eq=False)
class MockDevice:
    """One device. What its inbox hands it alone changes `model`: in its task, or while that waits.

    `handed_to` is the moment up to which it was given its time, in ticks; `tick_waits` says that
    one of them is still in the inbox. Long because it holds the ticks,
    through which all of a fleet's messages go, and whoever waits for an answer; what a command, a
    fault or a status is to it, is in `sides/`.
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
    late_results: LateResults | None = None
    """None while no fault holds one back."""
    serial: int = field(factory=count().__next__, init=False)
    """Tells it from another device of its id, which came when this one was deleted."""
    voice: Voice = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.find_voice()

    def find_voice(self) -> None:
        """Speak as what the model is described as now."""
        self.voice = self.around.dialect.voice(self.model)

    @property
    def device_id(self) -> str:
        """The id."""
        return self.model.spec.device_id

    @property
    def interval(self) -> float:
        """Seconds between its readings."""
        return self.model.interval

    @property
    def beat(self) -> str:
        """See `Paced`: all that one main meter of a site sums up tick together."""
        return beat_of(self.device_id, self.model.spec.location)

    @property
    def place(self) -> int:
        """See `Paced`: a main meter counts what the others have drawn at the same time."""
        return self.model.profile.place

    def reading(self, now: float) -> Reading:
        """Return what the meter shows, without advancing it."""
        return shown(self.model, now)

    def told(self, reading: Reading) -> object:
        """Return a reading as the native message has it: with all that is measured, or not."""
        full = self.around.full
        return full.of(self.model).told(reading) if full.wants(self.device_id) else reading

    def record(self) -> DeviceRecord:
        """Return what the registry keeps."""
        return DeviceRecord(self.model.spec, self.created_at, self.model.state(self.last_seen))

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
                message.reply.answer(fault_side.inject(self.around, self.model, injection))
            case Clear(fault_id=fault_id):
                message.reply.answer(fault_side.clear(self.around, self.model, fault_id))

    def finish(self) -> None:
        """Do what is left to do once the inbox is closed and empty."""
        self._give_late_results(inf)

    # Ticks

    def _tick(self, tick: Tick) -> None:
        model, now = self.model, tick.now
        if model.faults is not None or model.reboot_left_s or self.late_results is not None:
            self._tick_in_trouble(tick)
            return
        # Nearly every tick of a fleet: nothing is wrong, and no tick changes that.
        model.tick(now, tick.dt_s)
        self.last_seen = now
        if model.publishes:
            timestamp = tick.timestamp or model.timestamp(now)
            self._send(self.voice.encode(model.reading_as(timestamp, "online")), now)

    def _tick_in_trouble(self, tick: Tick) -> None:
        model, now = self.model, tick.now
        before = model.status
        model.tick(now, tick.dt_s)
        self.last_seen = now
        if model.status != before:
            publish_status(self.around, model)
        faults = model.faults
        if faults is not None and not faults.quiet:
            self._send_through(faults, now)
        elif model.publishes:
            self._send(self.voice.encode(model.reading(now)), now)
        self._give_late_results(now)

    def _send(self, said: Said, due: float, mark: str = "") -> None:
        around, name = self.around, self.model.spec.device_id
        if not isinstance(said, bytes):
            send_several(around, self.voice, name, said, due, mark)
            return
        stamp = None
        if around.numbering is not None:
            stamp = around.numbering.stamp(name, due, mark)
        around.send(Outgoing(_DATA, name, said, self.voice.topic, None, stamp))

    def _send_through(self, faults: Faults, now: float) -> None:
        for said in send(self.model, faults, now, self.voice.encode):
            self._send(said, now, "fault")
        fault_side.put_on_record(self.around, self.model, faults)

    # Commands and changes

    def _perform(self, message: Perform) -> None:
        if message.over_mqtt and not hears(self.model, message.request):
            message.reply.fail(DeviceOfflineError(self.device_id))
            return
        result = perform(self.around, self.model, message.request, self._keep)
        faults = self.model.faults
        if faults is not None and message.over_mqtt:
            self._answer_through(faults, message.reply, result)
        else:
            message.reply.answer(result)

    def _answer_through(
        self, faults: Faults, reply: ReplySlot[CommandResult], result: CommandResult
    ) -> None:
        now = self.around.clock.now()
        delay_s = faults.delay_of_result(now, result.timestamp)
        fault_side.put_on_record(self.around, self.model, faults)
        if delay_s is None:
            reply.fail(ResultLostError(result))
        elif delay_s > 0.0:
            if self.late_results is None:
                self.late_results = LateResults()
            reply.answer_later(result)
            self.late_results.hold(LateResult(now + delay_s, reply, result))
        else:
            reply.answer(result)

    def _give_late_results(self, now: float) -> None:
        if self.late_results is not None and not self.late_results.give(now):
            self.late_results = None

    def _change(self, message: Change) -> None:
        if message.holds is not None and not message.holds():
            message.reply.fail(DeviceChangedError(self.device_id))
            return
        with fault_side.watched(self.around, self.model):
            self.model.change(**message.changes)
        self.find_voice()
        publish_settings(self.around, self.model)
        self.around.hub.device_changed(self.device_id)
        self._keep()
        message.reply.answer(None)

    def _keep(self) -> None:
        self.around.pacer.reseat(self)
        self.around.registry.note(self.device_id)

    # What can not be done any more

    def fail_waiting(self, error: ActorError) -> None:
        """Answer everyone who waits for this device, the message in hand included."""
        waiting, self.tick_waits = self.inbox.drain(), False
        for message in waiting:
            self._give_up(message, error)
        late_results, self.late_results = self.late_results, None
        if late_results is not None:
            late_results.fail(error)

    def _give_up(self, message: DeviceMessage, error: ActorError) -> None:
        # Time that was given and not lived through is part of the next tick: energy is never lost.
        if isinstance(message, Tick | Sample):
            tick = message if isinstance(message, Tick) else message.tick
            self.handed_to -= tick.dt_s
        if not isinstance(message, Tick):
            message.reply.fail(error)


def reading_in(devices: Mapping[str, MockDevice], message: Outgoing) -> bytes | None:
    """Return, as iotmock has it, the reading that a message tells of in another dialect.

    None: the device is gone, or another message of the same reading has told of it.
    """
    device = devices.get(message.device_id)
    if device is None or device.last_seen is None or device.voice.topic != message.topic:
        return None
    return msgspec.json.encode(device.reading(device.last_seen))
