"""What Telegraf makes of a message by the shipped configuration, as far as that uses json_v2."""

import json
import re
import tomllib
from datetime import datetime
from typing import Any

from attrs import frozen

from tests.repository import ROOT

CONFIGURATION = tomllib.loads((ROOT / "deploy/observability/telegraf/telegraf.conf").read_text())
INPUTS = {one["alias"]: one for one in CONFIGURATION["inputs"]["mqtt_consumer"]}
_RFC_3339 = "2006-01-02T15:04:05Z07:00"
"""As Go writes a layout; when it reads, seconds may have a fraction."""
_TYPES = {"float": float, "string": str}


@frozen
class Point:
    """A row of InfluxDB; `time` is Unix s."""

    measurement: str
    tags: dict[str, str]
    fields: dict[str, float | str]
    time: float


def input_of(topic: str) -> Any:
    """Return the input whose filter a topic matches."""
    (found,) = [
        one for one in INPUTS.values() if any(_matches(topic, filter_) for filter_ in one["topics"])
    ]
    return found


def _matches(topic: str, filter_: str) -> bool:
    return re.fullmatch(filter_.replace("+", "[^/]+"), topic) is not None


def point(topic: str, payload: str) -> Point:
    """Return the point of a message.

    Source: Telegraf's json_v2 parser: a path without a match is an error unless it is optional, a
    null is left out.
    """
    source = input_of(topic)
    (parser,) = source["json_v2"]
    message = json.loads(payload)
    tags = {one["path"]: str(message[one["path"]]) for one in parser["tag"]}
    assert parser["timestamp_format"] == _RFC_3339
    moment = datetime.fromisoformat(message[parser["timestamp_path"]]).timestamp()
    return Point(source["name_override"], tags | _regex(tags), _fields(parser, message), moment)


def _fields(parser: Any, message: Any) -> dict[str, float | str]:
    fields = {}
    for one in parser["field"]:
        if one["path"] not in message:
            assert one.get("optional"), one
        elif message[one["path"]] is not None:
            fields[one["path"]] = _TYPES[one["type"]](message[one["path"]])
    return fields


def _regex(tags: dict[str, str]) -> dict[str, str]:
    (processor,) = CONFIGURATION["processors"]["regex"]
    (rule,) = processor["tags"]
    replacement = rule["replacement"].replace("${1}", r"\g<1>")
    return {rule["result_key"]: re.sub(rule["pattern"], replacement, tags[rule["key"]], count=1)}


def schema(measurement: str) -> tuple[set[str], set[str]]:
    """Return the tags and the fields that points of a measurement can have."""
    (parser,) = INPUTS[measurement]["json_v2"]
    (rule,) = CONFIGURATION["processors"]["regex"][0]["tags"]
    tags = {one["path"] for one in parser["tag"]} | {rule["result_key"]}
    return tags, {one["path"] for one in parser["field"]}
