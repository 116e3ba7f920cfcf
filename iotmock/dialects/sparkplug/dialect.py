"""The dialect of Sparkplug: its voice and its ear."""

import time
from collections.abc import Callable, Iterable, Sequence

import msgspec
from attrs import define, evolve, field

from iotmock.actors.messages import (
    CommandResult,
    Incoming,
    IncomingBirths,
    IncomingCommand,
    IncomingHost,
    Kind,
    Manner,
    Outgoing,
)
from iotmock.actors.ports.dialect import Entry, Heard, Node, Place
from iotmock.dialects.native.dialect import NativeVoice, entry_of_mock, hear_for_all
from iotmock.dialects.sparkplug import births
from iotmock.dialects.sparkplug.host import host_said
from iotmock.dialects.sparkplug.payload import DataType, Metric, decode, encode
from iotmock.dialects.sparkplug.protobuf import MalformedError
from iotmock.dialects.sparkplug.readings import ReadingEncoder, milliseconds
from iotmock.dialects.sparkplug.session import REBIRTH, EdgeSession
from iotmock.dialects.sparkplug.topics import NAMESPACE, EdgeNode, EdgeNodes, host_topic
from iotmock.dialects.sparkplug.writable import RESULT, Writable, of_type, requests
from iotmock.model.device import Device
from iotmock.model.faults.active import Encode
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.reading import StatusMessage
from iotmock.model.settings import Settings

ONCE = Manner(qos=0)
_WILL = Manner(qos=1)
_NO_COMMAND = b'{"command":""}'


@define(eq=False)
class Sparkplug:
    """See `Dialect`. `host` is the primary host application; without one nobody is waited for."""

    nodes: EdgeNodes
    host: str = ""
    name: str = "sparkplug"
    qos: int = 0
    now: Callable[[], float] = time.time
    """Returns Unix seconds, of the simulation."""
    encode: Encode = field(init=False)
    _writables: dict[str, tuple[Writable, ...]] = field(factory=dict)
    """The commands of each device type that has spoken."""
    _known: dict[str, Writable] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.encode = ReadingEncoder().encode

    def entry(self, node: Node) -> Entry:
        """See `Dialect.entry`."""
        if not node.carries:
            return entry_of_mock(node, ())
        edge = self.nodes.of_connection(node.number)
        entry = self.entry_of(edge, node.attempt, edge.topic("DCMD", "+"))
        return evolve(entry, first=_said(edge.topic("NBIRTH"), ""))

    def entry_of(self, edge: EdgeNode, attempt: int, commands: str) -> Entry:
        """Return how an edge node's connection begins, and what seals what it says."""
        session = EdgeSession(edge, attempt % 256, self._now)
        death = Outgoing(Kind.STATUS, "", session.death, edge.topic("NDEATH"), manner=_WILL)
        return Entry(
            death,
            (edge.topic("NCMD"), commands),
            states=(host_topic(self.host),) if self.host else (),
            last=death,
            ends_by_will=True,
            resumes=False,
            waits=bool(self.host),
            seal=session.seal,
        )

    def voice(self, device: Device) -> "SparkplugVoice":
        """See `Dialect.voice`."""
        edge, kind = self.nodes.of_device(device.spec.device_id), device.kind
        writables = self._writables.get(kind.device_type)
        if writables is None:
            writables = self._writables[kind.device_type] = of_type(kind)
            self._known.update((one.command, one) for one in writables)
        topic = edge.topic("DDATA", device.spec.device_id)
        return SparkplugVoice(self, device, edge, topic, writables)

    def gone(self, device_id: str, device: Device | None) -> Iterable[Outgoing]:
        """See `Dialect.gone`: nothing is retained, but its data is no longer to be trusted."""
        if device is not None:
            edge, at_ms = self.nodes.of_device(device_id), int(self.now() * 1_000)
            yield _said(edge.topic("DDEATH", device_id), device_id, encode(at_ms, ()))

    def _now(self) -> float:
        return self.now()

    # What is heard

    def hear(self, heard: Heard, device_id: str | None = None) -> Sequence[Incoming]:
        """See `Dialect.hear`."""
        levels = heard.topic.split("/")
        if levels[:2] == [NAMESPACE, "STATE"]:
            return self._host(heard)
        if heard.retained:
            return ()
        match levels:
            case [str(first), group, "NCMD", _] if (first, group) == (NAMESPACE, self.nodes.group):
                return _births(heard, device_id)
            case [_, _, "DCMD", _, name] if levels[0] == NAMESPACE and device_id in {None, name}:
                return self._commands(heard, name)
        return hear_for_all(heard)

    def _host(self, heard: Heard) -> Sequence[Incoming]:
        said = host_said(heard.payload) if heard.topic == host_topic(self.host) else None
        return () if said is None else (IncomingHost(said.online, said.timestamp),)

    def _commands(self, heard: Heard, device_id: str) -> Sequence[Incoming]:
        if heard.topic != self.nodes.of_device(device_id).topic("DCMD", device_id):
            return ()
        try:
            metrics = decode(heard.payload).metrics
        except MalformedError as error:
            return (_command(heard, device_id, _NO_COMMAND, f"no Sparkplug payload: {error}"),)
        found = requests(metrics, self._known)
        return [_command(heard, device_id, request, why) for request, why in found]


