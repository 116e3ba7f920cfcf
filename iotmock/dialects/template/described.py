"""The channels of a template, as its file has them: topics with their names, what is heard."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from iotmock.actors.ports.channel import JSON, TEXT, Channel
from iotmock.dialects.channels.addresses import name_of
from iotmock.dialects.template.commands import ALL, Rule
from iotmock.dialects.template.posts import Post
from iotmock.model.device import Device

if TYPE_CHECKING:
    from iotmock.dialects.template.dialect import Template

_OUTCOME = {"outcome": "applied", "reason": None, "command": "set_power", "id": "42"}


def template_channels(template: "Template", devices: Sequence[Device]) -> Iterator[Channel]:
    """Yield them; what devices say of themselves is completed by what they are seen to say."""
    own = {name: f"attribute {name} of the template" for name in template.attributes}
    posts = [*template.births, *template.on_status, *template.data]
    for post in (*posts, *([] if template.will is None else [template.will])):
        yield Channel(post.topic.address, parameters=own)
    answers = [_answer(template, post, devices[0]) for post in template.results]
    yield from answers
    replies = tuple(one.name for one in answers)
    for topic in dict.fromkeys(rule.topic for rule in template.rules):
        rules = [rule for rule in template.rules if rule.topic == topic]
        yield _heard(rules, replies, own)


def _answer(template: "Template", post: Post, device: Device) -> Channel:
    heard = {name: "1" for rule in template.rules for name in (*rule.topic.names, *rule.take)}
    reading = device.reading_as(device.timestamp(0.0), device.status)
    voice = template.voice(device)
    said = post.say(reading, device, voice.attributes, heard | _OUTCOME)
    address = post.topic.address
    return Channel(
        address,
        name=f"{name_of(address)}Result",
        about="The outcome of a command.",
        schema=_shape(post.payload.slow),
        content_type=JSON if isinstance(post.payload.slow, dict | list) else TEXT,
        examples=() if said is None else (said,),
        parameters=dict.fromkeys(heard.keys() - template.statics, "as the command says it"),
    )


def _shape(tree: Any) -> dict[str, Any]:
    """Return what is known of a payload of which a part is repeated from what was heard."""
    if isinstance(tree, dict):
        return {"type": "object", "properties": {name: _shape(one) for name, one in tree.items()}}
    return {"type": "array"} if isinstance(tree, list) else {}


def _heard(rules: Sequence[Rule], replies: tuple[str, ...], own: Mapping[str, str]) -> Channel:
    of_json = [rule for rule in rules if any(rule.take.values())]
    schemas = [_taken(rule.take.values()) for rule in of_json]
    return Channel(
        rules[0].topic.address,
        "receive",
        about="A command to one device.",
        schema={"anyOf": schemas} if schemas else {"type": "string"},
        content_type=JSON if schemas else TEXT,
        parameters=own,
        is_command=True,
        replies=replies,
    )


def _taken(paths: Any) -> dict[str, Any]:
    """Return the schema of a JSON that has something at each of these paths."""
    below: dict[str, list[tuple[str, ...]]] = {}
    for path in paths:
        if path and path != (ALL,):
            below.setdefault(path[0], []).append(path[1:])
    if not below:
        return {}
    properties = {name: _taken(some) for name, some in below.items()}
    return {"type": "object", "properties": properties, "required": list(properties)}
