"""From the text of an expression to Python that can do nothing else than it says.

What a user writes is parsed, never run: a tree of our own is built from the few nodes that are
allowed, with types, and only that tree is compiled.
"""

import ast
import warnings
from collections.abc import Callable, Mapping
from itertools import pairwise

from attrs import define, field, frozen

from iotmock.dialects.expressions.functions import Function
from iotmock.dialects.expressions.types import Name, Scope, Type
from iotmock.wording.words import meant

MOST_CHARACTERS = 300
_MOST_DEEP = 20
_MOST_NUMBER = 1e15
_MOST_EXPONENT = 10
_MOST_DIGITS = 15
_ALLOWED = (
    "numbers, 'texts', true, false, none, names, + - * / // % **, == != < <= > >=, and, or, not, "
    "a if b else c, and calls of functions"
)
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod)
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_CONSTANTS = {"true": True, "false": False, "none": None}
_JOIN = '; join texts as in "{a}-{b}"'
POWER, NUMBER, ROUND, FLOOR = "_power_of", "_number_of", "_round_at_once", "_floor"


class ExpressionError(ValueError):
    """A text is no expression: why, and what is allowed."""


@frozen
class Typed:
    """Python that is safe to run, and what it gives. `optional`: perhaps nothing."""

    node: ast.expr
    type: Type
    optional: bool = False


def parse(text: str, scope: Scope, known: Mapping[str, Function]) -> Typed:
    """Return the Python of an expression.

    Raises:
        ExpressionError: it is none, or has more in it than is allowed.
    """
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(f"has more than {MOST_CHARACTERS} characters")
    reader = _Reader(scope, known)
    found = reader.read(_tree(text.strip()), 0)
    if found.optional or reader.chooses or not reader.optionals:
        return found
    # Without an exception: a fleet in which half have no such setting would raise one a message.
    missing: list[ast.expr] = [
        ast.Compare(name.node(), [ast.Is()], [ast.Constant(None)]) for name in reader.optionals
    ]
    test = missing[0] if len(missing) == 1 else ast.BoolOp(ast.Or(), missing)
    guarded = ast.IfExp(test, ast.Constant(None), found.node)
    return Typed(guarded, found.type, optional=True)


