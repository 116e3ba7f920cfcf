"""Runs a notebook as a reader would, from top to bottom, and leaves its pictures.

    python -m tests.docs.notebook examples/notebook.ipynb build/notebook

Its cells are Python alone, so neither Jupyter nor a kernel is needed for that.
"""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt


def cells(notebook: Path) -> Iterator[dict[str, Any]]:
    """Yield the cells of a notebook."""
    yield from json.loads(notebook.read_text(encoding="utf-8"))["cells"]


def run(notebook: Path, pictures: Path) -> dict[str, Any]:
    """Run its code, print what each cell is at its end, and return its names."""
    pictures.mkdir(parents=True, exist_ok=True)
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells(notebook):
        if cell["cell_type"] == "code":
            _run_cell("".join(cell["source"]), cell["id"], names)
            for number in plt.get_fignums():
                plt.figure(number).savefig(pictures / f"{cell['id']}.png", dpi=80)
            plt.close("all")
    return names


def _run_cell(source: str, name: str, names: dict[str, Any]) -> None:
    tree = ast.parse(source, name)
    last = tree.body[-1]
    if isinstance(last, ast.Expr):
        tree.body[-1] = ast.parse("_ = None").body[0]
        assert isinstance(tree.body[-1], ast.Assign)
        tree.body[-1].value = last.value
        ast.fix_missing_locations(tree)
    exec(compile(tree, name, "exec"), names)
    if isinstance(last, ast.Expr) and names["_"] is not None:
        sys.stdout.write(f"{names['_']}\n")


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
