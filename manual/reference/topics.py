"""MQTT: every topic of the native words, by the service's AsyncAPI document."""

from collections.abc import Iterator
from typing import Any

from manual.reference.schema import fields, kind
from manual.reference.service import told
from manual.reference.tables import code

Json = dict[str, Any]

_SEEN_FROM_HERE = {"send": "The service sends it", "receive": "The service hears it"}


def lines() -> Iterator[str]:
    """Yield the section."""
    document = told().asyncapi
    yield "## Every topic"
    yield "As `/asyncapi.json` has them with the settings' defaults; other settings, other topics."
    how = {kind(one["channel"]): one for one in reversed(document["operations"].values())}
    for name, channel in document["channels"].items():
        yield from ("", f"### {code(channel.get('address') or name)}", "")
        yield from (channel.get("description", ""), "", _how(how.get(name, {})), "")
        for message in channel["messages"].values():
            yield from _payload(document, kind(message))


def _how(operation: Json) -> str:
    if not operation:
        return ""
    mqtt = operation.get("bindings", {}).get("mqtt", {})
    retained = ", retained" if mqtt.get("retain") else ""
    return f"{_SEEN_FROM_HERE[operation['action']]}, QoS {mqtt.get('qos', 1)}{retained}."


def _payload(document: Json, name: str) -> Iterator[str]:
    payload = document["components"]["messages"][name].get("payload", {})
    if "$ref" in payload:
        payload = document["components"]["schemas"][kind(payload)]
    yield from fields(payload)
