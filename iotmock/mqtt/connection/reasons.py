"""What reason codes mean, in words that say what to do (MQTT 5.0, 2.4; MQTT 3.1.1, 3.2.2.3)."""

from iotmock.mqtt.codec.properties import NO_PROPERTIES, Properties
from iotmock.mqtt.errors import BadCredentials, ConnectRefused, UnsupportedProtocol
from iotmock.mqtt.options import ConnectOptions

_MOST_SAID = 200
"""Characters of a text of the broker that are said."""
_VERSION_CODES = {0x01, 0x84}
_CREDENTIAL_CODES = {0x04, 0x05, 0x86}
_NAMES = {
    0x02: "the client id was rejected",
    0x03: "the broker is unavailable",
    0x80: "unspecified error",
    0x81: "malformed packet",
    0x82: "protocol error",
    0x83: "implementation specific error",
    0x85: "the client id is not valid",
    0x87: "not authorized",
    0x88: "the broker is unavailable",
    0x89: "the broker is busy",
    0x8A: "the client is banned",
    0x8B: "the broker is shutting down",
    0x8C: "bad authentication method",
    0x8D: "the keep-alive time ran out",
    0x8F: "the topic filter is not valid",
    0x90: "the topic name is not valid",
    0x91: "the packet identifier is in use",
    0x93: "more unacknowledged messages than the broker takes",
    0x94: "the topic alias is not valid",
    0x95: "a packet was too large for the broker",
    0x96: "the broker takes no more messages a second",
    0x97: "a quota of the broker is exceeded",
    0x98: "an administrator ended the connection",
    0x99: "the payload has not the format that it should",
    0x9A: "the broker retains no messages",
    0x9B: "the broker does not know this QoS",
    0x9C: "use another server",
    0x9D: "the server has moved",
    0x9E: "the broker has no shared subscriptions",
    0x9F: "too many connections a second; see MQTT_CONNECT_RATE",
    0xA0: "the broker ends connections after a while",
    0xA1: "the broker has no subscription identifiers",
    0xA2: "the broker has no wildcard subscriptions",
}


def name_of(code: int) -> str:
    """Return what a reason code says."""
    return _NAMES.get(code, f"reason code 0x{code:02x}")


def explain(code: int, said: Properties = NO_PROPERTIES, client_id: str = "") -> str:
    """Return what a reason code says, and what the broker says beside it."""
    text = name_of(code)
    if code == 0x8E:
        text = (
            f"another client with the same client id {client_id!r} has connected; "
            "give each its own (MQTT_CLIENT_ID)"
        )
    if said.server_reference is not None:
        text += f", to {_shown(said.server_reference)}; set MQTT_BROKER_HOST"
    if said.reason_string is not None:
        text += f"; the broker says {_shown(said.reason_string)}"
    return text


def _shown(text: str) -> str:
    return repr(text[:_MOST_SAID])


def refusal(code: int, said: Properties, options: ConnectOptions) -> ConnectRefused:
    """Return the error for a CONNACK with this reason code."""
    if code in _VERSION_CODES:
        return UnsupportedProtocol(code, "the broker does not speak this version of MQTT")
    if code in _CREDENTIAL_CODES:
        return BadCredentials(
            code, f"the broker refused user {options.username!r}: unknown or wrong password"
        )
    text = explain(code, said, options.client_id)
    if code == 0x87:
        return BadCredentials(code, f"the broker refused user {options.username!r}: {text}")
    return ConnectRefused(code, f"the broker refused the connection: {text}")
