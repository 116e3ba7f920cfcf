"""What CONNACK says about the connection, and whether it can stand."""

from iotmock.mqtt.codec.packets import V5, ConnAck, Packet, Protocol
from iotmock.mqtt.connection.reasons import refusal
from iotmock.mqtt.errors import ConnectRefused, ProtocolError
from iotmock.mqtt.options import ConnectOptions

_LARGEST_ANSWER = 5
"""Bytes of PUBREL or PUBCOMP with a reason code."""


def accepted(packet: Packet, options: ConnectOptions) -> ConnAck:
    """Return the first packet of a broker, where that lets us in.

    Raises:
        ProtocolError: it is no CONNACK. ConnectRefused: it says no, and why.
    """
    if not isinstance(packet, ConnAck):
        raise ProtocolError(f"{type(packet).__name__} came before CONNACK")
    if packet.reason_code != 0:
        raise refusal(packet.reason_code, packet.properties, options)
    return packet


def check_terms(connack: ConnAck, options: ConnectOptions, protocol: Protocol) -> None:
    """Check that one can go on under what the broker says.

    Raises:
        ProtocolError: it contradicts CONNECT. ConnectRefused: nothing could be sent.
    """
    if connack.session_present and options.clean_start and protocol == V5:
        raise ProtocolError("the broker goes on with a session where a new one was asked for")
    most = connack.properties.maximum_packet_size
    if most is not None and most < _LARGEST_ANSWER:
        text = f"the broker takes packets of at most {most} bytes, too few for an answer"
        raise ConnectRefused(0x95, f"{text}; raise its maximum packet size")
