"""The control packets of MQTT 3.1.1 and 5 as values (MQTT 5.0, 3)."""

from typing import Literal

import msgspec
from attrs import field, frozen

from iotmock.mqtt.codec.properties import NO_PROPERTIES, Properties

Protocol = Literal["3.1.1", "5"]
V311: Protocol = "3.1.1"
V5: Protocol = "5"


class Message(msgspec.Struct, frozen=True, gc=False):
    """An application message.

    A msgspec struct outside the collector's care, as are the packets that carry and answer it: a
    fleet makes tens of thousands a second.
    """

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    properties: Properties = NO_PROPERTIES
    dup: bool = False
    written: bytes = b""
    """User properties that are written already (`user_property`); MQTT 3.1.1 sends none."""
    due: float = 0.0
    """For the sender's own use: when it should have gone out, Unix s."""


@frozen
class Will:
    """The message that the broker publishes when a client's connection dies."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    properties: Properties = NO_PROPERTIES


@frozen
class Subscription:
    """A topic filter and how to be served; the last three are MQTT 5 only (3.8.3.1)."""

    topic_filter: str
    qos: int = 1
    no_local: bool = False
    retain_as_published: bool = False
    retain_handling: int = 0


@frozen
class Connect:
    """CONNECT. `keep_alive` in s."""

    client_id: str
    protocol: Protocol = V5
    clean_start: bool = True
    keep_alive: int = 0
    username: str | None = None
    password: bytes | None = field(default=None, repr=False)
    will: Will | None = None
    properties: Properties = NO_PROPERTIES


@frozen
class ConnAck:
    """CONNACK."""

    session_present: bool
    reason_code: int
    properties: Properties = NO_PROPERTIES


class Publish(msgspec.Struct, frozen=True, gc=False):
    """PUBLISH. `packet_id` is None at QoS 0; with a topic alias the topic may be empty.

    `skipped` is the size in bytes of one over the maximum, whose payload was not read; else 0.
    """

    message: Message
    packet_id: int | None = None
    skipped: int = 0


class PubAck(msgspec.Struct, frozen=True, gc=False):
    """PUBACK."""

    packet_id: int
    reason_code: int = 0
    properties: Properties = NO_PROPERTIES


class PubRec(msgspec.Struct, frozen=True, gc=False):
    """PUBREC."""

    packet_id: int
    reason_code: int = 0
    properties: Properties = NO_PROPERTIES


class PubRel(msgspec.Struct, frozen=True, gc=False):
    """PUBREL."""

    packet_id: int
    reason_code: int = 0
    properties: Properties = NO_PROPERTIES


class PubComp(msgspec.Struct, frozen=True, gc=False):
    """PUBCOMP."""

    packet_id: int
    reason_code: int = 0
    properties: Properties = NO_PROPERTIES


@frozen
class Subscribe:
    """SUBSCRIBE."""

    packet_id: int
    subscriptions: tuple[Subscription, ...]
    properties: Properties = NO_PROPERTIES


@frozen
class SubAck:
    """SUBACK: a reason code for each subscription."""

    packet_id: int
    reason_codes: tuple[int, ...]
    properties: Properties = NO_PROPERTIES


@frozen
class Unsubscribe:
    """UNSUBSCRIBE."""

    packet_id: int
    topic_filters: tuple[str, ...]
    properties: Properties = NO_PROPERTIES


@frozen
class UnsubAck:
    """UNSUBACK: a reason code for each filter; none in MQTT 3.1.1."""

    packet_id: int
    reason_codes: tuple[int, ...] = ()
    properties: Properties = NO_PROPERTIES


@frozen
class PingReq:
    """PINGREQ."""


@frozen
class PingResp:
    """PINGRESP."""


@frozen
class Disconnect:
    """DISCONNECT."""

    reason_code: int = 0
    properties: Properties = NO_PROPERTIES


@frozen
class Auth:
    """AUTH, MQTT 5 only."""

    reason_code: int = 0
    properties: Properties = NO_PROPERTIES


Ack = PubAck | PubRec | PubRel | PubComp
Packet = (
    Connect
    | ConnAck
    | Publish
    | PubAck
    | PubRec
    | PubRel
    | PubComp
    | Subscribe
    | SubAck
    | Unsubscribe
    | UnsubAck
    | PingReq
    | PingResp
    | Disconnect
    | Auth
)
