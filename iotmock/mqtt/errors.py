"""What can go wrong on the wire, and whose fault it is."""


class MqttError(Exception):
    """The family of errors of this package."""


class InvalidMessage(MqttError, ValueError):  # noqa: N818 - named for what it is about
    """We were asked to send what MQTT, or this broker, does not allow; nothing was sent."""


class ProtocolError(MqttError):
    """The peer broke the protocol; `reason_code` goes into our DISCONNECT (MQTT 5.0, 4.13)."""

    reason_code = 0x82


class MalformedPacket(ProtocolError):  # noqa: N818 - the specification's term
    """The bytes of the peer are no packet (MQTT 5.0, 1.2)."""

    reason_code = 0x81


class PacketTooLarge(ProtocolError):  # noqa: N818 - the specification's term
    """The peer announced a packet over the maximum; it was not read."""

    reason_code = 0x95


class ReceiveMaximumExceeded(ProtocolError):  # noqa: N818 - the specification's term
    """The peer sent more unacknowledged messages than it may."""

    reason_code = 0x93


class ConnectFailed(MqttError):  # noqa: N818
    """No connection came about: the network, TLS or a silent peer."""


class TlsFailed(ConnectFailed):
    """The two sides agree on no TLS; another version of MQTT would not help."""


class WebSocketRefused(ConnectFailed):
    """The peer speaks no WebSocket, or not at this path."""


class AnotherProtocol(ConnectFailed):
    """The peer answered CONNECT in another protocol; the text says in which."""


class HandshakeFailed(ConnectFailed):
    """The peer closed the connection, or spoke no MQTT, before it answered CONNECT."""


class ConnectRefused(MqttError):  # noqa: N818
    """The broker answered CONNECT with a refusal."""

    def __init__(self, reason_code: int, message: str) -> None:
        super().__init__(message)
        self.reason_code = reason_code


class BadCredentials(ConnectRefused):
    """The broker does not know this user, or the password is wrong."""


class UnsupportedProtocol(ConnectRefused):
    """The broker does not speak this version of MQTT."""


class ConnectionLost(MqttError):  # noqa: N818
    """The connection has ended; why is in the text, and in `__cause__` if there was an error."""


class Unanswered(ConnectionLost):
    """The broker does not answer SUBSCRIBE or UNSUBSCRIBE.

    For whoever asked, the connection has been of no use, and is better left; it has not ended.
    """


class PublishRefused(MqttError):  # noqa: N818
    """The broker did not take a message."""

    def __init__(self, reason_code: int) -> None:
        super().__init__(f"the broker refused the message with reason code 0x{reason_code:02x}")
        self.reason_code = reason_code


class SubscribeRefused(MqttError):  # noqa: N818
    """The broker did not grant a subscription."""

    def __init__(self, topic_filter: str, reason_code: int) -> None:
        super().__init__(
            f"the broker refused the subscription {topic_filter!r} with reason code "
            f"0x{reason_code:02x}; may this user read it?"
        )
        self.topic_filter, self.reason_code = topic_filter, reason_code
