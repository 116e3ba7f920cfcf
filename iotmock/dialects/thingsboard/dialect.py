"""The dialect of ThingsBoard's gateways: its voice and its ear."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from attrs import define, field

from iotmock.actors.messages import (
    PLAIN,
    CommandResult,
    Incoming,
    IncomingCommand,
    Kind,
    Outgoing,
)
from iotmock.actors.ports.channel import Channel
from iotmock.actors.ports.dialect import Entry, Heard, Node, Place
from iotmock.actors.ports.pool import number_in_pool
from iotmock.actors.ports.told import Told
from iotmock.dialects.native.dialect import hear_for_all
from iotmock.dialects.thingsboard import rpc, topics
from iotmock.dialects.thingsboard.described import gateway_channels
from iotmock.model.commands import Command
from iotmock.model.device import Device
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.reading import Reading, Status, StatusMessage
from iotmock.model.settings import Settings

NAME = "thingsboard-gateway"
_encode = msgspec.json.Encoder().encode
_TOLD = Told((topics.TELEMETRY,), None)
_NUMBER = "number"


class Values(msgspec.Struct, frozen=True, gc=False):
    """What a reading says: kW, V, A, kWh."""

    power: float
    voltage: float
    current: float
    energy: float
    enabled: bool


@lru_cache(maxsize=16)
def _milliseconds(timestamp: str) -> bytes:
    return b"%d" % round(datetime.fromisoformat(timestamp).timestamp() * 1_000)


@define(eq=False)
class Gateway:
    """See `Dialect`. Each connection of a pool is a gateway, and is asked for its own devices."""

    name: str = NAME
    qos: None = None
    told: Told = _TOLD
    _known: dict[str, type[Command]] = field(factory=dict)
    """The commands of all types that have spoken."""
    _pool: int = 1

    def entry(self, node: Node) -> Entry:
        """See `Dialect.entry`: nothing is said that is not of the gateway API."""
        self._pool = node.pool
        return Entry(None, (topics.RPC,) if node.carries else (), alone=True)

    def voice(self, device: Device) -> "GatewayVoice":
        """See `Dialect.voice`."""
        self._known.update(device.kind.commands)
        return GatewayVoice(device)

    def gone(self, device_id: str, device: Device | None) -> Iterable[Outgoing]:
        """See `Dialect.gone`: there it stays, as all that was once connected."""
        if device is not None:
            yield _said(device_id, topics.DISCONNECT, {"device": device_id})

    def channels(self, devices: Sequence[Device]) -> Iterable[Channel]:  # noqa: ARG002
        """See `DescribesItself.channels`."""
        return gateway_channels()

    def hear(self, heard: Heard, device_id: str | None = None) -> Sequence[Incoming]:  # noqa: ARG002
        """See `Dialect.hear`."""
        if heard.topic != topics.RPC or heard.retained:
            return hear_for_all(heard)
        call = rpc.read(heard.payload, self._known)
        # A usual broker brings a request to every connection of a pool; ThingsBoard does not.
        if call is None or number_in_pool(call.device_id, self._pool) != heard.number:
            return ()
        said, asked = {_NUMBER: call.number}, heard.correlation
        request, reply, why = call.request, heard.reply_topic, heard.refusal
        return (IncomingCommand(call.device_id, request, reply, asked, why, heard.topic, said),)


def _said(device_id: str, topic: str, content: Any) -> Outgoing:
    return Outgoing(Kind.STATUS, device_id, _encode(content), topic, manner=PLAIN)


@define(eq=False, weakref_slot=False)
class GatewayVoice:
    """See `Voice`."""

    device: Device
    topic: str = topics.TELEMETRY
    _head: bytes = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._head = b'{%b:[{"ts":' % _encode(self._name)

    @property
    def places(self) -> Sequence[Place]:
        """See `Voice.places`."""
        return (Place(self.topic),)

    @property
    def _name(self) -> str:
        return self.device.spec.device_id

    def encode(self, reading: Reading, /) -> bytes:
        """See `Voice.encode`."""
        one = reading
        values = _encode(Values(one.power, one.voltage, one.current, one.energy, one.enabled))
        return b'%b%b,"values":%b}]}' % (self._head, _milliseconds(one.timestamp), values)

    def births(self, status: StatusMessage) -> Iterable[Outgoing]:
        """See `Voice.births`; attributes come with the settings."""
        return (self._presence(status.status),)

    def status(self, status: StatusMessage) -> Iterable[Outgoing]:
        """See `Voice.status`: what it is first, as it is not asked any more afterwards."""
        yield self._attributes(status.status)
        yield self._presence(status.status)

    def _presence(self, status: Status) -> Outgoing:
        if status == "offline":
            return _said(self._name, topics.DISCONNECT, {"device": self._name})
        content = {"device": self._name, "type": self.device.spec.device_type}
        return _said(self._name, topics.CONNECT, content)

    def settings(self, settings: Settings) -> Iterable[Outgoing]:  # noqa: ARG002
        """See `Voice.settings`."""
        return (self._attributes(self.device.status),)

    def _attributes(self, status: Status) -> Outgoing:
        device, spec = self.device, self.device.spec
        content = {
            "status": status,
            "enabled": device.enabled,
            "name": spec.name,
            "location": spec.location,
            "base_power": spec.base_power,
            "base_voltage": spec.base_voltage,
            "interval": device.interval,
            **device.family.settings(),
        }
        return _said(self._name, topics.ATTRIBUTES, {self._name: content})

    def entry(self, gone: StatusMessage, attempt: int) -> Entry:  # noqa: ARG002
        """See `Voice.entry`: a gateway has no connection for a single device."""
        return Entry(None, ())

    def result(self, result: CommandResult, command: IncomingCommand) -> Iterable[Outgoing]:
        """See `Voice.result`; as iotmock has it where MQTT 5 asks for it."""
        yield from self._answer(result, command.said.get(_NUMBER))
        if (topic := command.reply_topic) is not None:
            payload, asked = _encode(result), command.correlation
            yield Outgoing(Kind.RESULT, self._name, payload, topic, asked, manner=PLAIN)

    def _answer(self, result: CommandResult, number: int | None) -> Iterator[Outgoing]:
        if number is not None:
            payload = rpc.answer(number, result)
            yield Outgoing(Kind.RESULT, self._name, payload, topics.RPC, manner=PLAIN)

    def fault(self, entry: FaultEntry) -> Iterable[Outgoing]:  # noqa: ARG002
        """See `Voice.fault`: the API has no word for it."""
        return ()