def _tree(text: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(f"is no expression ({error.msg}); allowed are {_ALLOWED}") from None
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise ExpressionError(f"is no expression; allowed are {_ALLOWED}") from None


@define
class _Reader:
    """Goes through a tree, one method a kind of node."""

    scope: Scope
    known: Mapping[str, Function]
    optionals: list[Name] = field(factory=list)
    """Names that it has met and that may have no value."""
    chooses: bool = False
    """Whether parts may not be asked for."""

    def read(self, node: ast.expr, deep: int) -> Typed:
        if deep > _MOST_DEEP:
            raise ExpressionError(f"is nested more than {_MOST_DEEP} deep")
        reader: Callable[..., Typed] | None = _READERS.get(type(node))
        if reader is None:
            raise ExpressionError(f"has {_what(node)}; allowed are {_ALLOWED}")
        return reader(self, node, deep + 1)

    def constant(self, node: ast.Constant, deep: int) -> Typed:  # noqa: ARG002
        value = node.value
        if isinstance(value, str):
            return Typed(ast.Constant(value), Type.TEXT)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if not abs(value) <= _MOST_NUMBER:
                raise ExpressionError(f"has a number beyond {_MOST_NUMBER:g}")
            return Typed(ast.Constant(value), Type.NUMBER)
        raise ExpressionError(f"has {str(value)[:20]}; allowed are {_ALLOWED}")

    def name(self, node: ast.Name, deep: int) -> Typed:  # noqa: ARG002
        name = node.id
        if (found := self.scope.get(name)) is not None:
            if found.optional:
                self.optionals.append(found)
            return Typed(found.node(), found.type, found.optional)
        if name in _CONSTANTS:
            value = _CONSTANTS[name]
            kind = Type.ANY if value is None else Type.TRUTH
            return Typed(ast.Constant(value), kind, value is None)
        known = ", ".join(sorted(self.scope))
        hint = meant(name[:40], self.scope)
        raise ExpressionError(f"has the unknown name {name[:40]!r}{hint}; known are {known}")

    def unary(self, node: ast.UnaryOp, deep: int) -> Typed:
        of = self.read(node.operand, deep)
        wanted = Type.TRUTH if isinstance(node.op, ast.Not) else Type.NUMBER
        if isinstance(node.op, ast.Invert):
            raise ExpressionError(f"has ~; allowed are {_ALLOWED}")
        safe = self._need(of, wanted, "not" if wanted is Type.TRUTH else "a sign")
        return Typed(ast.UnaryOp(node.op, safe), wanted)

    def binary(self, node: ast.BinOp, deep: int) -> Typed:
        left, right = (
            self._need(self.read(side, deep), Type.NUMBER, "arithmetic", _JOIN)
            for side in (node.left, node.right)
        )
        if isinstance(node.op, ast.Pow):
            return Typed(self._power(left, right), Type.NUMBER)
        if not isinstance(node.op, _ARITHMETIC):
            raise ExpressionError(f"has {_what(node.op)}; allowed are {_ALLOWED}")
        return Typed(ast.BinOp(left, node.op, right), Type.NUMBER)

    def _power(self, base: ast.expr, exponent: ast.expr) -> ast.expr:
        match exponent:
            case ast.Constant(value=value) | ast.UnaryOp(operand=ast.Constant(value=value)):
                if isinstance(value, int | float) and value <= _MOST_EXPONENT:
                    return _call(POWER, [base, exponent])
        raise ExpressionError(f"has an exponent that is no number up to {_MOST_EXPONENT}")

    def both(self, node: ast.BoolOp, deep: int) -> Typed:
        self.chooses = True
        parts = [self.read(value, deep) for value in node.values]
        for part in parts:
            self._need(part, Type.TRUTH, "and, or")
        optional = any(part.optional for part in parts)
        return Typed(ast.BoolOp(node.op, [part.node for part in parts]), Type.TRUTH, optional)

    def compare(self, node: ast.Compare, deep: int) -> Typed:
        parts = [self.read(one, deep) for one in (node.left, *node.comparators)]
        for operator, (left, right) in zip(node.ops, pairwise(parts), strict=True):
            self._comparable(operator, left, right)
        rest = [part.node for part in parts[1:]]
        return Typed(ast.Compare(parts[0].node, node.ops, rest), Type.TRUTH)

    def _comparable(self, operator: ast.cmpop, left: Typed, right: Typed) -> None:
        if isinstance(operator, _ORDER):
            for side in (left, right):
                self._need(side, Type.NUMBER, "< <= > >=")
        elif not isinstance(operator, ast.Eq | ast.NotEq):
            raise ExpressionError(f"has {_what(operator)}; allowed are {_ALLOWED}")
        elif not left.type.takes(right.type):
            raise ExpressionError(f"compares {left.type.value} with {right.type.value}")

    def choice(self, node: ast.IfExp, deep: int) -> Typed:
        self.chooses = True
        test = self.read(node.test, deep)
        self._need(test, Type.TRUTH, "if")
        yes, no = self.read(node.body, deep), self.read(node.orelse, deep)
        kind = yes.type if yes.type is no.type else Type.ANY
        chosen = ast.IfExp(test.node, yes.node, no.node)
        return Typed(chosen, kind, yes.optional or no.optional)

    def call(self, node: ast.Call, deep: int) -> Typed:
        usages = ", ".join(one.usage for one in self.known.values())
        name = node.func.id if isinstance(node.func, ast.Name) else None
        found = None if name is None else self.known.get(name)
        if found is None:
            raise ExpressionError(f"calls what is no function; functions are {usages}")
        if node.keywords or not found.needs <= len(node.args) <= len(found.takes):
            raise ExpressionError(f"calls {name} otherwise than as {found.usage}")
        given = [
            self._need(self.read(argument, deep), wanted, found.usage)
            for argument, wanted in zip(node.args, found.takes, strict=False)
        ]
        if name == "round" and (digits := _digits(given[1:])) is not None:
            return Typed(_rounded(given[0], digits), found.gives)
        return Typed(_call(f"_{name}", given), found.gives)

    def _need(self, given: Typed, wanted: Type, where: str, advice: str = "") -> ast.expr:
        if not wanted.takes(given.type):
            reason = f"needs {wanted.value} and has {given.type.value} at {where}{advice}"
            raise ExpressionError(reason)
        if wanted is Type.NUMBER and given.type is Type.ANY:
            return _call(NUMBER, [given.node])  # a text times a number has no bound
        return given.node


_READERS: Mapping[type[ast.expr], Callable[..., Typed]] = {
    ast.Constant: _Reader.constant,
    ast.Name: _Reader.name,
    ast.UnaryOp: _Reader.unary,
    ast.BinOp: _Reader.binary,
    ast.BoolOp: _Reader.both,
    ast.Compare: _Reader.compare,
    ast.IfExp: _Reader.choice,
    ast.Call: _Reader.call,
}


def _call(name: str, arguments: list[ast.expr]) -> ast.expr:
    return ast.Call(ast.Name(name, ast.Load()), arguments, [])


def _digits(given: list[ast.expr]) -> int | None:
    """Return the digits to round to, if they are known and few."""
    match given:
        case []:
            return 0
        case [ast.Constant(value=int(count))] if 0 <= count <= _MOST_DIGITS:
            return count
    return None


def _rounded(number: ast.expr, digits: int) -> ast.expr:
    if not digits:
        return _call(ROUND, [number])
    # Python's own goes by way of a text, and takes four times as long.
    scale = ast.Constant(10.0**digits)
    shifted = ast.BinOp(ast.BinOp(number, ast.Mult(), scale), ast.Add(), ast.Constant(0.5))
    return ast.BinOp(_call(FLOOR, [shifted]), ast.Div(), scale)


def _what(node: ast.AST) -> str:
    return f"a {type(node).__name__.lower()}"
