"""The dialect of Home Assistant: native words, and discovery around them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import structlog
from attrs import define, evolve, field

from iotmock.actors.messages import Incoming, IncomingBirths, Outgoing
from iotmock.actors.ports.channel import Channel
from iotmock.actors.ports.dialect import Entry, Heard, Node
from iotmock.actors.ports.pool import number_in_pool
from iotmock.actors.ports.told import Told
from iotmock.dialects.homeassistant.described import discovery_channels
from iotmock.dialects.homeassistant.discovery import Discovery
from iotmock.dialects.native.described import native_channels
from iotmock.dialects.native.dialect import TOLD, Native, NativeVoice
from iotmock.dialects.native.topics import data_topic, mock_status_topic
from iotmock.model.device import Device
from iotmock.model.reading import StatusMessage
from iotmock.model.settings import Settings

log = structlog.get_logger()

NAME = "homeassistant"
SPREAD_S = 10.0
"""How long all take to describe themselves again, to a Home Assistant that is just starting."""
_NATIVE = Native(says_settings=True)


@define(eq=False)
class HomeAssistant:
    """See `Dialect`. At most `limit` devices are described; the others are there all the same."""

    discovery: Discovery
    limit: int
    name: str = NAME
    qos: int | None = None
    told: Told = TOLD
    _described: dict[str, int] = field(factory=dict)
    """The devices that are described, with a hash of what was said."""
    per_device: bool = False
    """Whether each device has a connection of its own."""
    _nodes: dict[int, Node] = field(factory=dict)
    """The connections that devices share, once they have been tried."""
    _said: bool = False

    def entry(self, node: Node) -> Entry:
        """See `Dialect.entry`."""
        entry = _NATIVE.entry(node)
        self.per_device = not node.carries
        if node.carries:
            self._nodes[node.number] = node
        if node.number:
            return entry
        return evolve(entry, filters=(*entry.filters, self.discovery.topics.status))

    def voice(self, device: Device) -> NativeVoice:
        """See `Dialect.voice`."""
        device_id = device.spec.device_id
        data = data_topic(device_id)
        return HomeAssistantVoice(device_id, data, says_settings=True, dialect=self, device=device)

    def gone(self, device_id: str, device: Device | None) -> Iterable[Outgoing]:
        """See `Dialect.gone`: who would read an empty status is gone before it comes."""
        known = self._described.pop(device_id, None) is not None
        removed = self.discovery.gone(device_id, device) if known or device is None else ()
        return chain(removed, _NATIVE.gone(device_id, device))

    def channels(self, devices: Sequence[Device]) -> Iterable[Channel]:
        """See `DescribesItself.channels`."""
        return chain(native_channels(devices), discovery_channels(self.discovery.topics))

    def hear(self, heard: Heard, device_id: str | None = None) -> Sequence[Incoming]:
        """See `Dialect.hear`."""
        if heard.topic != self.discovery.topics.status:
            return _NATIVE.hear(heard, device_id)
        if heard.retained or heard.payload != b"online":
            return ()
        return (IncomingBirths(everywhere=True, spread_s=SPREAD_S),)

    def describe(self, device: Device, *, anew: bool) -> Iterator[Outgoing]:
        """Yield what describes a device, if it is one of those; not `anew`: if it has changed."""
        device_id = device.spec.device_id
        shared = None if self.per_device else self._node_of(device_id)
        # Nobody is told of a device before its connection: what is said then is all of it.
        if not (shared or self.per_device) or not self._has_room_for(device_id):
            return
        status = None if shared is None else mock_status_topic(shared.client_id)
        messages = tuple(self.discovery.of(device, status))
        before, now = self._described.get(device_id), hash(messages)
        self._described[device_id] = now
        if anew or before != now:
            yield from messages

    def _has_room_for(self, device_id: str) -> bool:
        if device_id in self._described or len(self._described) < self.limit:
            return True
        if not self._said:
            self._said = True
            log.warning(
                "more devices than HA_DISCOVERY_LIMIT: Home Assistant is not told of the others",
                limit=self.limit,
            )
        return False

    def _node_of(self, device_id: str) -> Node | None:
        size = next((node.pool for node in self._nodes.values()), 1)
        return self._nodes.get(number_in_pool(device_id, size))


@define(eq=False, weakref_slot=False)
class HomeAssistantVoice(NativeVoice):
    """See `Voice`."""

    dialect: HomeAssistant = field(kw_only=True)
    device: Device = field(kw_only=True)

    def births(self, status: StatusMessage) -> Iterable[Outgoing]:
        """See `Voice.births`."""
        return chain(self.dialect.describe(self.device, anew=True), self.status(status))

    def settings(self, settings: Settings) -> Iterable[Outgoing]:
        """See `Voice.settings`; a device that is called otherwise now says so."""
        yield from self.dialect.describe(self.device, anew=False)
        yield from NativeVoice.settings(self, settings)

    def entry(self, gone: StatusMessage, attempt: int) -> Entry:
        """See `Voice.entry`."""
        self.dialect.per_device = True
        return NativeVoice.entry(self, gone, attempt)
