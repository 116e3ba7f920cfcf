"""How the file of a template looks: its tables and keys (docs/how-to/dialects.md)."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(max_length=2_000)]
Qos = Annotated[int, Meta(ge=0, le=2)]
Format = Literal["json", "influx", "csv", "text"]


class PostFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message: where it goes and what is in it. Without `qos`, data has MQTT_QOS, all else 1."""

    topic: Text
    payload: Any
    format: Format = "json"
    qos: Qos | None = None
    retain: bool = False
    when: Text | None = None


class CommandFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is heard at a topic, and which command that is."""

    topic: Text
    command: Text
    parameters: Any = {}
    take: dict[str, Text] = {}
    """Names for what is in the payload: `$` is its text, `$.` its JSON, `$.a.b` a field there."""
    when: Text | None = None
    id: Text | None = None
    subscribe: Text | None = None
    """What to subscribe to, where the platform takes no other filter than this."""


Posts = Annotated[list[PostFile], Meta(max_length=50)]


class BrokerFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the platform's broker asks for; a start with other settings is refused."""

    connections: Literal["any", "per-device"] = "any"
    most_qos: Qos = 2
    protocol: Literal["any", "3.1.1"] = "any"
    tls: bool = False
    own_topics_only: bool = False
    """Whether it ends a connection over which something else is said, as the service's status."""


class TemplateFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A template."""

    data: Annotated[list[PostFile], Meta(min_length=1, max_length=50)]
    about: Text = ""
    broker: BrokerFile = BrokerFile()
    attributes: dict[str, Text] = {}
    births: Posts = []
    status: Posts = []
    will: PostFile | None = None
    commands: Annotated[list[CommandFile], Meta(max_length=50)] = []
    results: Posts = []
