"""The codec against encodings that nobody here wrote: those of mqtt5 and of paho."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import mqtt5
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties as PahoProperties

from iotmock.mqtt.codec.decoder import Decoder
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import (
    V5,
    V311,
    Auth,
    ConnAck,
    Connect,
    Disconnect,
    Message,
    Packet,
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
from iotmock.mqtt.codec.properties import Properties
from tests.patience import SLACK

USER = [("key", "value"), ("key", "ü")]
_PUBLISHED: dict[str, Any] = {
    "payload_format_indicator": 1,
    "message_expiry_interval": 60,
    "content_type": "application/json",
    "response_topic": "re/ply",
    "correlation_data": b"\x00\x01",
}
PAIRS: list[tuple[Any, Packet]] = [
    (
        mqtt5.ConnectPacket("me", keep_alive=30, clean_start=True),
        Connect("me", V5, clean_start=True, keep_alive=30),
    ),
    (
        mqtt5.ConnectPacket(
            "ü",
            username="user",
            password=b"\x00secret",
            will=mqtt5.Will(
                "will/topic",
                payload=b"gone",
                qos=mqtt5.QoS.AT_LEAST_ONCE,
                retain=True,
                will_delay_interval=5,
                user_properties=USER,
                **_PUBLISHED,
            ),
            session_expiry_interval=300,
            request_response_info=True,
            receive_max=10,
            topic_alias_max=7,
            max_packet_size=1000,
            user_properties=USER,
        ),
        Connect(
            "ü",
            V5,
            clean_start=False,
            username="user",
            password=b"\x00secret",
            will=Will(
                "will/topic",
                b"gone",
                1,
                True,
                Properties(will_delay_interval=5, user_properties=tuple(USER), **_PUBLISHED),
            ),
            properties=Properties(
                session_expiry_interval=300,
                request_response_information=1,
                receive_maximum=10,
                topic_alias_maximum=7,
                maximum_packet_size=1000,
                user_properties=tuple(USER),
            ),
        ),
    ),
    (mqtt5.ConnAckPacket(session_present=True), ConnAck(True, 0)),
    (
        mqtt5.ConnAckPacket(
            reason_code=mqtt5.ConnAckReasonCode.NOT_AUTHORIZED,
            assigned_client_id="you",
            server_keep_alive=9,
            reason_str="no",
            receive_max=20,
            topic_alias_max=3,
            max_qos=mqtt5.QoS.AT_LEAST_ONCE,
            retain_available=False,
            max_packet_size=99,
            user_properties=USER,
        ),
        ConnAck(
            False,
            0x87,
            Properties(
                assigned_client_identifier="you",
                server_keep_alive=9,
                reason_string="no",
                receive_maximum=20,
                topic_alias_maximum=3,
                maximum_qos=1,
                retain_available=0,
                maximum_packet_size=99,
                user_properties=tuple(USER),
            ),
        ),
    ),
    (mqtt5.PublishPacket("a/b", b"payload"), Publish(Message("a/b", b"payload"))),
    (
        mqtt5.PublishPacket(
            "a/b",
            b"p" * 20_000,
            qos=mqtt5.QoS.EXACTLY_ONCE,
            retain=True,
            packet_id=65_535,
            duplicate=True,
            topic_alias=4,
            subscription_ids=[1, 268_435_455],
            user_properties=USER,
            **_PUBLISHED,
        ),
        Publish(
            Message(
                "a/b",
                b"p" * 20_000,
                2,
                True,
                Properties(
                    topic_alias=4,
                    subscription_identifiers=(1, 268_435_455),
                    user_properties=tuple(USER),
                    **_PUBLISHED,
                ),
                dup=True,
            ),
            65_535,
        ),
    ),
    (mqtt5.PubAckPacket(7), PubAck(7)),
    (
        mqtt5.PubAckPacket(7, reason_code=mqtt5.PubAckReasonCode.QUOTA_EXCEEDED, reason_str="full"),
        PubAck(7, 0x97, Properties(reason_string="full")),
    ),
    (mqtt5.PubRecPacket(7), PubRec(7)),
    (mqtt5.PubRelPacket(7), PubRel(7)),
    (
        mqtt5.PubCompPacket(7, reason_code=mqtt5.PubCompReasonCode.PACKET_ID_NOT_FOUND),
        PubComp(7, 0x92),
    ),
    (
        mqtt5.SubscribePacket(
            9,
            [
                mqtt5.TopicFilter("a/#", max_qos=mqtt5.QoS.AT_LEAST_ONCE),
                mqtt5.TopicFilter(
                    "+/b",
                    no_local=True,
                    retain_as_published=False,
                    retain_handling=mqtt5.RetainHandling.SEND_NEVER,
                ),
            ],
            user_properties=USER,
        ),
        Subscribe(
            9,
            (
                Subscription("a/#", 1, retain_as_published=True),
                Subscription("+/b", 2, no_local=True, retain_handling=2),
            ),
            Properties(user_properties=tuple(USER)),
        ),
    ),
    (
        mqtt5.SubAckPacket(
            9,
            [
                mqtt5.SubAckReasonCode.GRANTED_QOS_AT_LEAST_ONCE,
                mqtt5.SubAckReasonCode.NOT_AUTHORIZED,
            ],
        ),
        SubAck(9, (1, 0x87)),
    ),
    (mqtt5.UnsubscribePacket(9, ["a/#", "+"]), Unsubscribe(9, ("a/#", "+"))),
    (
        mqtt5.UnsubAckPacket(9, [mqtt5.UnsubAckReasonCode.NO_SUBSCRIPTION_EXISTED]),
        UnsubAck(9, (17,)),
    ),
    (mqtt5.PingReqPacket(), PingReq()),
    (mqtt5.PingRespPacket(), PingResp()),
    (mqtt5.DisconnectPacket(), Disconnect()),
    (
        mqtt5.DisconnectPacket(
            reason_code=mqtt5.DisconnectReasonCode.SESSION_TAKEN_OVER, server_reference="there"
        ),
        Disconnect(0x8E, Properties(server_reference="there")),
    ),
    (
        mqtt5.AuthPacket(
            reason_code=mqtt5.AuthReasonCode.CONTINUE_AUTHENTICATION,
            authentication_method="m",
            authentication_data=b"d",
        ),
        Auth(0x18, Properties(authentication_method="m", authentication_data=b"d")),
    ),
]


@pytest.mark.parametrize(("theirs", "ours"), PAIRS, ids=lambda value: type(value).__name__)
def test_mqtt5_and_we_read_each_other(theirs: Any, ours: Packet) -> None:
    assert list(Decoder(V5).feed(theirs.write())) == [ours]
    assert mqtt5.read(memoryview(encode(ours, V5)))[0] == theirs


class Peer:
    """A broker of a few lines, in a thread, that speaks through our codec to paho."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.raw, self.packets = bytearray(), list[Packet]()
        self.told = threading.Condition()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        self.socket, _ = self.listener.accept()
        decoder = Decoder(self.protocol)
        with self.socket:
            while data := self.socket.recv(65_536):
                self.raw += data
                for packet in decoder.feed(data):
                    self.answer(packet)

    def answer(self, packet: Packet) -> None:
        match packet:
            case Connect():
                self.send(ConnAck(False, 0))
            case Subscribe(packet_id=packet_id):
                self.send(SubAck(packet_id, (0,) * len(packet.subscriptions)))
            case Unsubscribe(packet_id=packet_id):
                self.send(UnsubAck(packet_id, (0,) if self.protocol == V5 else ()))
            case Publish(packet_id=packet_id) if packet_id is not None:
                again = PubAck if packet.message.qos == 1 else PubRec
                self.send(again(packet_id))
            case PubRel(packet_id=packet_id):
                self.send(PubComp(packet_id))
            case PubRec(packet_id=packet_id):
                self.send(PubRel(packet_id))
        with self.told:
            self.packets.append(packet)
            self.told.notify_all()

    def send(self, packet: Packet) -> None:
        self.socket.sendall(encode(packet, self.protocol))

    def wait_for(self, kind: type, count: int = 1) -> list[Any]:
        def of_kind() -> list[Any]:
            return [packet for packet in self.packets if isinstance(packet, kind)]

        with self.told:
            assert self.told.wait_for(lambda: len(of_kind()) >= count, timeout=10 * SLACK)
        return of_kind()


