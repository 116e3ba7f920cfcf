"""Tables of a page."""

from collections.abc import Sequence

Row = Sequence[str]


def table(heads: Row, rows: Sequence[Row], numbers: Sequence[int] = ()) -> str:
    """Return a table; cells are HTML, the columns `numbers` are aligned to the right."""
    return f'<div class="scroll">{_table(heads, rows, numbers)}</div>'


def folded(heads: Row, rows: Sequence[Row], numbers: Sequence[int] = ()) -> str:
    """Return a table that is opened where it is wanted, and scrolled with arrow keys as well."""
    inner = _table(heads, rows, numbers)
    reached = 'tabindex="0" role="group" aria-label="values"'
    return (
        "<details><summary>as a table</summary>"
        f'<div class="scroll" {reached}>{inner}</div></details>'
    )


def _table(heads: Row, rows: Sequence[Row], numbers: Sequence[int]) -> str:
    head = _line("th", heads, numbers)
    body = "".join(_line("td", row, numbers) for row in rows)
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"


def _line(tag: str, cells: Row, numbers: Sequence[int]) -> str:
    sides = ["n" if at in numbers else "t" for at in range(len(cells))]
    parts = (_cell(tag, side, cell) for side, cell in zip(sides, cells, strict=True))
    return f"<tr>{''.join(parts)}</tr>"


def _cell(tag: str, side: str, cell: str) -> str:
    named = tag if cell else "td"  # a heading that says nothing is none
    return f'<{named} class="{side}">{cell}</{named}>'
