"""From safe Python to functions: the only place where something is compiled."""

import ast
from collections.abc import Callable, Mapping
from math import floor
from typing import Any

from iotmock.dialects.expressions.functions import Function, join, number_of, power_of, text_of
from iotmock.dialects.expressions.grammar import FLOOR, NUMBER, POWER, ROUND

JOIN, TEXT = "_join", "_text"
GOES_WRONG = (ArithmeticError, LookupError, RecursionError, TypeError, ValueError)
"""What an expression may raise when it is run, on whatever a client has sent: no value then."""
_OURS = {
    POWER: power_of,
    ROUND: round,
    FLOOR: floor,
    NUMBER: number_of,
    JOIN: join,
    TEXT: text_of,
}


def compiled(
    node: ast.expr,
    parameters: str,
    known: Mapping[str, Function],
    prelude: Mapping[str, str] | None = None,
    ours: Mapping[str, Any] | None = None,
) -> Callable[..., Any]:
    """Return a function of these parameters (with commas between) that evaluates `node`.

    `prelude` are names with the Python that gives them a value, once, where `node` has them;
    `ours` are values that `node` has by their names.
    """
    used = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    kept = {name: text for name, text in (prelude or {}).items() if name in used}
    before = "".join(f"    {name} = {text}\n" for name, text in kept.items())
    module = ast.parse(f"def made({parameters}):\n{before}    return None")
    function = module.body[0]
    assert isinstance(function, ast.FunctionDef), "it was written so"  # noqa: S101
    function.body[-1] = ast.Return(node)
    names = {f"_{name}": one.call for name, one in known.items()} | _OURS | dict(ours or {})
    space: dict[str, Any] = {"__builtins__": {}, **names}
    exec(compile(ast.fix_missing_locations(module), "<template>", "exec"), space)  # noqa: S102 - ours
    made: Callable[..., Any] = space["made"]
    return made
