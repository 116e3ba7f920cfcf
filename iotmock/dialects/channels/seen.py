"""What example devices and the service's connection really say, and what they subscribe to."""

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from iotmock.actors.messages import PLAIN, CommandResult, IncomingCommand, Kind, Manner, Outgoing
from iotmock.actors.ports.channel import Channel
from iotmock.actors.ports.dialect import Dialect, Node, Place, Voice
from iotmock.dialects.channels.addresses import general, values_of
from iotmock.dialects.channels.examples import NOON
from iotmock.model.device import Device
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.settings import settings_of
from iotmock.model.timestamp import rfc3339

CLIENT_ID = "iotmock-example-8090"
_CLIENT = {"client_id": CLIENT_ID}


@frozen
class Seen:
    """A message that is said. `manner` None: at MQTT_QOS, not retained."""

    topic: str
    address: str
    payload: bytes
    manner: Manner | None
    about: str
    is_data: bool = False
    is_answer: bool = False
    is_of_service: bool = False

    def channel(self) -> Channel:
        """Return what is known of its topic."""
        manner = self.manner
        return Channel(
            self.address,
            about=self.about,
            qos=None if manner is None else manner.qos,
            retain=manner is not None and manner.retain,
            is_data=self.is_data,
            is_of_service=self.is_of_service,
        )


@frozen
class Subscribed:
    """A filter that is subscribed to, and the address of what it hears."""

    topic_filter: str
    address: str
    is_of_service: bool = False


@frozen
class Onlooker:
    """Has a dialect speak, as it would with connections of this kind."""

    dialect: Dialect
    per_device: bool
    announces_faults: bool
    qos: int | None
    """Of data; None: MQTT_QOS."""

    def said(self, devices: Sequence[Device]) -> Iterator[Seen]:
        """Yield what devices say over connections that are there, then what these say."""
        self.dialect.entry(self._node)
        for device in devices:
            yield from self._said_by(device)
        yield from self._said_by_connection()

    @property
    def is_alone(self) -> bool:
        """Whether the service hears nothing of its own over its connections."""
        return self.dialect.entry(self._node).alone

    def wills(self, device: Device) -> tuple[Seen | None, Seen | None]:
        """Return the wills of the service's connection, and of a device's own."""
        of_service, of_device = self.dialect.entry(self._node).will, None
        if self.per_device:
            gone = device.status_message(NOON, "offline")
            of_device = self.dialect.voice(device).entry(gone, 0).will
        return _will(of_service, _CLIENT), _will(of_device, values_of(device))

    def heard(self, devices: Sequence[Device]) -> Iterator[Subscribed]:
        """Yield what devices subscribe to, then the service."""
        for device in devices:
            entry = self.dialect.voice(device).entry(device.status_message(NOON, "offline"), 0)
            for topic_filter in (*entry.filters, *entry.states):
                yield Subscribed(topic_filter, general(topic_filter, values_of(device)))
        entry = self.dialect.entry(self._node)
        for topic_filter in (*entry.filters, *entry.states):
            address = general(topic_filter, _CLIENT)
            yield Subscribed(topic_filter, address, is_of_service=self.per_device)

    def _said_by_connection(self) -> Iterator[Seen]:
        entry = self.dialect.entry(self._node)
        if (first := entry.first) is not None:
            sealed: Outgoing | None = first if entry.seal is None else entry.seal(first)
            yield _of_connection(sealed or first, "After each connect of the service.", qos=0)
        if (last := entry.last) is not None:
            yield _of_connection(last, "Before the service disconnects.", qos=0)
        if (will := entry.will) is not None:
            qos = (will.manner or PLAIN).qos
            yield _of_connection(will, "By the broker, when the service was lost.", qos=qos)

    @property
    def _node(self) -> Node:
        return Node(CLIENT_ID, carries=not self.per_device)

    def _said_by(self, device: Device) -> Iterator[Seen]:
        voice, values = self.dialect.voice(device), values_of(device)
        for outgoing, about in self._messages(voice, device):
            address = general(outgoing.topic, values)
            yield Seen(
                outgoing.topic,
                address,
                outgoing.payload,
                outgoing.manner or PLAIN,
                about,
                is_answer=outgoing.kind is Kind.RESULT,
            )
        said = voice.encode(device.reading(NOON))
        payloads = (said,) if isinstance(said, bytes) else said
        for place, payload in zip(voice.places, payloads, strict=True):
            if payload is not None:
                address = general(place.topic, values)
                about = "Each reading."
                yield Seen(place.topic, address, payload, self._manner(place), about, is_data=True)

    def _manner(self, place: Place) -> Manner | None:
        if place.manner is not None or self.qos is None:
            return place.manner
        return Manner(self.qos)

    def _messages(self, voice: Voice, device: Device) -> Iterator[tuple[Outgoing, str]]:
        living, gone = (device.status_message(NOON, one) for one in ("online", "offline"))
        for outgoing in voice.births(living):
            yield outgoing, "After each connect, before anything else."
        for outgoing in voice.status(gone):
            yield outgoing, "On every change of the status, and at the end of the service."
        for outgoing in voice.settings(settings_of(device)):
            yield outgoing, "After each connect, and when a command has changed a setting."
        if self.per_device and (will := voice.entry(gone, 0).will) is not None:
            yield will, "By the broker, when the connection of the device was lost."
        for outgoing in voice.result(_result(device), IncomingCommand("", b"")):
            yield outgoing, "The outcome of a command."
        if self.announces_faults:
            for outgoing in voice.fault(_fault(device)):
                yield outgoing, "A fault is taken up, begins, ends."


def _of_connection(outgoing: Outgoing, about: str, *, qos: int) -> Seen:
    topic, manner = outgoing.topic, Manner(qos, (outgoing.manner or PLAIN).retain)
    address = general(topic, _CLIENT)
    return Seen(topic, address, outgoing.payload, manner, about, is_of_service=True)


def _will(outgoing: Outgoing | None, values: Mapping[str, str]) -> Seen | None:
    if outgoing is None:
        return None
    address, manner = general(outgoing.topic, values), outgoing.manner or PLAIN
    return Seen(outgoing.topic, address, outgoing.payload, manner, "The will.")


def _result(device: Device) -> CommandResult:
    name, before = device.spec.device_id, device.spec.base_power
    changes = {"base_power": [before, 20.0]}
    return CommandResult("42", name, "set_power", "applied", None, rfc3339(NOON), changes)


def _fault(device: Device) -> FaultEntry:
    begin, end = rfc3339(NOON, milliseconds=True), rfc3339(NOON + 60, milliseconds=True)
    name, fault_id = device.spec.device_id, "f-1"
    return FaultEntry(fault_id, name, "stuck", "meter", {}, begin, end, "active", "request", None)
