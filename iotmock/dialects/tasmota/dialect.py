"""The dialect of Tasmota: its voice and its ear."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from functools import partial
from itertools import chain, islice

import msgspec
from attrs import define, field

from iotmock.actors.messages import (
    PLAIN,
    RETAINED,
    CommandResult,
    Incoming,
    IncomingCommand,
    IncomingQuestion,
    Kind,
    Manner,
    Outgoing,
)
from iotmock.actors.ports.channel import Channel
from iotmock.actors.ports.dialect import Entry, Heard, Node, Place
from iotmock.actors.ports.told import Told
from iotmock.dialects.native.dialect import NativeVoice, entry_of_mock, hear_for_all
from iotmock.dialects.native.topics import data_topic
from iotmock.dialects.tasmota import answers, discovery, topics
from iotmock.dialects.tasmota.days import Days
from iotmock.dialects.tasmota.described import tasmota_channels
from iotmock.dialects.tasmota.energy import encode
from iotmock.dialects.tasmota.macs import Macs
from iotmock.dialects.tasmota.orders import Order, Question, Refused, meanings
from iotmock.dialects.tasmota.plug import Plug
from iotmock.dialects.tasmota.state import state
from iotmock.model.device import Device
from iotmock.model.faults.active import Encode
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.reading import StatusMessage
from iotmock.model.settings import Settings

NAME = "tasmota"
_TOLD = Told((topics.tele("+", "SENSOR"),), 1)
_WORD = "word"


@define(eq=False)
class Tasmota:
    """See `Dialect`. `zone` is whose midnight ends a day."""

    zone: tzinfo = UTC
    name: str = NAME
    qos: None = None
    told: Told = _TOLD
    now: Callable[[], float] = time.time
    """Returns Unix seconds, of the simulation."""
    _plugs: dict[str, Plug] = field(factory=dict)
    _macs: Macs = field(factory=Macs)
    _recalled: dict[str, bytes] = field(factory=dict)
    """What an earlier life has left, of devices that have not spoken yet."""
    _turned: set[str] = field(factory=set)
    """The devices of which there is something else to be kept."""

    def entry(self, node: Node) -> Entry:
        """See `Dialect.entry`."""
        return entry_of_mock(node, (topics.COMMANDS_FILTER,))

    def voice(self, device: Device) -> "TasmotaVoice":
        """See `Dialect.voice`."""
        device_id = device.spec.device_id
        plug = self._plugs.get(device_id)
        if plug is None:
            mac = self._macs.of(device_id)
            days = self._days_of(device)
            plug = self._plugs[device_id] = Plug.of(device, mac, self.zone, self.now(), days)
        plug.take(device)
        return TasmotaVoice(self, plug, topics.tele(device_id, "SENSOR"), plug.meter.encode)

    def _days_of(self, device: Device) -> Days:
        name, energy_kwh = device.spec.device_id, device.meter.energy_kwh
        days = Days(energy_kwh, turned=partial(self._turned.add, name))
        if (memory := self._recalled.pop(name, None)) is not None:
            days.recall(memory)
        return days

    def recall(self, memories: Mapping[str, bytes]) -> None:
        """See `Remembers.recall`."""
        self._recalled = dict(memories)

    def take_changed(self, most: int | None) -> dict[str, bytes | None]:
        """See `Remembers.take_changed`."""
        taken = list(islice(self._turned, most))
        self._turned.difference_update(taken)
        return {name: self._memory_of(name) for name in taken}

    def _memory_of(self, device_id: str) -> bytes | None:
        plug = self._plugs.get(device_id)
        return None if plug is None else plug.meter.days.memory()

    def gone(self, device_id: str, device: Device | None) -> Iterable[Outgoing]:  # noqa: ARG002
        """See `Dialect.gone`."""
        mac = self._macs.of(device_id)
        self._plugs.pop(device_id, None)
        self._recalled.pop(device_id, None)
        self._turned.add(device_id)
        self._macs.forget(mac)
        for name in ("sensors", "config"):
            yield _retained(device_id, topics.discovery(mac, name), b"")
        yield _retained(device_id, topics.tele(device_id, "LWT"), b"")

    def channels(self, devices: Sequence[Device]) -> Iterable[Channel]:  # noqa: ARG002
        """See `DescribesItself.channels`."""
        return tasmota_channels()

    def hear(self, heard: Heard, device_id: str | None = None) -> Sequence[Incoming]:
        """See `Dialect.hear`."""
        match heard.topic.split("/"):
            case ["cmnd", name, level] if not heard.retained and device_id in {None, name}:
                plug = self._plugs.get(name)
                return [] if plug is None else list(self._orders(heard, plug, level))
        return hear_for_all(heard)

    def _orders(self, heard: Heard, plug: Plug, level: str) -> Iterator[Incoming]:
        name = plug.device.spec.device_id
        for meaning in meanings(level, heard.payload, plug.device):
            match meaning:
                case Order(word=word, request=request):
                    said = {_WORD: word}
                    yield _command(heard, name, request, said)
                case _:
                    yield IncomingQuestion(name, partial(self._tell, meaning), heard.topic)

    def _tell(self, asked: Question | Refused, device: Device) -> Iterator[Outgoing]:
        if isinstance(asked, Refused):
            yield _answer(device.spec.device_id, *answers.refused(asked))
            return
        name = device.spec.device_id
        for answer in answers.told(asked, self.voice(device).plug.now(self.now())):
            yield _answer(name, *answer)


def _command(heard: Heard, name: str, request: bytes, said: dict[str, str]) -> IncomingCommand:
    reply, asked, refusal = heard.reply_topic, heard.correlation, heard.refusal
    return IncomingCommand(name, request, reply, asked, refusal, heard.topic, said)


def _answer(device_id: str, name: str, payload: bytes) -> Outgoing:
    return Outgoing(Kind.RESULT, device_id, payload, topics.stat(device_id, name), manner=PLAIN)


def _retained(device_id: str, topic: str, payload: bytes) -> Outgoing:
    return _said(device_id, topic, payload, RETAINED)


def _said(device_id: str, topic: str, payload: bytes, manner: Manner = PLAIN) -> Outgoing:
    return Outgoing(Kind.STATUS, device_id, payload, topic, manner=manner)


@define(eq=False, weakref_slot=False)
class TasmotaVoice:
    """See `Voice`."""

    dialect: Tasmota
    plug: Plug
    topic: str
    encode: Encode

    @property
    def places(self) -> Sequence[Place]:
        """See `Voice.places`."""
        return (Place(self.topic),)

    @property
    def _name(self) -> str:
        return self.plug.device.spec.device_id

    def births(self, status: StatusMessage) -> Iterable[Outgoing]:
        """See `Voice.births`; STATE comes with the settings."""
        return chain(self._described(), [self._lives(status)])

    def _described(self) -> Iterator[Outgoing]:
        plug = self.plug
        config = plug.described = encode(discovery.config(plug.device, plug.mac))
        sensors = discovery.sensors(plug.now(self.dialect.now()).sensor)
        yield _retained(self._name, topics.discovery(plug.mac, "config"), config)
        yield _retained(self._name, topics.discovery(plug.mac, "sensors"), encode(sensors))

    def status(self, status: StatusMessage) -> Iterable[Outgoing]:
        """See `Voice.status`."""
        yield self._lives(status)
        if status.status != "offline":
            yield self._state()

    def _lives(self, status: StatusMessage) -> Outgoing:
        said = topics.OFFLINE if status.status == "offline" else topics.ONLINE
        return _retained(self._name, topics.tele(self._name, "LWT"), said)

    def _state(self) -> Outgoing:
        content = state(self.plug.now(self.dialect.now()))
        return _said(self._name, topics.tele(self._name, "STATE"), encode(content))

    def settings(self, settings: Settings) -> Iterable[Outgoing]:  # noqa: ARG002
        """See `Voice.settings`: how it stands, and, once it is off, that it draws nothing."""
        plug = self.plug
        if plug.described != encode(discovery.config(plug.device, plug.mac)):
            yield from self._described()
        if plug.device.status == "offline":
            return
        yield self._state()
        if not plug.device.enabled:
            sensor = plug.now(self.dialect.now()).sensor
            yield _said(self._name, self.topic, encode(sensor))

    def entry(self, gone: StatusMessage, attempt: int) -> Entry:  # noqa: ARG002
        """See `Voice.entry`."""
        will = _retained(self._name, topics.tele(self._name, "LWT"), topics.OFFLINE)
        return Entry(will, (topics.commands_of(self._name),))

    def result(self, result: CommandResult, command: IncomingCommand) -> Iterable[Outgoing]:
        """See `Voice.result`; as iotmock has it where MQTT 5 asks for it."""
        word = command.said.get(_WORD) or answers.word_of(result.command)
        if result.status == "applied":
            found = answers.done(word, self.plug.now(self.dialect.now()))
        else:
            found = iter([answers.refused(Refused(word, str(result.reason)))])
        for answer in found:
            yield _answer(self._name, *answer)
        if (topic := command.reply_topic) is not None:
            payload, asked = msgspec.json.encode(result), command.correlation
            yield Outgoing(Kind.RESULT, self._name, payload, topic, asked, manner=PLAIN)

    def fault(self, entry: FaultEntry) -> Iterable[Outgoing]:
        """See `Voice.fault`: as iotmock has it."""
        return NativeVoice(self._name, data_topic(self._name)).fault(entry)
