"""A topic as it is described to people and programs: what is said or heard there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, Protocol, runtime_checkable

from attrs import frozen

from iotmock.model.device import Device

Direction = Literal["send", "receive"]
"""From the service's side: it sends what devices say, and receives what they are told."""
JSON = "application/json"
TEXT = "text/plain"
BINARY = "application/octet-stream"


@frozen
class Channel:
    """A topic with its `{parameters}`, and the one kind of message there.

    Of what is sent, QoS, retain, content type and examples are filled in from what devices really
    say there; so a dialect describes of it what can not be seen from outside.
    """

    address: str
    direction: Direction = "send"
    name: str = ""
    """What programs call it, in camelCase; empty: made of the address."""
    about: str = ""
    """When it is said, or what it does, in a sentence."""
    schema: Any = None
    """A type, or a JSON Schema; None: what the examples have in common."""
    content_type: str = ""
    examples: tuple[bytes, ...] = ()
    readable: Callable[[bytes], str] | None = None
    """Says for people what is in an example, where bytes do not."""
    parameters: Mapping[str, str] = {}
    """What a parameter means that has no meaning in all dialects."""
    is_command: bool = False
    """Whether it is heard and answered: where results are seen to be said, and at `replies`."""
    replies: tuple[str, ...] = ()
    """Names of the channels of answers; by the topic in a request, where that can not be seen."""
    qos: int | None = 1
    """None: MQTT_QOS."""
    retain: bool = False
    is_data: bool = False
    """Whether it is readings, which may be stamped."""
    is_of_service: bool = False
    """Whether the service's own connection has it, where each device has one of its own."""


@runtime_checkable
class ReadsItself(Protocol):
    """A dialect of which not every message is a text."""

    def readable(self, topic: str, payload: bytes) -> str | None:
        """Return for people what a message says; None: its bytes say it, or nobody can read it."""
        ...


@runtime_checkable
class DescribesItself(Protocol):
    """A dialect that says more of its topics than can be seen from what devices say."""

    def channels(self, devices: Sequence[Device]) -> Iterable[Channel]:
        """Return what there is to say; `devices` are examples, one of each type.

        What else devices send, or connections subscribe to, is described by what is seen of it.
        """
        ...
