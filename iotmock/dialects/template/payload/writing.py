"""What makes the bytes of a message: one function of reading, device, attributes, what was said."""

import ast
from functools import partial
from typing import Any

from iotmock.dialects.template.payload.formats import Write
from iotmock.dialects.template.payload.influx import are_plain, line
from iotmock.dialects.template.payload.tree import Builder, Compiler, Part, Tree

_TIME = "time"


def written(form: str, content: Any, write: Write, compiler: Compiler) -> Tree:
    """Return it for a payload in this format; `write` makes bytes of what has no quicker way.

    Raises:
        LeafError: an expression is none, or there is too much.
    """
    if form != "influx":
        return compiler.tree(content, write)
    builder = Builder(compiler)
    parts = {key: builder.part(one) for key, one in content.items()}
    whole = Part(ast.Constant(None), {key: part.slow for key, part in parts.items()})
    fields = {key: builder.part(one) for key, one in content["fields"].items()}
    if not are_plain({key: part.node for key, part in fields.items()}):
        return compiler.slowly(whole.slow, write)
    names = tuple(content.get("tags", ()))
    tags = [builder.part(content["tags"][name]).node for name in names]
    time = parts[_TIME].node if _TIME in parts else ast.Constant(None)
    arguments = [parts["measurement"].node, ast.Tuple(tags, ast.Load()), parts["fields"].node, time]
    return builder.written(whole, partial(line, names), arguments)
