"""A payload as a tree whose leaves are expressions, as one function; and what it does without one.

Where a leaf has no value (no such setting, a division by nought) it is left out, not the message.
"""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from iotmock.dialects.expressions.compiled import GOES_WRONG, compiled
from iotmock.dialects.expressions.functions import Function
from iotmock.dialects.expressions.grammar import ExpressionError, Typed
from iotmock.dialects.expressions.types import Scope, Type
from iotmock.dialects.template.leaves import leaf

_MOST_LEAVES = 500
_MOST_DEEP = 16
_MOST_WHOLE = 1 << 63
Evaluate = Callable[..., Any]


class LeafError(ExpressionError):
    """What is wrong with a leaf, and which."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(reason)
        self.text = text


@frozen
class Tree:
    """What makes a payload's content. `optional`: leaves may have no value."""

    fast: Evaluate
    slow: Any
    """The same tree with a function for each leaf."""
    optional: bool

    def value(self, *about: Any) -> Any:
        """Return the content for a reading, a device, its attributes, what a command said."""
        try:
            value = self.fast(*about)
        except GOES_WRONG:
            return self.safe(*about)
        return pruned(value) if self.optional else value

    def safe(self, *about: Any) -> Any:
        """Return the same, leaf by leaf, without those that have no value."""
        return pruned(_evaluated(self.slow, about))


@frozen
class Compiler:
    """Makes trees of what a file says: over these names and functions."""

    scope: Scope
    known: Mapping[str, Function]
    parameters: str = "r, d, a, x"

    def tree(self, content: Any) -> Tree:
        """Return what makes a payload.

        Raises:
            LeafError: an expression is none, or there is too much.
        """
        leaves: list[Typed] = []
        node, slow = self._node(content, leaves, 0)
        optional = any(one.optional for one in leaves)
        return Tree(compiled(node, self.parameters, self.known), slow, optional)

    def evaluate(self, text: str, wanted: Type = Type.ANY) -> Evaluate:
        """Return what evaluates a single text.

        Raises:
            LeafError: it is no expression, or gives something else than is wanted.
        """
        found = self._leaf(text)
        if not wanted.takes(found.type):
            raise LeafError(text, f"is {found.type.value} and must be {wanted.value}")
        return compiled(found.node, self.parameters, self.known)

    def type_of(self, text: str) -> Type:
        """Return what a text gives.

        Raises:
            LeafError: it is no expression.
        """
        return self._leaf(text).type

    def _node(self, content: Any, leaves: list[Typed], deep: int) -> tuple[ast.expr, Any]:
        if deep > _MOST_DEEP or len(leaves) > _MOST_LEAVES:
            raise LeafError("", f"has more than {_MOST_LEAVES} leaves, or is nested too deep")
        match content:
            case dict():
                parts = {key: self._node(one, leaves, deep + 1) for key, one in content.items()}
                keys: list[ast.expr | None] = [ast.Constant(key) for key in parts]
                node: ast.expr = ast.Dict(keys, [part[0] for part in parts.values()])
                return node, {key: part[1] for key, part in parts.items()}
            case list():
                items = [self._node(one, leaves, deep + 1) for one in content]
                return ast.List([item[0] for item in items], ast.Load()), [one[1] for one in items]
            case str():
                found = self._leaf(content)
            case bool() | int() | float():
                found = Typed(ast.Constant(content), Type.ANY)
            case _:
                raise LeafError(str(content), "is no text, number, true, false, table or list")
        leaves.append(found)
        return found.node, compiled(found.node, self.parameters, self.known)

    def _leaf(self, text: str) -> Typed:
        try:
            return leaf(text, self.scope, self.known)
        except ExpressionError as error:
            raise LeafError(text, str(error)) from None


def _evaluated(slow: Any, about: tuple[Any, ...]) -> Any:
    if isinstance(slow, dict):
        return {key: _evaluated(one, about) for key, one in slow.items()}
    if isinstance(slow, list):
        return [_evaluated(one, about) for one in slow]
    try:
        value = slow(*about)
    except GOES_WRONG:
        return None
    return None if isinstance(value, int) and abs(value) >= _MOST_WHOLE else value


def pruned(value: Any) -> Any:
    """Return a payload without the leaves that have no value."""
    if isinstance(value, dict):
        return {
            key: pruned(one) if isinstance(one, dict | list) else one
            for key, one in value.items()
            if one is not None
        }
    return [pruned(one) for one in value] if isinstance(value, list) else value