@contextmanager
def paho_and_peer(protocol: Protocol) -> Iterator[tuple[paho.Client, Peer, list[Any]]]:
    peer, arrived = Peer(protocol), list[Any]()
    version = paho.MQTTv5 if protocol == V5 else paho.MQTTv311
    client = paho.Client(CallbackAPIVersion.VERSION2, "paho", protocol=version)
    client.username_pw_set("user", "secret")
    client.will_set("will/topic", b"gone", 1, retain=True)
    client.on_message = lambda _client, _data, message: arrived.append(message)
    client.connect("127.0.0.1", peer.listener.getsockname()[1], keepalive=60)
    client.loop_start()
    try:
        yield client, peer, arrived
    finally:
        client.disconnect()
        peer.thread.join(10 * SLACK)
        client.loop_stop()
        peer.listener.close()


@pytest.mark.parametrize("protocol", [V311, V5])
def test_what_paho_says_is_read_and_written_as_it_says_it(protocol: Protocol) -> None:
    with paho_and_peer(protocol) as (client, peer, _):
        peer.wait_for(Connect)
        client.subscribe("a/#", 1)
        client.unsubscribe("a/#")
        sent = [client.publish("a/b", b"payload", qos, retain=qos == 1) for qos in (0, 1, 2)]
        for one in sent:
            one.wait_for_publish(10 * SLACK)
    connect = peer.wait_for(Connect)[0]
    assert (connect.username, connect.password) == ("user", b"secret")
    assert connect.will == Will("will/topic", b"gone", 1, True)
    assert isinstance(peer.packets[-1], Disconnect)
    assert b"".join(encode(packet, protocol) for packet in peer.packets) == bytes(peer.raw)


