"""How the file of a template looks: its tables and keys (docs/dialects.md)."""

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
    """Names for what is in the payload: `$` is all of it, `$.a.b` a field of its JSON."""
    when: Text | None = None
    id: Text | None = None


Posts = Annotated[list[PostFile], Meta(max_length=50)]


class TemplateFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A template."""

    data: Annotated[list[PostFile], Meta(min_length=1, max_length=50)]
    about: Text = ""
    connections: Literal["any", "per-device"] = "any"
    attributes: dict[str, Text] = {}
    births: Posts = []
    status: Posts = []
    will: PostFile | None = None
    commands: Annotated[list[CommandFile], Meta(max_length=50)] = []
    results: Posts = []
