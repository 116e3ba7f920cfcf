"""Topics with names in braces: written for a device, subscribed to, and recognised."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from attrs import frozen

from iotmock.dialects.expressions.grammar import ExpressionError
from iotmock.dialects.template.payload.leaves import pieces
from iotmock.wording.topics import can_be_level, can_be_sent_to, part_of_topic

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_MOST_HEARD = 64
_MOST_MATCHED = 1_000
"""Characters of a topic: several names in a level take time by its square and more."""


@frozen
class Topic:
    """Pieces of a topic; the names among them stand for a device's values, or for what is heard."""

    parts: tuple[tuple[bool, str], ...]

    @property
    def names(self) -> frozenset[str]:
        """The names in it."""
        return frozenset(text for is_name, text in self.parts if is_name)

    @property
    def address(self) -> str:
        """It as it is described: its names in braces, as in the file."""
        return "".join(f"{{{text}}}" if is_name else text for is_name, text in self.parts)

    def of(self, values: Mapping[str, object]) -> str:
        """Return it with the values of its names.

        None of these makes it one that can not be sent to: empty, or the broker's own (`$SYS`).
        """
        made = "".join(_part(values[text]) if is_name else text for is_name, text in self.parts)
        begins_with_name = self.parts[0][0]
        return "_" + made[1:] if begins_with_name and made[:1] in {"", "$"} else made

    def filter(self, values: Mapping[str, object]) -> str:
        """Return what to subscribe to, where some names have values and others stand for any."""
        filled = "".join(
            text if not is_name else _part(values[text]) if text in values else "+"
            for is_name, text in self.parts
        )
        return "/".join("+" if "+" in level else level for level in filled.split("/"))

    def matcher(self) -> Callable[[str], dict[str, str] | None]:
        """Return what finds the names in a topic that has arrived, or None where it is another."""
        seen, pattern = set[str](), ""
        for is_name, text in self.parts:
            if not is_name:
                pattern += re.escape(text)
            elif text in seen:
                pattern += f"(?P={text})"
            else:
                seen.add(text)
                pattern += f"(?P<{text}>[^/]*)"
        fits = re.compile(pattern).fullmatch

        def match(topic: str) -> dict[str, str] | None:
            found = fits(topic) if len(topic) <= _MOST_MATCHED else None
            return None if found is None else found.groupdict()

        return match


def topic(text: str, known: Collection[str], *, takes_new: bool = False) -> Topic:
    """Return a topic; with `takes_new` unknown names are what is heard there.

    Raises:
        ExpressionError: it is no topic, or a name is unknown.
    """
    parts = tuple(pieces(text))
    for is_name, piece in parts:
        if not is_name and not can_be_sent_to(piece):
            raise ExpressionError(
                "has + or #, or a control character; write a {name} for a level that may be "
                "anything"
            )
        if is_name and not (piece in known or (takes_new and NAME.fullmatch(piece))):
            known_ones = ", ".join(sorted(known))
            raise ExpressionError(f"has the unknown name {piece[:40]!r}; known are {known_ones}")
    if not text or (text[0] == "$" and not takes_new and not text.startswith(("$aws", "$iothub"))):
        raise ExpressionError("is no topic that devices may send to")
    return Topic(parts)


def _part(value: object) -> str:
    return part_of_topic(str(value))


def topic_filter(text: str, known: Collection[str]) -> Topic:
    """Return a filter, with # as its last level, in which names have values.

    Raises:
        ExpressionError: it is none, or a name is unknown.
    """
    below = text.removesuffix("/#")
    parts = topic(below, known, takes_new=True).parts
    new = {piece for is_name, piece in parts if is_name} - set(known)
    if new or below == text:
        raise ExpressionError(
            "must end in /#, and may have names of the device where each has its own connection"
        )
    return Topic((*parts, (False, "/#")))


def can_be_said(value: Any) -> bool:
    """Say whether what a client has said may stand in a topic: one level, and nothing special."""
    text = str(value)
    return len(text) <= _MOST_HEARD and can_be_level(text) and "$" not in text
