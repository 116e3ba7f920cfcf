"""The types that expressions know, and the names that they may use."""

import ast
from collections.abc import Callable, Mapping
from enum import Enum

from attrs import frozen


class Type(Enum):
    """What a value is. `ANY` is known only when a message has come."""

    NUMBER = "a number"
    TEXT = "a text"
    TRUTH = "true or false"
    ANY = "any value"

    def takes(self, other: "Type") -> bool:
        """Say whether a value of another type can stand for one of this."""
        return self is other or Type.ANY in {self, other}


@frozen
class Name:
    """What a name stands for. `optional`: there may be no value."""

    type: Type
    node: Callable[[], ast.expr]
    """The Python for it: ours, and never the user's."""
    optional: bool = False


Scope = Mapping[str, Name]


def python(source: str) -> Callable[[], ast.expr]:
    """Return what makes the Python for a name, from our own source."""

    def node() -> ast.expr:
        return ast.parse(source, mode="eval").body

    return node
