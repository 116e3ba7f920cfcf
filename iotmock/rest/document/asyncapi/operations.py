"""Channels and operations: where something is said, by whom, and what answers it."""

from collections.abc import Iterator, Sequence
from typing import Any

from iotmock.actors.ports.channel import Channel
from iotmock.dialects.channels.addresses import parameters_of
from iotmock.rest.document.asyncapi.servers import BROKER, DEVICES, MQTT_BINDING, SERVICE

Json = dict[str, Any]
RESPONSE = "response"
"""The channel whose address is in the request: the response topic of MQTT 5."""
_MEANINGS = {
    "device_id": "the device's id",
    "name": "the device's name",
    "location": "the location, to the letter",
    "type": "the device's type",
    "profile": "the device's profile",
    "client_id": "the client id of the connection",
    "rest": "any levels",
}


def channel_of(channel: Channel, *, per_device: bool) -> Json:
    """Return a channel; its message has its name."""
    server = BROKER if not per_device else SERVICE if channel.is_of_service else DEVICES
    described: Json = {
        "address": channel.address,
        "description": channel.about,
        "servers": [{"$ref": f"#/servers/{server}"}],
        "messages": {channel.name: {"$ref": f"#/components/messages/{channel.name}"}},
    }
    parameters = {name: _parameter(name, channel) for name in parameters_of(channel.address)}
    return described | ({"parameters": parameters} if parameters else {})


def response_channel() -> Json:
    """Return the channel at the response topic of a request."""
    message = {"$ref": f"#/components/messages/{RESPONSE}"}
    about = "The outcome of a command, at the response topic that the request names (MQTT 5)."
    return {"address": None, "description": about, "messages": {RESPONSE: message}}


def operations(channels: Sequence[Channel], qos: int, *, responds: bool) -> Json:
    """Return what the service does at each channel; `qos` is that of readings.

    `responds`: to the response topic of a request, too.
    """
    found: Json = {}
    for channel in channels:
        title = channel.name[:1].upper() + channel.name[1:]
        if channel.direction == "send":
            found[f"send{title}"] = _operation(channel, qos if channel.qos is None else channel.qos)
        else:
            for number, reply in enumerate(_replies(channel, responds=responds), 1):
                ending = str(number) if number > 1 else ""
                found[f"receive{title}{ending}"] = _operation(channel, 1) | reply
    return found


def _replies(channel: Channel, *, responds: bool) -> Iterator[Json]:
    """Yield what an operation has of each answer: it may have one only."""
    for name in channel.replies:
        yield {"reply": _reply(name)}
    if channel.is_command and responds:
        address = {
            "location": "$message.header#/responseTopic",
            "description": "MQTT 5: the response topic; the correlation data comes back, too",
        }
        title = f"{channel.name}, answered at the response topic"
        yield {"title": title, "reply": {"address": address, **_reply(RESPONSE)}}
    elif not channel.replies:
        yield {}


def _reply(name: str) -> Json:
    channel = f"#/channels/{name}"
    return {"channel": {"$ref": channel}, "messages": [{"$ref": f"{channel}/messages/{name}"}]}


def _operation(channel: Channel, qos: int) -> Json:
    where = f"#/channels/{channel.name}"
    binding: Json = {"qos": qos, "bindingVersion": MQTT_BINDING}
    if channel.direction == "send":
        binding["retain"] = channel.retain
    return {
        "action": channel.direction,
        "title": channel.name,
        "summary": channel.about,
        "channel": {"$ref": where},
        "messages": [{"$ref": f"{where}/messages/{channel.name}"}],
        "bindings": {"mqtt": binding},
    }


def _parameter(name: str, channel: Channel) -> Json:
    return {"description": channel.parameters.get(name) or _MEANINGS.get(name, "any one level")}
