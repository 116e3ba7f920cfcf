"""The words: in which topics and bytes devices speak, and what they understand.

A dialect is pure: it neither waits nor sends, and holds nothing of a connection.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from attrs import frozen

from iotmock.actors.messages import CommandResult, Incoming, IncomingCommand, Manner, Outgoing
from iotmock.model.device import Device
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.faults.types.link import Said
from iotmock.model.reading import Reading, StatusMessage
from iotmock.model.settings import Settings


@frozen
class Place:
    """Where a message of a reading goes. `manner` None: at MQTT_QOS, not retained."""

    topic: str
    manner: Manner | None = None


Seal = Callable[[Outgoing], Outgoing | None]
"""Makes of a message what goes out, in the order in which messages are written to a connection.

None: it is not to be said.
"""


@frozen
class Node:
    """A connection that is no device's own, at one CONNECT.

    `number` is its place in a `pool` of so many, from 0; `attempt` how many CONNECTs it had before
    in this process. `carries`: devices speak over it; otherwise each has a connection of its own.
    """

    client_id: str
    number: int = 0
    pool: int = 1
    attempt: int = 0
    carries: bool = True


@frozen
class Entry:
    """What a connection begins with at CONNECT, and what holds while it lasts."""

    will: Outgoing | None
    filters: tuple[str, ...]
    """What it subscribes to; not to what is retained there and was said before."""
    states: tuple[str, ...] = ()
    """What it subscribes to beside, of which it hears what is retained, too."""
    first: Outgoing | None = None
    """Said before its devices' births; of a connection that is no device's own. At QoS 0."""
    last: Outgoing | None = None
    """Said before DISCONNECT, if `first` has been its turn. At QoS 0."""
    ends_by_will: bool = False
    """Whether at its end the broker is asked to say the will, where it can be (MQTT 5), and not
    `last`; if `last` is to be said."""
    resumes: bool = True
    """Whether the session of the last connection goes on; else it ends with each connection."""
    waits: bool = False
    """Whether it says nothing until the host is heard to be there (`IncomingHost`)."""
    alone: bool = False
    """Whether the service hears nothing of its own beside: the broker ends connections for it."""
    seal: Seal | None = None
    """Where a protocol numbers messages of a connection; None costs nothing."""


@frozen
class Heard:
    """A message that has arrived, and what MQTT 5 asks of its answer; see `IncomingCommand`."""

    topic: str
    payload: bytes
    retained: bool = False
    reply_topic: str | None = None
    correlation: bytes | None = None
    refusal: str | None = None
    number: int = 0
    """The place in a pool of the connection that it came over."""


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

    def settings(self, settings: Settings) -> Iterable[Outgoing]:
        """Return what is said after the births, and where one of its settings has changed."""
        ...

    def entry(self, gone: StatusMessage, attempt: int) -> Entry:
        """Return what a connection of its own begins with; `gone` is its status once it is dead.

        `attempt` is how many CONNECTs it had before in this process.
        """
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
    def qos(self) -> int | None:
        """Of data; None: as MQTT_QOS has it."""
        ...

    def entry(self, node: Node) -> Entry:
        """Return what a connection begins with that is no device's own."""
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
