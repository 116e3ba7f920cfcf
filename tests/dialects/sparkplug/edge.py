"""An edge node without a connection: its dialect, its devices, and what it would write."""

from attrs import define, field

from iotmock.actors.messages import Kind, Outgoing
from iotmock.actors.ports.dialect import Entry, Node
from iotmock.dialects.sparkplug.dialect import Sparkplug
from iotmock.dialects.sparkplug.entries import Entries
from iotmock.dialects.sparkplug.topics import EdgeNodes
from iotmock.model.device import Device
from iotmock.model.families import built_in
from iotmock.model.reading import Reading, Status, StatusMessage
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceSpec, DeviceState
from iotmock.model.timestamp import rfc3339
from tests.dialects.sparkplug.host import Message

NOW = 1_754_913_600.0
"""Unix seconds: 2025-08-11T12:00:00Z."""


def device(device_id: str = "a.1", kind: str = "hvac") -> Device:
    spec = DeviceSpec(device_id, kind, "Roof", 25.0, 240.0, "Hall A")
    return Device.make(spec, built_in().get(kind), Sites(1, 0.1), DeviceState(), 5.0)


def sparkplug(host: str = "", *, per_device: bool = False) -> Sparkplug:
    nodes = EdgeNodes("iotmock", "edge", None, per_device)
    return Sparkplug(nodes, Entries(host, lambda: NOW))


@define(eq=False)
class Edge:
    """One session of the edge node `edge`, and what it has written."""

    dialect: Sparkplug = field(factory=sparkplug)
    attempt: int = 0
    entry: Entry = field(init=False)
    written: list[Message] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.entry = self.dialect.entry(Node("client", attempt=self.attempt))

    def write(self, outgoing: Outgoing | None) -> Message | None:
        """Seal a message as a connection does; return what goes out."""
        assert self.entry.seal is not None
        assert outgoing is not None
        sealed = self.entry.seal(outgoing)
        if sealed is None:
            return None
        message = Message.of(sealed.topic, sealed.payload.hex())
        self.written.append(message)
        return message

    def begin(self, *devices: Device) -> None:
        self.write(self.entry.first)
        for one in devices:
            self.tell_births(one)

    def tell_births(self, of: Device, status: Status = "online") -> None:
        for outgoing in self.dialect.voice(of).births(_status(of, status)):
            self.write(outgoing)

    def tell_status(self, of: Device, status: Status, after_s: float = 0.0) -> None:
        for outgoing in self.dialect.voice(of).status(_status(of, status, after_s)):
            self.write(outgoing)

    def tell_reading(self, of: Device, after_s: float = 0.0) -> Message | None:
        voice, name = self.dialect.voice(of), of.spec.device_id
        timestamp = rfc3339(NOW + after_s)
        reading = Reading(name, timestamp, 1.5, 239.5, 6.25, 12.345, "online", enabled=True)
        said = voice.encode(reading)
        assert isinstance(said, bytes)
        return self.write(Outgoing(Kind.DATA, name, said, voice.topic))

    @property
    def verbs(self) -> list[str]:
        return [message.verb for message in self.written]


def _status(of: Device, status: Status, after_s: float = 0.0) -> StatusMessage:
    return of.status_message(NOW + after_s, status)
