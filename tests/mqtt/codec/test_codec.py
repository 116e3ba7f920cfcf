"""The codec by itself: round trips, arbitrary splits, bytes that are no packets."""

import contextlib
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iotmock.mqtt import InvalidMessage, MalformedPacket, PacketTooLarge, Properties, ProtocolError
from iotmock.mqtt.codec.decoder import Decoder
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import (
    V5,
    V311,
    Message,
    Packet,
    PingReq,
    Protocol,
    PubAck,
    Publish,
)
from iotmock.mqtt.codec.wire_types import MAXIMUM_LENGTH, Reader, write_length
from tests.mqtt.packets import packets


def decode(data: bytes, protocol: Protocol, maximum_size: int = 1 << 28) -> list[Packet]:
    return list(Decoder(protocol, maximum_size).feed(data))


@given(packets())
def test_a_packet_survives_the_wire(case: tuple[Protocol, Packet]) -> None:
    protocol, packet = case
    assert decode(encode(packet, protocol), protocol) == [packet]


def test_many_properties_cost_no_more_each_than_few() -> None:
    """The time of 100,000 grew with their square: one message stopped the service for 35 s."""
    many = Properties(user_properties=(("", ""),) * 100_000)
    data = encode(Publish(Message("t", b"", 0, properties=many)), V5)
    began = time.process_time()
    assert decode(data, V5) == [Publish(Message("t", b"", 0, properties=many))]
    assert time.process_time() - began < 8.0


@given(st.lists(packets(), max_size=5), st.sampled_from([V311, V5]), st.integers(1, 7))
def test_packets_may_come_in_pieces(
    cases: list[tuple[Protocol, Packet]], protocol: Protocol, size: int
) -> None:
    sent = [packet for version, packet in cases if version == protocol]
    data = b"".join(encode(packet, protocol) for packet in sent)
    decoder, received = Decoder(protocol), list[Packet]()
    for start in range(0, len(data), size):
        received += decoder.feed(data[start : start + size])
    assert received == sent


@pytest.mark.parametrize("protocol", [V311, V5])
@pytest.mark.parametrize("puback", [PubAck(7), PubAck(65_535, 0x10), PubAck(258, 0x97)])
def test_a_puback_that_comes_alone_is_what_the_decoder_makes_of_it(
    puback: PubAck, protocol: Protocol
) -> None:
    data = encode(puback, protocol)
    assert Decoder(protocol).puback(data) == decode(data, protocol)[0]
    assert Decoder(protocol).puback(data + data) is None
    assert Decoder(protocol).puback(data[:-1]) is None


@given(packets())
def test_no_other_packet_is_taken_for_a_puback_that_comes_alone(
    case: tuple[Protocol, Packet],
) -> None:
    protocol, packet = case
    found = Decoder(protocol).puback(encode(packet, protocol))
    assert found is None or found == packet


@given(st.integers(0, MAXIMUM_LENGTH))
def test_a_length_survives_the_wire(value: int) -> None:
    data = write_length(value)
    assert Reader(data).length() == value
    assert len(data) <= 4


@settings(max_examples=200)
@given(st.binary(max_size=64), st.sampled_from([V311, V5]))
def test_arbitrary_bytes_are_packets_or_a_protocol_error(data: bytes, protocol: Protocol) -> None:
    with contextlib.suppress(ProtocolError):
        decode(data, protocol, 1 << 20)


def corpus() -> list[tuple[Protocol, bytes]]:
    found: list[tuple[Protocol, bytes]] = []

    @settings(max_examples=300, database=None, derandomize=True)
    @given(packets())
    def collect(case: tuple[Protocol, Packet]) -> None:
        protocol, packet = case
        found.append((protocol, encode(packet, protocol)))

    collect()
    return found


def mutate(data: bytes, rng: random.Random) -> bytes:
    mutant = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(len(mutant))
        match rng.randrange(4):
            case 0:
                mutant[place] = rng.randrange(256)
            case 1:
                mutant[place] ^= 1 << rng.randrange(8)
            case 2:
                mutant.insert(place, rng.randrange(256))
            case 3 if len(mutant) > 2:
                del mutant[place]
    return bytes(mutant)


def test_a_hundred_thousand_mutants_raise_nothing_but_protocol_errors() -> None:
    rng, sources = random.Random(20251123), corpus()
    refused = 0
    for _ in range(100_000):
        protocol, data = rng.choice(sources)
        try:
            decode(mutate(data, rng), protocol, 1 << 20)
        except ProtocolError:
            refused += 1
    assert 10_000 < refused < 100_000


def test_a_packet_over_the_maximum_is_refused_when_its_header_is_read() -> None:
    decoder = Decoder(V5, maximum_size=1000)
    with pytest.raises(PacketTooLarge):
        list(decoder.feed(b"\x30" + write_length(MAXIMUM_LENGTH)))


def test_a_packet_of_the_maximum_is_read() -> None:
    data = encode(Publish(Message("t", b"x" * 991)), V5)
    assert len(data) == 998
    assert decode(data, V5, 998)
    with pytest.raises(PacketTooLarge):
        decode(data, V5, 997)


def test_a_fifth_byte_of_length_is_malformed() -> None:
    with pytest.raises(MalformedPacket):
        decode(b"\x30\xff\xff\xff\xff\x01", V5)


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00",  # type 0
        b"\xf0\x00",  # AUTH is not in 3.1.1
        b"\xc1\x00",  # PINGREQ with flags
        b"\x36\x05\x00\x01t\x00\x01",  # QoS 3
        b"\x38\x03\x00\x01t",  # DUP at QoS 0
        b"\x32\x05\x00\x01t\x00\x00",  # packet identifier 0
        b"\x30\x03\x00\x01#",  # wildcard in a topic name
        b"\x30\x03\x00\x01\x00",  # U+0000
        b"\x30\x03\x00\x01\xff",  # not UTF-8
        b"\x30\x05\x00\x03\xed\xa0\x80",  # a surrogate
        b"\x82\x02\x00\x01",  # SUBSCRIBE without a filter
        b"\x82\x06\x00\x01\x00\x01a\x03",  # QoS 3 asked for
        b"\x20\x02\x02\x00",  # CONNACK with reserved flags
        b"\x40\x01\x00",  # PUBACK cut short
        b"\x40\x03\x00\x01\x00\x00"[:5],  # PUBACK with too much
    ],
)
def test_what_the_specification_forbids_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(data, V311)


@pytest.mark.parametrize(
    "data",
    [
        b"\x30\x05\x00\x01t\x02\x01",  # property cut short
        b"\x30\x08\x00\x01t\x04\x01\x00\x01\x00",  # twice
        b"\x30\x06\x00\x01t\x02\x24\x01",  # maximum QoS in PUBLISH
        b"\x30\x07\x00\x01t\x03\x23\x00\x00",  # topic alias 0
        b"\x30\x03\x00\x00\x00",  # neither topic nor alias
        b"\x30\x06\x00\x01t\x02\x7e\x01",  # unknown
    ],
)
def test_properties_that_do_not_belong_are_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(data, V5)


@pytest.mark.parametrize("topic", ["", "a/+", "#", "a\x00b", "x" * 65_536, "\ud800"])
def test_a_topic_that_can_not_be_sent_is_refused_here(topic: str) -> None:
    with pytest.raises(InvalidMessage):
        encode(Publish(Message(topic, b"")), V5)


def test_a_ping_is_two_bytes() -> None:
    assert encode(PingReq(), V5) == b"\xc0\x00"
