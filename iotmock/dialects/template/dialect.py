"""The dialect of a template: its voice and its ear."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
from attrs import define, field

from iotmock.actors.messages import PLAIN, CommandResult, Incoming, IncomingCommand, Kind, Outgoing
from iotmock.actors.ports.channel import Channel
from iotmock.actors.ports.dialect import Entry, Heard, Node, Place
from iotmock.actors.ports.told import Told
from iotmock.dialects.expressions.compiled import GOES_WRONG
from iotmock.dialects.native.dialect import NativeVoice, entry_of_mock, hear_for_all
from iotmock.dialects.native.topics import data_topic
from iotmock.dialects.template.commands import DEVICE_ID, Payload, Rule, incoming
from iotmock.dialects.template.described import template_channels
from iotmock.dialects.template.payload.tree import Evaluate
from iotmock.dialects.template.posts import Post
from iotmock.dialects.template.schema import BrokerFile
from iotmock.dialects.template.told import told
from iotmock.dialects.template.topics import can_be_said
from iotmock.model.device import Device
from iotmock.model.faults.active import Encode
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.faults.types.link import Said
from iotmock.model.reading import Reading, StatusMessage
from iotmock.model.settings import Settings


@define(eq=False)
class Template:
    """What a file describes. See `Dialect`."""

    name: str
    data: Sequence[Post]
    births: Sequence[Post] = ()
    on_status: Sequence[Post] = ()
    will: Post | None = None
    rules: Sequence[Rule] = ()
    results: Sequence[Post] = ()
    attributes: Mapping[str, Evaluate] = field(factory=dict)
    statics: Mapping[str, Evaluate] = field(factory=dict)
    """What may stand in a topic."""
    broker: BrokerFile = field(factory=BrokerFile)
    about: str = ""
    is_json: bool = True
    """Whether all data are JSON objects."""
    qos: None = None
    now: Callable[[], float] = time.time
    """Returns Unix seconds, of the simulation."""

    @property
    def per_device(self) -> bool:
        """Whether each device needs a connection of its own: topics do not say whose they are."""
        return self.broker.connections == "per-device"

    @property
    def told(self) -> Told:
        """See `TellsReadings.told`."""
        return told([post.topic for post in self.data])

    def entry(self, node: Node) -> Entry:
        """See `Dialect.entry`."""
        filters = dict.fromkeys(rule.filter({}) for rule in self.rules) if node.carries else ()
        entry = entry_of_mock(node, tuple(filters))
        return Entry(None, entry.filters, alone=True) if self.broker.own_topics_only else entry

    def voice(self, device: Device) -> "TemplateVoice":
        """See `Dialect.voice`."""
        return TemplateVoice(self, device)

    def gone(self, device_id: str, device: Device | None) -> Iterable[Outgoing]:
        """See `Dialect.gone`: where something is retained, nothing is."""
        if device is None:
            return
        values = self.voice(device).values
        posts = (*self.data, *self.births, *self.on_status, *([self.will] if self.will else ()))
        retained = [post for post in posts if post.manner is not None and post.manner.retain]
        for topic, manner in {post.topic.of(values): post.manner for post in retained}.items():
            yield Outgoing(Kind.STATUS, device_id, b"", topic, manner=manner)

    def channels(self, devices: Sequence[Device]) -> Iterable[Channel]:
        """See `DescribesItself.channels`."""
        return template_channels(self, devices)

    def hear(self, heard: Heard, device_id: str | None = None) -> Sequence[Incoming]:
        """See `Dialect.hear`."""
        if heard.retained:
            return ()
        found, misfit, payload = [], None, Payload(heard.payload)
        for rule in self.rules:
            names = rule.match(heard.topic)
            name = None if names is None else names.get(DEVICE_ID, device_id)
            if names is None or name is None or device_id not in {None, name}:
                continue
            said = rule.said(names, payload)
            if said is None:
                misfit = rule, name, names
            else:
                found.append(incoming(rule, heard, name, said))
        if not found and misfit is not None:
            return (_refused(heard, *misfit),)
        return found or hear_for_all(heard)


def _refused(heard: Heard, rule: Rule, device_id: str, said: Mapping[str, Any]) -> IncomingCommand:  # noqa: ARG001
    reason = "the payload is none that the template knows as a command at this topic"
    request, reply = b'{"command":""}', heard.reply_topic
    return IncomingCommand(device_id, request, reply, heard.correlation, reason, heard.topic, said)


@define(eq=False, weakref_slot=False)
class TemplateVoice:
    """See `Voice`."""

    template: Template
    device: Device
    attributes: dict[str, Any] = field(init=False)
    values: dict[str, Any] = field(init=False)
    """What stands for the names in topics."""
    places: Sequence[Place] = field(init=False)
    encode: Encode = field(init=False)
    """See `Voice.encode`."""

    def __attrs_post_init__(self) -> None:
        template, device = self.template, self.device
        self.attributes = _values(template.attributes, device)
        self.values = _values(template.statics, device) | self.attributes
        self.places = [Place(post.topic.of(self.values), post.manner) for post in template.data]
        first = template.data[0]
        several = len(template.data) > 1 or first.manner is not None or first.when is not None
        self.encode = self._several if several else first.encoder(device, self.attributes)

    @property
    def topic(self) -> str:
        """See `Voice.topic`."""
        return self.places[0].topic

    def _several(self, reading: Reading, /) -> Said:
        device, attributes, data = self.device, self.attributes, self.template.data
        return tuple([post.say(reading, device, attributes, None) for post in data])

    def births(self, status: StatusMessage) -> Iterable[Outgoing]:
        """See `Voice.births`; the status comes with the settings."""
        return self._said(self.template.births, status)

    def status(self, status: StatusMessage) -> Iterable[Outgoing]:
        """See `Voice.status`."""
        return self._said(self.template.on_status, status)

    def _said(self, posts: Iterable[Post], status: StatusMessage) -> Iterator[Outgoing]:
        reading = self.device.reading_as(status.timestamp, status.status)
        about = reading, self.device, self.attributes, None
        say = partial(self._outgoing, Kind.STATUS)
        yield from filter(None, (say(post, *about) for post in posts))

    def _outgoing(self, kind: Kind, post: Post, *about: Any) -> Outgoing | None:
        return post.outgoing(kind, self.device.spec.device_id, self.values, *about)

    def settings(self, settings: Settings) -> Iterable[Outgoing]:  # noqa: ARG002
        """See `Voice.settings`: the status, which may say them, too."""
        device = self.device
        return self.status(device.status_message(self.template.now(), device.status))

    def entry(self, gone: StatusMessage, attempt: int) -> Entry:  # noqa: ARG002
        """See `Voice.entry`."""
        posts = () if self.template.will is None else (self.template.will,)
        will = next(self._said(posts, gone), None)
        topics = (rule.filter(self.values) for rule in self.template.rules)
        return Entry(will, tuple(dict.fromkeys(topics)))

    def result(self, result: CommandResult, command: IncomingCommand) -> Iterable[Outgoing]:
        """See `Voice.result`: at the template's topics; as iotmock has it where MQTT 5 asks."""
        device_id = self.device.spec.device_id
        said = {**command.said, "outcome": result.status, "reason": result.reason}
        said |= {"command": result.command, "id": result.id}
        reading = self.device.reading_as(result.timestamp, self.device.status)
        usable = {name: one for name, one in command.said.items() if can_be_said(one)}
        for post in self.template.results:
            values = usable | self.values
            if not post.topic.names <= values.keys():
                continue
            about = reading, self.device, self.attributes, said
            message = post.outgoing(Kind.RESULT, device_id, values, *about)
            if message is not None:
                yield message
        if (topic := command.reply_topic) is not None:
            payload, correlation = msgspec.json.encode(result), command.correlation
            yield Outgoing(Kind.RESULT, device_id, payload, topic, correlation, manner=PLAIN)

    def fault(self, entry: FaultEntry) -> Iterable[Outgoing]:
        """See `Voice.fault`: as iotmock has it, where the broker takes that."""
        if self.template.broker.own_topics_only:
            return ()
        device_id = self.device.spec.device_id
        return NativeVoice(device_id, data_topic(device_id)).fault(entry)


def _values(evaluates: Mapping[str, Evaluate], device: Device) -> dict[str, Any]:
    return {name: _or_empty(one, device) for name, one in evaluates.items()}


def _or_empty(evaluate: Evaluate, device: Device) -> Any:
    try:
        return evaluate(device)
    except GOES_WRONG:
        return ""
