"""What a template hears: topics and payloads that mean a command, as iotmock has it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import msgspec
from attrs import define, field, frozen

from iotmock.actors.messages import IncomingCommand
from iotmock.actors.ports.dialect import Heard
from iotmock.dialects.expressions.compiled import GOES_WRONG
from iotmock.dialects.expressions.types import Type
from iotmock.dialects.template.payload.tree import Compiler, Evaluate, LeafError, Tree
from iotmock.dialects.template.schema import CommandFile
from iotmock.dialects.template.topics import Topic
from iotmock.wording.no_json import NO_JSON

_NOTHING = object()
_MOST_KEPT = 256
_MOST_TEXT = 1_000
ALL = "$."
DEVICE_ID = "device_id"


class _MissingError(LookupError):
    """A payload has not what a rule takes of it."""


@define(eq=False)
class Payload:
    """What has arrived; its JSON is read once, however many rules look for something in it."""

    content: bytes
    _json: Any = None
    _is_read: bool = False

    def at(self, path: tuple[str, ...]) -> Any:
        """Return what is at a path; the whole as a text where it is empty; `$.` is its JSON.

        Raises:
            _MissingError: there is nothing.
        """
        if not path:
            return self.content[:_MOST_TEXT].decode(errors="replace")
        value = self._read()
        if path == (ALL,):
            return {} if value is None else value
        for name in path:
            value = value.get(name, _NOTHING) if isinstance(value, dict) else _NOTHING
        if value is _NOTHING:
            raise _MissingError
        return value

    def _read(self) -> Any:
        if not self._is_read:
            self._is_read = True
            with suppress(*NO_JSON):
                self._json = msgspec.json.decode(self.content)
        return self._json


@frozen
class Rule:
    """One row of a template's commands."""

    topic: Topic
    take: Mapping[str, tuple[str, ...]]
    command: Evaluate
    parameters: Tree
    when: Evaluate | None
    id: Evaluate | None
    wanted: Topic | None = None
    """What to subscribe to in place of what fits the topic."""
    match: Callable[[str], dict[str, str] | None] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "match", self.topic.matcher())

    def filter(self, values: Mapping[str, object]) -> str:
        """Return what to subscribe to, for a device or, without values, for all."""
        return self.topic.filter(values) if self.wanted is None else self.wanted.of(values)

    def said(self, found: Mapping[str, str], payload: "Payload") -> dict[str, Any] | None:
        """Return what topic and payload say; None: it is no command by this rule."""
        try:
            values = {name: payload.at(path) for name, path in self.take.items()}
        except _MissingError:
            return None
        said = {**found, **values}
        try:
            return said if self.when is None or self.when(said) is True else None
        except GOES_WRONG:
            return None

    def request(self, said: Mapping[str, Any]) -> bytes:
        """Return the command as iotmock has it, in JSON.

        Raises:
            ArithmeticError, LookupError, RecursionError, TypeError, ValueError: an expression has
                no value, or one that JSON can not have.
        """
        content = {"command": self.command(said), "parameters": self.parameters.value(said)}
        if self.id is not None:
            content["id"] = str(self.id(said))[:64]
        return msgspec.json.encode(content)


def rule(file: CommandFile, where: Topic, compiler: Compiler) -> Rule:
    """Return the rule that a file describes.

    Raises:
        LeafError: an expression is none, or a path is.
    """
    take = {name: _path(text) for name, text in file.take.items()}
    when = None if file.when is None else compiler.evaluate(file.when, Type.TRUTH)
    id_ = None if file.id is None else compiler.evaluate(file.id)
    command = compiler.evaluate(file.command, Type.TEXT)
    return Rule(where, take, command, compiler.tree(file.parameters), when, id_)


def _path(text: str) -> tuple[str, ...]:
    first, *rest = text.split(".")
    if text == ALL:
        return (ALL,)
    if first != "$" or not all(rest):
        raise LeafError(
            text, "must be $ for the payload's text, $. for its JSON, or $.a.b for a field of that"
        )
    return tuple(rest)


def incoming(rule: Rule, heard: Heard, device_id: str, said: Mapping[str, Any]) -> IncomingCommand:
    """Return a command to a device; what can not be evaluated is refused in its answer."""
    refusal = heard.refusal
    try:
        request = rule.request(said)
    except GOES_WRONG as error:
        why = "it is too deep" if isinstance(error, RecursionError) else error
        request, refusal = b'{"command":""}', f"the payload does not fit the template: {why}"
    return IncomingCommand(
        device_id,
        request,
        heard.reply_topic,
        heard.correlation,
        refusal,
        heard.topic,
        small(said),
    )


def small(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an answer may repeat: it waits for the answer, so it is not large."""
    return {name: one for name, one in said.items() if _is_small(one)}


def _is_small(value: Any) -> bool:
    return len(value) <= _MOST_KEPT if isinstance(value, str) else isinstance(value, int | float)
