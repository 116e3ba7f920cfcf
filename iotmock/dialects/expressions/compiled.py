"""From safe Python to functions: the only place where something is compiled."""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from iotmock.dialects.expressions.functions import Function, join, number_of, power_of, text_of
from iotmock.dialects.expressions.grammar import NUMBER, POWER, ROUND

JOIN, TEXT = "_join", "_text"
GOES_WRONG = (ArithmeticError, LookupError, RecursionError, TypeError, ValueError)
"""What an expression may raise when it is run, on whatever a client has sent: no value then."""


def compiled(node: ast.expr, parameters: str, known: Mapping[str, Function]) -> Callable[..., Any]:
    """Return a function of these parameters (with commas between) that evaluates `node`."""
    function = ast.parse(f"lambda {parameters}: None", mode="eval")
    assert isinstance(function.body, ast.Lambda), "it was written so"  # noqa: S101
    function.body.body = node
    code = compile(ast.fix_missing_locations(function), "<template>", "eval")
    names = {f"_{name}": one.call for name, one in known.items()}
    names |= {POWER: power_of, ROUND: round, NUMBER: number_of, JOIN: join, TEXT: text_of}
    made: Callable[..., Any] = eval(code, {"__builtins__": {}, **names})  # noqa: S307 - our own tree
    return made
