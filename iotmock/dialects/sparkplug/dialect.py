"""The dialect of Sparkplug: who is an edge node, and what is heard."""

from collections.abc import Iterable, Sequence

from attrs import define, evolve, field

from iotmock.actors.messages import (
    Incoming,
    IncomingBirths,
    IncomingCommand,
    IncomingHost,
    Kind,
    Outgoing,
)
from iotmock.actors.ports.channel import Channel
from iotmock.actors.ports.dialect import Entry, Heard, Node
from iotmock.actors.ports.told import Told
from iotmock.dialects.native.dialect import entry_of_mock, hear_for_all
from iotmock.dialects.sparkplug.described import sparkplug_channels
from iotmock.dialects.sparkplug.entries import Entries
from iotmock.dialects.sparkplug.host import host_said
from iotmock.dialects.sparkplug.payload import as_text, decode
from iotmock.dialects.sparkplug.protobuf import MalformedError
from iotmock.dialects.sparkplug.readings import ReadingEncoder
from iotmock.dialects.sparkplug.session import ONCE, REBIRTH
from iotmock.dialects.sparkplug.topics import NAMESPACE, EdgeNodes, host_topic
from iotmock.dialects.sparkplug.voice import SparkplugVoice
from iotmock.dialects.sparkplug.writable import Writable, of_type, requests
from iotmock.model.device import Device
from iotmock.model.family import DeviceType
from iotmock.model.faults.active import Encode

_TOLD = Told((f"{NAMESPACE}/+/DDATA/+/+",), -1)
_NO_COMMAND = b'{"command":""}'


@define(eq=False)
class Sparkplug:
    """See `Dialect`."""

    nodes: EdgeNodes
    entries: Entries = field(factory=Entries)
    name: str = "sparkplug"
    qos: int = 0
    told: Told = _TOLD
    _encode: Encode = field(init=False)
    _writables: dict[str, tuple[Writable, ...]] = field(factory=dict)
    """The commands of each device type that has spoken."""
    _known: dict[str, Writable] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self._encode = ReadingEncoder().encode

    def entry(self, node: Node) -> Entry:
        """See `Dialect.entry`."""
        if not node.carries:
            return entry_of_mock(node, ())
        edge = self.nodes.of_connection(node.number)
        birth = Outgoing(Kind.STATUS, "", b"", edge.topic("NBIRTH"), manner=ONCE)
        return evolve(self.entries.entry(edge, node.attempt), first=birth)

    def voice(self, device: Device) -> SparkplugVoice:
        """See `Dialect.voice`."""
        edge, writables = self.nodes.of_device(device.spec.device_id), self._of(device.kind)
        is_node = self.nodes.per_device
        return SparkplugVoice(device, edge, is_node, writables, self.entries, self._encode)

    def _of(self, kind: DeviceType) -> tuple[Writable, ...]:
        writables = self._writables.get(kind.device_type)
        if writables is None:
            writables = self._writables[kind.device_type] = of_type(kind)
            self._known.update((one.command, one) for one in writables)
        return writables

    def gone(self, device_id: str, device: Device | None) -> Iterable[Outgoing]:  # noqa: ARG002
        """See `Dialect.gone`: nothing is retained, but its data is no longer to be trusted."""
        if device is not None and device.status != "offline":
            status = device.status_message(self.entries.now(), "offline")
            yield from self.voice(device).status(status)

    def channels(self, devices: Sequence[Device]) -> Iterable[Channel]:  # noqa: ARG002
        """See `DescribesItself.channels`."""
        return sparkplug_channels(self.nodes, self.entries.host)

    def readable(self, topic: str, payload: bytes) -> str | None:
        """See `ReadsItself.readable`; not what a fault has spoiled."""
        if not topic.startswith(f"{NAMESPACE}/"):
            return None
        try:
            return as_text(payload)
        except MalformedError:
            return None

    # What is heard

    def hear(self, heard: Heard, device_id: str | None = None) -> Sequence[Incoming]:
        """See `Dialect.hear`."""
        levels = heard.topic.split("/")
        if levels[:2] == [NAMESPACE, "STATE"] and len(levels) == 3:  # a group may be called so
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
        said = host_said(heard.payload) if heard.topic == host_topic(self.entries.host) else None
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
