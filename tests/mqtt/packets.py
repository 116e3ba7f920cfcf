"""Hypothesis strategies for every control packet, in both versions."""

from typing import Any

from hypothesis import strategies as st

from iotmock.mqtt.codec.packets import (
    V5,
    V311,
    Auth,
    ConnAck,
    Connect,
    Disconnect,
    Message,
    PingReq,
    PingResp,
    Protocol,
    PubAck,
    PubComp,
    Publish,
    PubRec,
    PubRel,
    SubAck,
    Subscribe,
    Subscription,
    UnsubAck,
    Unsubscribe,
    Will,
)
from iotmock.mqtt.codec.properties import NO_PROPERTIES, Properties

protocols = st.sampled_from([V311, V5])
packet_ids = st.integers(1, 65_535)
byte = st.integers(0, 255)
two = st.integers(0, 65_535)
four = st.integers(0, 2**32 - 1)
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)
binary = st.binary(max_size=60)
topics = texts.map(lambda text: text.replace("+", "p").replace("#", "h") or "t")
filters = st.sampled_from(["#", "+", "a/+/b", "a/#", "energy/devices/+/commands", "ü/ß", "/", "//"])
pairs = st.lists(st.tuples(texts, texts), max_size=3).map(tuple)

_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "payload_format_indicator": st.integers(0, 1),
    "message_expiry_interval": four,
    "content_type": texts,
    "response_topic": topics,
    "correlation_data": binary,
    "session_expiry_interval": four,
    "assigned_client_identifier": texts,
    "server_keep_alive": two,
    "authentication_method": texts,
    "authentication_data": binary,
    "request_problem_information": st.integers(0, 1),
    "will_delay_interval": four,
    "request_response_information": st.integers(0, 1),
    "response_information": texts,
    "server_reference": texts,
    "reason_string": texts,
    "receive_maximum": st.integers(1, 65_535),
    "topic_alias_maximum": two,
    "topic_alias": st.integers(1, 65_535),
    "maximum_qos": st.integers(0, 1),
    "retain_available": st.integers(0, 1),
    "maximum_packet_size": st.integers(1, 2**32 - 1),
    "wildcard_subscription_available": st.integers(0, 1),
    "subscription_identifier_available": st.integers(0, 1),
    "shared_subscription_available": st.integers(0, 1),
    "subscription_identifiers": st.lists(st.integers(1, 268_435_455), max_size=3).map(tuple),
}
PUBLISH = [
    "payload_format_indicator",
    "message_expiry_interval",
    "content_type",
    "response_topic",
    "correlation_data",
]
CONNACK = [
    "session_expiry_interval",
    "assigned_client_identifier",
    "server_keep_alive",
    "authentication_method",
    "authentication_data",
    "response_information",
    "server_reference",
    "reason_string",
    "receive_maximum",
    "topic_alias_maximum",
    "maximum_qos",
    "retain_available",
    "maximum_packet_size",
    "wildcard_subscription_available",
    "subscription_identifier_available",
    "shared_subscription_available",
]
CONNECT = [
    "session_expiry_interval",
    "authentication_method",
    "authentication_data",
    "request_problem_information",
    "request_response_information",
    "receive_maximum",
    "topic_alias_maximum",
    "maximum_packet_size",
]


@st.composite
def properties(draw: st.DrawFn, protocol: Protocol, *names: str) -> Properties:
    if protocol != V5 or draw(st.booleans()):
        return NO_PROPERTIES
    chosen = draw(st.sets(st.sampled_from(names), max_size=4)) if names else set()
    values = {name: draw(_VALUES[name]) for name in sorted(chosen)}
    return Properties(user_properties=draw(pairs), **values)


@st.composite
def messages(draw: st.DrawFn, protocol: Protocol) -> Message:
    qos = draw(st.integers(0, 2))
    names = [*PUBLISH, "topic_alias", "subscription_identifiers"]
    chosen = draw(properties(protocol, *names))
    dup = draw(st.booleans()) and qos > 0
    return Message(draw(topics), draw(binary), qos, draw(st.booleans()), chosen, dup)


@st.composite
def connects(draw: st.DrawFn, protocol: Protocol) -> Connect:
    will = None
    if draw(st.booleans()):
        qos, retain = draw(st.integers(0, 2)), draw(st.booleans())
        chosen = draw(properties(protocol, "will_delay_interval", *PUBLISH))
        will = Will(draw(topics), draw(binary), qos, retain, chosen)
    username = draw(st.none() | texts)
    password = draw(st.none() | binary) if username is not None else None
    chosen = draw(properties(protocol, *CONNECT))
    client_id, keep_alive = draw(texts), draw(two)
    clean = draw(st.booleans()) or (protocol != V5 and not client_id)
    return Connect(client_id, protocol, clean, keep_alive, username, password, will, chosen)


@st.composite
def acks(draw: st.DrawFn, protocol: Protocol) -> Any:
    kind = draw(st.sampled_from([PubAck, PubRec, PubRel, PubComp]))
    if protocol != V5:
        return kind(draw(packet_ids))
    return kind(draw(packet_ids), draw(byte), draw(properties(protocol, "reason_string")))


@st.composite
def subscribing(draw: st.DrawFn, protocol: Protocol) -> Any:
    packet_id, codes = draw(packet_ids), tuple(draw(st.lists(byte, min_size=1, max_size=4)))
    chosen = draw(properties(protocol, "reason_string"))
    names = tuple(draw(st.lists(filters, min_size=1, max_size=4)))
    asked = draw(properties(protocol))
    v5 = protocol == V5
    subscriptions = tuple(
        Subscription(
            name,
            draw(st.integers(0, 2)),
            v5 and draw(st.booleans()),
            v5 and draw(st.booleans()),
            draw(st.integers(0, 2)) if v5 else 0,
        )
        for name in names
    )
    return draw(
        st.sampled_from(
            [
                Subscribe(packet_id, subscriptions, asked),
                SubAck(packet_id, codes, chosen),
                Unsubscribe(packet_id, names, asked),
                UnsubAck(packet_id, codes if v5 else (), chosen),
            ]
        )
    )


@st.composite
def endings(draw: st.DrawFn, protocol: Protocol) -> Any:
    if protocol != V5:
        return draw(st.sampled_from([PingReq(), PingResp(), Disconnect()]))
    code = draw(byte)
    left = Disconnect(code, draw(properties(protocol, "reason_string", "server_reference")))
    auth = Auth(code, draw(properties(protocol, "authentication_method", "reason_string")))
    return draw(st.sampled_from([PingReq(), PingResp(), left, auth]))


@st.composite
def connacks(draw: st.DrawFn, protocol: Protocol) -> ConnAck:
    return ConnAck(draw(st.booleans()), draw(byte), draw(properties(protocol, *CONNACK)))


@st.composite
def publishes(draw: st.DrawFn, protocol: Protocol) -> Publish:
    message = draw(messages(protocol))
    return Publish(message, draw(packet_ids) if message.qos else None)


@st.composite
def packets(draw: st.DrawFn) -> tuple[Protocol, Any]:
    protocol = draw(protocols)
    kinds = [connects, connacks, publishes, acks, subscribing, endings]
    return protocol, draw(draw(st.sampled_from(kinds))(protocol))
