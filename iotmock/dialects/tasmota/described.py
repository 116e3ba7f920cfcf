"""The channels of Tasmota, with what is not seen of what devices say of themselves."""

from collections.abc import Iterator

from iotmock.actors.ports.channel import JSON, TEXT, Channel
from iotmock.dialects.tasmota import topics

_DEVICE, _MAC = "{device_id}", "{mac}"
_PARAMETERS = {
    "mac": "twelve hexadecimal digits that are no other device's",
    "command": "a command of Tasmota's, in any case, or one of iotmock's",
    "number": "the number of the status that was asked for",
}


def tasmota_channels() -> Iterator[Channel]:
    """Yield them."""
    for name, about in (("config", "What a device is."), ("sensors", "What it measures.")):
        address = topics.discovery(_MAC, name)
        yield Channel(address, name=f"{name}Discovery", about=about, parameters=_PARAMETERS)
    yield Channel(topics.tele(_DEVICE, "SENSOR"), name="sensor", about="Each reading.")
    yield Channel(topics.tele(_DEVICE, "STATE"), name="state", about="At connect and on changes.")
    yield Channel(topics.tele(_DEVICE, "LWT"), name="lwt", about="Whether the device is there.")
    yield _answer("RESULT", "result", b'{"POWER":"ON"}', "The outcome of a command.")
    yield _answer("POWER", "power", b"ON", "How the relay stands after a command.", TEXT)
    short = b'{"Status":{"Topic":"mock-hvac-001","Power":1}}'
    yield _answer("STATUS", "shortStatus", short, "What was asked for with Status 0, in short.")
    yield _answer(
        "STATUS{number}",
        "status",
        b'{"StatusTIM":{"UTC":"2026-01-01T12:00:00Z","Local":"2026-01-01T13:00:00"}}',
        "What was asked for with Status.",
    )
    yield Channel(
        topics.commands_of(_DEVICE).replace("+", "{command}"),
        "receive",
        name="command",
        about="A command to one device, or a question how it is.",
        schema={"type": "string"},
        content_type=TEXT,
        examples=(b"ON",),
        parameters=_PARAMETERS,
        is_command=True,
        replies=("result", "power", "shortStatus", "status"),
    )


def _answer(level: str, name: str, example: bytes, about: str, content: str = JSON) -> Channel:
    address = topics.stat(_DEVICE, level)
    return Channel(
        address,
        name=name,
        about=about,
        content_type=content,
        examples=(example,),
        parameters=_PARAMETERS,
    )
