"""The words: in which topics and bytes devices speak, and what they understand.

A dialect is pure: it neither waits nor sends, and holds nothing of a connection.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from attrs import frozen

from iotmock.actors.messages import CommandResult, Incoming, IncomingCommand, Manner, Outgoing
from iotmock.model.device import Device
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.faults.types.link import Said
from iotmock.model.reading import Reading, StatusMessage


@frozen
class Place:
    """Where a message of a reading goes. `manner` None: at MQTT_QOS, not retained."""

    topic: str
    manner: Manner | None = None


@frozen
class Entry:
    """What a device's own connection says at CONNECT: its will, and what it subscribes to."""

    will: Outgoing | None
    filters: tuple[str, ...]


@frozen
class Heard:
    """A message that has arrived, and what MQTT 5 asks of its answer; see `IncomingCommand`."""

    topic: str
    payload: bytes
    retained: bool = False
    reply_topic: str | None = None
    correlation: bytes | None = None
    refusal: str | None = None


class Voice(Protocol):
    """How one device speaks. Bound to it as it is made, and again when its description changes."""

    @property
    def topic(self) -> str:
        """Where a reading goes that is one message at MQTT_QOS, not retained."""
        ...

    @property
    def places(self) -> Sequence[Place]:
        """Where the messages of a reading go that are several, or go in another manner."""
        ...

    def encode(self, reading: Reading, /) -> Said:
        """Return the message of a reading; or, for each of the `places`, one or None."""
        ...

    def births(self, status: StatusMessage) -> Iterable[Outgoing]:
        """Return what is said after each connect, before anything else; its status is in it."""
        ...

    def status(self, status: StatusMessage) -> Iterable[Outgoing]:
        """Return what is said where the status has changed, and at the end of the service."""
        ...

    def entry(self, gone: StatusMessage) -> Entry:
        """Return what a connection of its own begins with; `gone` is its status once it is dead."""
        ...

    def result(self, result: CommandResult, command: IncomingCommand) -> Iterable[Outgoing]:
        """Return what is answered to a command that `hear` has found."""
        ...

    def fault(self, entry: FaultEntry) -> Iterable[Outgoing]:
        """Return what is said where a fault begins or ends, if faults are announced."""
        ...


class Dialect(Protocol):
    """The words of a fleet."""

    @property
    def name(self) -> str:
        """What the setting says."""
        ...

    @property
    def filters(self) -> tuple[str, ...]:
        """What a connection that all devices share subscribes to, for commands to any of them."""
        ...

    def voice(self, device: Device) -> Voice:
        """Bind to a device as it is described now."""
        ...

    def gone(self, device_id: str, device: Device | None) -> Iterable[Outgoing]:
        """Return what removes a device from the broker; None is one that has never lived."""
        ...

    def hear(self, heard: Heard, device_id: str | None = None) -> Sequence[Incoming]:
        """Return what a message says; `device_id` is whose own connection it came over."""
        ...
