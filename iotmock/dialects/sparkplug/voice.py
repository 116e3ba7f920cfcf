"""What a device says in Sparkplug; numbers, and what NBIRTH says, come by the `EdgeSession`."""

from collections.abc import Iterable, Sequence

import msgspec
from attrs import define, field

from iotmock.actors.messages import CommandResult, IncomingCommand, Kind, Outgoing
from iotmock.actors.ports.dialect import Entry, Place
from iotmock.dialects.native.dialect import NativeVoice
from iotmock.dialects.sparkplug import births
from iotmock.dialects.sparkplug.entries import Entries
from iotmock.dialects.sparkplug.payload import DataType, Metric, encode
from iotmock.dialects.sparkplug.readings import milliseconds
from iotmock.dialects.sparkplug.session import ONCE
from iotmock.dialects.sparkplug.topics import EdgeNode
from iotmock.dialects.sparkplug.writable import RESULT, Writable
from iotmock.model.device import Device
from iotmock.model.faults.active import Encode
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.reading import StatusMessage
from iotmock.model.settings import Settings


@define(eq=False, weakref_slot=False)
class SparkplugVoice:
    """See `Voice`."""

    device: Device
    edge: EdgeNode
    is_node: bool
    """Whether the edge node has no other device: its birth comes with the device's."""
    writables: Sequence[Writable]
    entries: Entries
    encode: Encode
    topic: str = field(init=False)
    _has_told: bool = False
    """Whether its births have just told its settings."""

    def __attrs_post_init__(self) -> None:
        self.topic = self.edge.topic("DDATA", self.device.spec.device_id)

    @property
    def places(self) -> Sequence[Place]:
        """See `Voice.places`."""
        return (Place(self.topic),)

    def births(self, status: StatusMessage) -> Iterable[Outgoing]:
        """See `Voice.births`; of a device that is not online there is none."""
        self._has_told = True
        own = [self._post(self.edge.topic("NBIRTH"))] if self.is_node else []
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
        """See `Voice.settings`: what can be written, as it is now; its birth says it, too."""
        if self._has_told or self.device.status == "offline":
            return ()
        shown = [one.metric(settings) for one in self.writables if one.shows(settings)]
        return (self._say("DDATA", encode(self._now_ms(), shown)),)

    def entry(self, gone: StatusMessage, attempt: int) -> Entry:  # noqa: ARG002
        """See `Voice.entry`."""
        return self.entries.entry(self.edge, attempt, self.device.spec.device_id)

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
        return self._post(self.edge.topic(verb, self.device.spec.device_id), payload, kind)

    def _post(self, topic: str, payload: bytes = b"", kind: Kind = Kind.STATUS) -> Outgoing:
        return Outgoing(kind, self.device.spec.device_id, payload, topic, manner=ONCE)

    def _now_ms(self) -> int:
        return milliseconds(self.device.timestamp(self.entries.now()))
