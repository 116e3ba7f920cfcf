"""Messages: the schema of each, what examples there are, and what goes beside the payload."""

from collections.abc import Sequence
from typing import Any

import msgspec
from attrs import define, field

from iotmock.actors.messages import CommandResult
from iotmock.actors.ports.channel import JSON, TEXT, Channel
from iotmock.dialects.channels.examples import NOON
from iotmock.dialects.channels.payloads import schema_of, value_of
from iotmock.rest.document.asyncapi.operations import RESPONSE
from iotmock.rest.document.asyncapi.servers import MQTT_BINDING
from iotmock.rest.document.meanings import say_what_they_mean
from iotmock.verification.stamp import PROPERTY, Stamp, Stamper

Json = dict[str, Any]
_STAMP: Json = {
    "type": "string",
    "description": "run;sent;due;number;checksum;mark, and ;device where the topic does not say it "
    "(docs/explanation/verification.md)",
    "pattern": "^[^;]+(;[0-9]+){4};[^;]*(;[^;]+)?$",
}


@define
class Messages:
    """The messages of all channels, and the schemas that they refer to."""

    channels: Sequence[Channel]
    stamp: str = "off"
    """MQTT_STAMP."""
    responds: bool = True
    _schemas: dict[str, Json] = field(init=False)
    components: Json = field(init=False)
    """The schemas, by name."""

    def __attrs_post_init__(self) -> None:
        types = {one.name: one.schema for one in self.channels if _is_type(one.schema)}
        types[RESPONSE] = CommandResult
        schemas, components = msgspec.json.schema_components(
            list(types.values()), ref_template="#/components/schemas/{name}"
        )
        # AsyncAPI's discriminator is another one.
        self._schemas = {name: _plain(one) for name, one in zip(types, schemas, strict=True)}
        self.components = {name: _plain(_readable(one)) for name, one in components.items()}
        say_what_they_mean(self.components)

    def all(self) -> Json:
        """Return the messages, by the name of their channel."""
        found = {channel.name: self._message(channel) for channel in self.channels}
        if self.responds:
            found[RESPONSE] = {"name": RESPONSE, "contentType": JSON}
            found[RESPONSE]["payload"] = self._schemas[RESPONSE]
        return found

    def _message(self, channel: Channel) -> Json:
        content_type = channel.content_type or TEXT
        examples = [value_of(one, content_type) for one in channel.examples]
        schema = self._schemas.get(channel.name, channel.schema)
        message: Json = {
            "name": channel.name,
            "summary": channel.about,
            "contentType": content_type,
            "payload": schema_of(examples, content_type) if schema is None else schema,
        }
        if examples:
            message["examples"] = [{"payload": one} for one in examples]
        if (readable := channel.readable) is not None:
            for example, payload in zip(message["examples"], channel.examples, strict=True):
                example["summary"] = readable(payload)
        if channel.is_command and self.responds:
            message["bindings"] = {"mqtt": _request_binding()}
        return self._stamped(message, channel) if channel.is_data else message

    def _stamped(self, message: Json, channel: Channel) -> Json:
        stamper = Stamper("a1b2c3d4")
        stamper.begin(NOON)
        stamps = [stamper.text(Stamp(1, NOON), one).decode() for one in channel.examples]
        if self.stamp == "properties":
            message["headers"] = _with_stamp({"type": "object"})
            for example, stamp in zip(message["examples"], stamps, strict=True):
                example["headers"] = {PROPERTY: stamp}
        elif self.stamp == "json":
            message["payload"] = _with_stamp({"allOf": [message["payload"]]})
            for example, stamp in zip(message["examples"], stamps, strict=True):
                example["payload"][PROPERTY] = stamp
        return message


def _is_type(schema: Any) -> bool:
    return schema is not None and not isinstance(schema, dict)


def _with_stamp(schema: Json) -> Json:
    return schema | {"properties": {PROPERTY: _STAMP}, "required": [PROPERTY]}


def _request_binding() -> Json:
    return {
        "responseTopic": {"type": "string", "description": "where the outcome goes, too"},
        "correlationData": {"type": "string", "description": "comes back with it"},
        "bindingVersion": MQTT_BINDING,
    }


def _plain(schema: Json) -> Json:
    return {name: value for name, value in schema.items() if name != "discriminator"}


def _readable(schema: Json) -> Json:
    if "description" not in schema:
        return schema
    return schema | {"description": " ".join(schema["description"].split("\n\n")[0].split())}
