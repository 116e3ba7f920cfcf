"""A payload as a tree whose leaves are expressions, as one function; and what it does without one.

Where a leaf has no value (no such setting, a division by nought) it is left out, not the message.
"""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from attrs import define, field, frozen
from msgspec import UNSET

from iotmock.dialects.expressions.compiled import GOES_WRONG, compiled
from iotmock.dialects.expressions.functions import Function
from iotmock.dialects.expressions.grammar import ExpressionError, Typed
from iotmock.dialects.expressions.types import Scope, Type
from iotmock.dialects.template.names import PRELUDE
from iotmock.dialects.template.payload.leaves import leaf as read_leaf
from iotmock.dialects.template.payload.shapes import MISSING, shape

_MOST_LEAVES = 500
_MOST_DEEP = 16
_MOST_WHOLE = 1 << 63
_WRITE = "_write"
Evaluate = Callable[..., Any]


class LeafError(ExpressionError):
    """What is wrong with a leaf, and which."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(reason)
        self.text = text


@frozen
class Tree:
    """What makes a payload's content, without the leaves that have no value."""

    fast: Evaluate
    """Makes all of it, in structs of `shapes`, or its bytes."""
    slow: Any
    """The same tree with a function for each leaf."""

    def value(self, *about: Any) -> Any:
        """Return the content for a reading, a device, its attributes, what a command said."""
        try:
            return self.fast(*about)
        except GOES_WRONG:
            return self.safe(*about)

    def safe(self, *about: Any) -> Any:
        """Return the same, leaf by leaf, without those that have no value."""
        return pruned(_evaluated(self.slow, about))


@frozen
class Compiler:
    """Makes trees of what a file says: over these names and functions."""

    scope: Scope
    known: Mapping[str, Function]
    parameters: str = "r, d, a, x"

    def tree(self, content: Any, write: Evaluate | None = None) -> Tree:
        """Return what makes a payload; `write` makes its bytes of it.

        Raises:
            LeafError: an expression is none, or there is too much.
        """
        builder = Builder(self)
        part = builder.part(content)
        if write is None:
            return Tree(self.function(part.node, builder.ours), part.slow)
        return builder.written(part, write, [part.node])

    def slowly(self, slow: Any, write: Evaluate) -> Tree:
        """Return what makes bytes leaf by leaf."""
        return Tree(lambda *about: write(pruned(_evaluated(slow, about))), slow)

    def function(self, node: ast.expr, ours: Mapping[str, Any] | None = None) -> Evaluate:
        """Return a function that evaluates Python of ours."""
        return compiled(node, self.parameters, self.known, PRELUDE, ours)

    def evaluate(self, text: str, wanted: Type = Type.ANY) -> Evaluate:
        """Return what evaluates a single text.

        Raises:
            LeafError: it is no expression, or gives something else than is wanted.
        """
        found = self.leaf(text)
        if not wanted.takes(found.type):
            raise LeafError(text, f"is {found.type.value} and must be {wanted.value}")
        return self.function(found.node)

    def type_of(self, text: str) -> Type:
        """Return what a text gives.

        Raises:
            LeafError: it is no expression.
        """
        return self.leaf(text).type

    def leaf(self, text: str) -> Typed:
        """Return the Python of a text.

        Raises:
            LeafError: it is no expression.
        """
        try:
            return read_leaf(text, self.scope, self.known)
        except ExpressionError as error:
            raise LeafError(text, str(error)) from None


@frozen
class Part:
    """The Python of a part, the same with a function for each leaf; whether it may be missing."""

    node: ast.expr
    slow: Any
    optional: bool = False

    @property
    def or_missing(self) -> ast.expr:
        """The Python that gives `MISSING` for what has no value."""
        if not self.optional:
            return self.node
        kept = ast.NamedExpr(ast.Name("kept", ast.Store()), self.node)
        test = ast.Compare(kept, [ast.Is()], [ast.Constant(None)])
        return ast.IfExp(test, ast.Name(MISSING, ast.Load()), ast.Name("kept", ast.Load()))


@define
class Builder:
    """Goes through a tree, and collects what its function needs."""

    compiler: Compiler
    ours: dict[str, Any] = field(factory=lambda: {MISSING: UNSET})
    leaves: int = 0

    def written(self, part: Part, write: Evaluate, arguments: list[ast.expr]) -> Tree:
        """Return what has the bytes of a part made, from these arguments."""
        call = ast.Call(ast.Name(_WRITE, ast.Load()), arguments, [])
        return Tree(self.compiler.function(call, {**self.ours, _WRITE: write}), part.slow)

    def part(self, content: Any, deep: int = 0) -> Part:
        """Return the Python of a part of a payload.

        Raises:
            LeafError: an expression is none, or there is too much.
        """
        if deep > _MOST_DEEP or self.leaves > _MOST_LEAVES:
            raise LeafError("", f"has more than {_MOST_LEAVES} leaves, or is nested too deep")
        match content:
            case dict():
                return self._table({key: self.part(one, deep + 1) for key, one in content.items()})
            case list():
                parts = [self.part(one, deep + 1) for one in content]
                node = ast.List([part.node for part in parts], ast.Load())
                return Part(node, [part.slow for part in parts])
        self.leaves += 1
        found = self._leaf(content)
        return Part(found.node, self.compiler.function(found.node), found.optional)

    def _table(self, parts: Mapping[str, Part]) -> Part:
        name = f"_shape_{len(self.ours)}"
        try:
            self.ours[name] = shape(parts)
        except ValueError:
            raise LeafError("", "has a key with a quote, a backslash or a line break") from None
        values = [part.or_missing for part in parts.values()]
        node = ast.Call(ast.Name(name, ast.Load()), values, [])
        return Part(node, {key: part.slow for key, part in parts.items()})

    def _leaf(self, content: Any) -> Typed:
        match content:
            case str():
                return self.compiler.leaf(content)
            case bool() | int() | float():
                return Typed(ast.Constant(content), Type.ANY)
        raise LeafError(str(content), "is no text, number, true, false, table or list")


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
