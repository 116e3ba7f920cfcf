"""The native dialect: what devices say and hear where nothing else is asked for."""

from collections.abc import Iterable, Sequence

import msgspec
from attrs import define, field

from iotmock.actors.messages import (
    PLAIN,
    RETAINED,
    CommandResult,
    Incoming,
    IncomingCommand,
    IncomingEvent,
    IncomingGroupCommand,
    Kind,
    Outgoing,
)
from iotmock.actors.ports.channel import Channel
from iotmock.actors.ports.dialect import Entry, Heard, Node, Place
from iotmock.actors.ports.told import Told
from iotmock.dialects.native import topics
from iotmock.dialects.native.described import native_channels
from iotmock.model.device import Device
from iotmock.model.faults.active import Encode
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.measures.full_meters import FullMeters
from iotmock.model.reading import StatusMessage
from iotmock.model.settings import Settings

_encode = msgspec.json.Encoder().encode
TOLD = Told((topics.data_topic("+"),), -2)


@define(eq=False, weakref_slot=False)
class NativeVoice:
    """See `Voice`. A reading is one message, so that `encode` needs no code of ours."""

    device_id: str
    topic: str
    encode: Encode = _encode
    """In each voice: from a class it would take longer to get at, for every message."""
    says_settings: bool = False

    @property
    def places(self) -> Sequence[Place]:
        """See `Voice.places`."""
        return (Place(self.topic),)

    def births(self, status: StatusMessage) -> Iterable[Outgoing]:
        """See `Voice.births`."""
        return self.status(status)

    def status(self, status: StatusMessage) -> Iterable[Outgoing]:
        """See `Voice.status`."""
        return (_status(self.device_id, _encode(status)),)

    def settings(self, settings: Settings) -> Iterable[Outgoing]:
        """See `Voice.settings`: what commands set, without the counter, which data messages say."""
        if self.says_settings:
            said = {"device_id": self.device_id, **settings}
            del said["energy"]
            yield _retained(topics.settings_topic(self.device_id), self.device_id, _encode(said))

    def entry(self, gone: StatusMessage, attempt: int) -> Entry:  # noqa: ARG002
        """See `Voice.entry`."""
        will = _status(self.device_id, _encode(gone))
        return Entry(will, (topics.commands_topic(self.device_id),))

    def result(self, result: CommandResult, command: IncomingCommand) -> Iterable[Outgoing]:
        """See `Voice.result`: at the topic of results, and where MQTT 5 asks for it too."""
        places = dict.fromkeys((topics.result_topic(self.device_id), command.reply_topic))
        payload, correlation = _encode(result), command.correlation
        for topic in filter(None, places):
            yield Outgoing(Kind.RESULT, self.device_id, payload, topic, correlation, manner=PLAIN)

    def fault(self, entry: FaultEntry) -> Iterable[Outgoing]:
        """See `Voice.fault`."""
        topic = topics.faults_topic(self.device_id)
        yield Outgoing(Kind.FAULT, self.device_id, _encode(entry), topic, manner=PLAIN)


@define(eq=False)
class Native:
    """See `Dialect`."""

    name: str = "native"
    qos: int | None = None
    told: Told = TOLD
    says_settings: bool = False
    """Whether each device has a retained message of what commands have set."""
    full: FullMeters = field(factory=FullMeters)
    """Who measures more where that is asked for."""

    def entry(self, node: Node) -> Entry:
        """See `Dialect.entry`."""
        return entry_of_mock(node, (topics.COMMANDS_FILTER,))

    def voice(self, device: Device) -> NativeVoice:
        """See `Dialect.voice`."""
        device_id = device.spec.device_id
        data = topics.data_topic(device_id)
        encode = self.full.of(device).encode if self.full.wants(device_id) else _encode
        return NativeVoice(device_id, data, encode, self.says_settings)

    def gone(self, device_id: str, device: Device | None) -> Iterable[Outgoing]:  # noqa: ARG002
        """See `Dialect.gone`."""
        yield _status(device_id, b"")
        if self.says_settings:
            yield _retained(topics.settings_topic(device_id), device_id, b"")

    def channels(self, devices: Sequence[Device]) -> Iterable[Channel]:
        """See `DescribesItself.channels`."""
        return native_channels(devices, full=self.full.usual == "full")

    def hear(self, heard: Heard, device_id: str | None = None) -> Sequence[Incoming]:  # noqa: ARG002
        """See `Dialect.hear`."""
        if heard.retained:  # it would be carried out again at every connect
            return ()
        match heard.topic.split("/"):
            case ["energy", "devices", name, "commands"]:
                return (IncomingCommand(name, *_request(heard)),)
        return hear_for_all(heard)


def hear_for_all(heard: Heard) -> Sequence[Incoming]:
    """Return what is the same in every dialect: commands to a location, the platform's events."""
    if heard.retained:
        return ()
    match heard.topic.split("/"):
        case ["energy", "groups", location, "commands"] if location:
            return (IncomingGroupCommand(location, *_request(heard)),)
        case ["energy", "events", "devices", device_id, action]:
            return (IncomingEvent(action, device_id, heard.payload),)
    return ()


def entry_of_mock(node: Node, of_devices: tuple[str, ...]) -> Entry:
    """Return how a connection begins that says itself whether it lives.

    `of_devices` is what is heard for all devices: over the first of the connections that they
    share.
    """
    topic = topics.mock_status_topic(node.client_id)
    will, first, last = (_retained(topic, "", said) for said in (b"offline", b"online", b"offline"))
    hears = node.carries and not node.number
    return Entry(will, of_devices if hears else (), first=first, last=last)


def _status(device_id: str, payload: bytes) -> Outgoing:
    return _retained(topics.status_topic(device_id), device_id, payload)


def _retained(topic: str, device_id: str, payload: bytes) -> Outgoing:
    return Outgoing(Kind.STATUS, device_id, payload, topic, manner=RETAINED)


def _request(heard: Heard) -> tuple[bytes, str | None, bytes | None, str | None, str]:
    return heard.payload, heard.reply_topic, heard.correlation, heard.refusal, heard.topic
