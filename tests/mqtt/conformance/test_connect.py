"""CONNECT, byte by byte (MQTT 5.0, 3.1; MQTT 3.1.1, 3.1)."""

from typing import Any

import pytest

from iotmock.mqtt import V5, V311, ConnectOptions, InvalidMessage, Message, Protocol, Session, Will
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import Connect
from iotmock.mqtt.connection.connection import Connection

both = pytest.mark.parametrize("protocol", [V311, V5])
FLAGS = 9
"""Where the flags of CONNECT are."""


def connect(protocol: Protocol, **fields: Any) -> bytes:
    return encode(Connect(fields.pop("client_id", "me"), protocol, **fields), protocol)


@both
def test_connect_is_the_first_packet_and_goes_out_once(protocol: Protocol) -> None:
    connection = Connection(ConnectOptions("me"), Session(), protocol)
    assert connection.drain()[0] == 0x10
    connection.publish([Message("t", b"")])
    assert connection.drain()[0] >> 4 == 3


@pytest.mark.parametrize(("protocol", "level"), [(V311, 4), (V5, 5)])
def test_the_protocol_has_its_name_and_level(protocol: Protocol, level: int) -> None:
    assert connect(protocol)[2:9] == b"\x00\x04MQTT" + bytes((level,))


@both
def test_the_reserved_flag_is_zero_and_a_flag_stands_for_each_field(protocol: Protocol) -> None:
    empty = connect(protocol, clean_start=False)
    assert empty[FLAGS] == 0
    assert empty.endswith(b"\x00\x02me")
    will = Will("w", b"gone")
    for fields, flags, end in (
        ({"clean_start": True}, 0x02, b"\x00\x02me"),
        ({"username": "u"}, 0x82, b"\x00\x02me\x00\x01u"),
        ({"username": "u", "password": b"p"}, 0xC2, b"\x00\x01u\x00\x01p"),
        ({"will": will}, 0x06, b"\x00\x01w\x00\x04gone"),
    ):
        data = connect(protocol, **fields)
        assert data[FLAGS] == flags
        assert data.endswith(end)


@both
def test_a_will_has_its_qos_and_retain_and_none_has_neither(protocol: Protocol) -> None:
    for qos in (0, 1, 2):
        for retain in (False, True):
            data = connect(protocol, will=Will("w", b"", qos, retain))
            assert data[FLAGS] == 0x06 | qos << 3 | retain << 5
    assert connect(protocol)[FLAGS] & 0x3C == 0


@both
def test_a_will_of_qos_3_is_not_sent(protocol: Protocol) -> None:
    with pytest.raises(InvalidMessage, match="QoS 3"):
        connect(protocol, will=Will("w", b"", 3))


def test_fields_come_in_their_order() -> None:
    fields = {"will": Will("w", b"gone"), "username": "u", "password": b"p"}
    order = (b"\x00\x02me", b"\x00\x01w", b"\x00\x04gone", b"\x00\x01u", b"\x00\x01p")
    assert connect(V311, **fields)[12:] == b"".join(order)
    no_properties = b"\x00"
    assert connect(V5, **fields)[12:] == no_properties + order[0] + no_properties + b"".join(
        order[1:]
    )


@both
def test_an_empty_client_id_is_sent_as_such(protocol: Protocol) -> None:
    assert connect(protocol, client_id="").endswith(b"\x00\x00")


def test_an_empty_client_id_in_3_1_1_has_no_session_to_go_on_with() -> None:
    with pytest.raises(InvalidMessage, match="without an id"):
        connect(V311, client_id="", clean_start=False)
    assert connect(V5, client_id="", clean_start=False)[FLAGS] == 0


def test_a_password_in_3_1_1_needs_a_user_name() -> None:
    with pytest.raises(InvalidMessage, match="without a user name"):
        connect(V311, password=b"p")
    assert connect(V5, password=b"p")[FLAGS] == 0x42


@both
@pytest.mark.parametrize("topic", ["", "a/#", "\ud800"])
def test_a_will_needs_a_topic_that_is_one(protocol: Protocol, topic: str) -> None:
    with pytest.raises(InvalidMessage):
        connect(protocol, will=Will(topic, b""))
