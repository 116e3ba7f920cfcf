"""A text in a template: as it stands, one expression in braces, or both mixed."""

import ast
import re
from collections.abc import Iterator, Mapping

from iotmock.dialects.expressions.compiled import JOIN
from iotmock.dialects.expressions.functions import Function
from iotmock.dialects.expressions.grammar import ExpressionError, Typed, parse
from iotmock.dialects.expressions.types import Scope, Type

MOST_CHARACTERS = 2_000
_PIECES = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[^{}]+|.", re.DOTALL)


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the pieces of a text, and whether each is an expression.

    Raises:
        ExpressionError: the text is too long, or a brace is alone.
    """
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(f"has more than {MOST_CHARACTERS} characters")
    for piece in _PIECES.findall(text):
        if piece in {"{{", "}}"}:
            yield False, piece[0]
        elif piece in {"{", "}"}:
            raise ExpressionError(f"has a {piece} alone; write {piece}{piece} for the character")
        elif piece[0] == "{":
            yield True, piece[1:-1]
        else:
            yield False, piece


def leaf(text: str, scope: Scope, known: Mapping[str, Function]) -> Typed:
    """Return the Python of a text: what its only expression gives, or all of it as a text.

    Raises:
        ExpressionError: an expression in it is none.
    """
    found = list(pieces(text))
    if len(found) == 1 and found[0][0]:
        return parse(found[0][1], scope, known)
    if not any(is_expression for is_expression, _ in found):
        return Typed(ast.Constant("".join(piece for _, piece in found)), Type.TEXT)
    parts = [
        parse(piece, scope, known).node if is_expression else ast.Constant(piece)
        for is_expression, piece in found
    ]
    return Typed(ast.Call(ast.Name(JOIN, ast.Load()), parts, []), Type.TEXT)