def _births(heard: Heard, device_id: str | None) -> Sequence[Incoming]:
    try:
        metrics = decode(heard.payload).metrics
    except MalformedError:
        return ()
    asked = any(metric.name == REBIRTH and metric.value is True for metric in metrics)
    return (IncomingBirths(device_id),) if asked else ()


def _command(heard: Heard, device_id: str, request: bytes, why: str | None) -> IncomingCommand:
    refusal, reply = heard.refusal or why, heard.reply_topic
    return IncomingCommand(device_id, request, reply, heard.correlation, refusal, heard.topic)


def _said(topic: str, device_id: str, payload: bytes = b"", kind: Kind = Kind.STATUS) -> Outgoing:
    return Outgoing(kind, device_id, payload, topic, manner=ONCE)


@define(eq=False, weakref_slot=False)
class SparkplugVoice:
    """See `Voice`. What it says gets its number, and NBIRTH its payload, by the `EdgeSession`."""

    dialect: Sparkplug
    device: Device
    edge: EdgeNode
    topic: str
    writables: Sequence[Writable]
    encode: Encode = field(init=False)
    _has_told: bool = False
    """Whether its births have just told its settings."""

    def __attrs_post_init__(self) -> None:
        self.encode = self.dialect.encode

    @property
    def places(self) -> Sequence[Place]:
        """See `Voice.places`."""
        return (Place(self.topic),)

    def births(self, status: StatusMessage) -> Iterable[Outgoing]:
        """See `Voice.births`; of a device that is not online there is none."""
        self._has_told = True
        name = self.device.spec.device_id
        own = [_said(self.edge.topic("NBIRTH"), name)] if self.dialect.nodes.per_device else []
        return own if status.status == "offline" else [*own, self._birth(status)]

    def status(self, status: StatusMessage) -> Iterable[Outgoing]:
        """See `Voice.status`: a birth or a death; the birth of one that lives becomes data."""
        if status.status != "offline":
            return (self._birth(status),)
        payload = encode(milliseconds(status.timestamp), ())
        return (self._say("DDEATH", payload),)

    def _birth(self, status: StatusMessage) -> Outgoing:
        return self._say("DBIRTH", births.payload(self.device, status, self.writables))

    def settings(self, settings: Settings) -> Iterable[Outgoing]:
        """See `Voice.settings`: what can be written, as it is now."""
        if self._has_told:
            return ()
        shown = [one.metric(settings) for one in self.writables if one.shows(settings)]
        return (self._say("DDATA", encode(self._now_ms(), shown)),)

    def entry(self, gone: StatusMessage, attempt: int) -> Entry:  # noqa: ARG002
        """See `Voice.entry`."""
        commands = self.edge.topic("DCMD", self.device.spec.device_id)
        return self.dialect.entry_of(self.edge, attempt, commands)

    def result(self, result: CommandResult, command: IncomingCommand) -> Iterable[Outgoing]:
        """See `Voice.result`: as iotmock has it, in a metric; and where MQTT 5 asks for it."""
        text, at_ms = msgspec.json.encode(result), milliseconds(result.timestamp)
        metric = Metric(RESULT, DataType.STRING, text.decode())
        yield self._say("DDATA", encode(at_ms, [metric]), Kind.RESULT)
        if (topic := command.reply_topic) is not None:
            name, asked = self.device.spec.device_id, command.correlation
            yield Outgoing(Kind.RESULT, name, text, topic, asked, manner=ONCE)

    def fault(self, entry: FaultEntry) -> Iterable[Outgoing]:
        """See `Voice.fault`: as iotmock has it, but never before a birth in a later session."""
        for message in NativeVoice(self.device.spec.device_id, self.topic).fault(entry):
            yield msgspec.structs.replace(message, manner=ONCE)

    def _say(self, verb: str, payload: bytes, kind: Kind = Kind.STATUS) -> Outgoing:
        name = self.device.spec.device_id
        return _said(self.edge.topic(verb, name), name, payload, kind)

    def _now_ms(self) -> int:
        return milliseconds(self.device.timestamp(self.dialect.now()))
