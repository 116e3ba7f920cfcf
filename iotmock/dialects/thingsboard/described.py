"""The channels of the gateway API: devices are in the payloads."""

from collections.abc import Iterator

from iotmock.actors.ports.channel import JSON, Channel
from iotmock.dialects.thingsboard import topics

_REQUEST = {
    "type": "object",
    "properties": {
        "device": {"type": "string"},
        "data": {
            "type": "object",
            "properties": {"id": {"type": "integer"}, "method": {"type": "string"}, "params": {}},
            "required": ["id", "method"],
        },
    },
    "required": ["device", "data"],
}


def gateway_channels() -> Iterator[Channel]:
    """Yield them."""
    yield Channel(topics.CONNECT, name="connect", about="A device is there.")
    yield Channel(topics.DISCONNECT, name="disconnect", about="A device is there no more.")
    yield Channel(topics.ATTRIBUTES, name="attributes", about="How a device is and is set.")
    yield Channel(topics.TELEMETRY, name="telemetry", about="Each reading.")
    yield Channel(
        topics.RPC,
        name="rpcAnswer",
        about="The outcome of a command.",
        content_type=JSON,
        examples=(b'{"device":"mock-hvac-001","id":7,"data":{"success":true}}',),
    )
    yield Channel(
        topics.RPC,
        "receive",
        name="rpc",
        about="A command to one device.",
        schema=_REQUEST,
        content_type=JSON,
        examples=(
            b'{"device":"mock-hvac-001","data":{"id":7,"method":"set_enabled","params":false}}',
        ),
        is_command=True,
        replies=("rpcAnswer",),
    )