@pytest.mark.parametrize("protocol", [V311, V5])
def test_what_we_say_is_read_by_paho(protocol: Protocol) -> None:
    chosen = Properties(content_type="text", user_properties=tuple(USER))
    with paho_and_peer(protocol) as (client, peer, arrived):
        client.subscribe("a/#", 2)
        peer.wait_for(Subscribe)
        for qos in (0, 1, 2):
            properties = chosen if protocol == V5 else Properties()
            message = Message(f"a/{qos}", b"%d" % qos * 200, qos, False, properties)
            peer.send(Publish(message, qos or None))
        peer.wait_for(PubAck)
        peer.wait_for(PubComp)
    assert [(m.topic, m.payload, m.qos) for m in arrived] == [
        (f"a/{qos}", b"%d" % qos * 200, qos) for qos in (0, 1, 2)
    ]
    if protocol == V5:
        assert arrived[1].properties.UserProperty == USER


def test_pahos_properties_are_ours() -> None:
    theirs: Any = PahoProperties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    theirs.ContentType, theirs.CorrelationData = "text", b"\x01"
    theirs.UserProperty = USER
    theirs.MessageExpiryInterval = 70_000
    ours = Properties(
        content_type="text",
        correlation_data=b"\x01",
        user_properties=tuple(USER),
        message_expiry_interval=70_000,
    )
    data = b"\x00\x01t" + theirs.pack()
    (packet,) = Decoder(V5).feed(bytes((0x30, len(data))) + data)
    assert packet == Publish(Message("t", b"", properties=ours))
