"""Tables of a page."""

from collections.abc import Sequence

Row = Sequence[str]


def table(heads: Row, rows: Sequence[Row], numbers: Sequence[int] = ()) -> str:
    """Return a table; cells are HTML, the columns `numbers` are aligned to the right."""
    head = _line("th", heads, numbers)
    body = "".join(_line("td", row, numbers) for row in rows)
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>{body}</tbody></table></div>'


def _line(tag: str, cells: Row, numbers: Sequence[int]) -> str:
    sides = ["n" if at in numbers else "t" for at in range(len(cells))]
    parts = (
        f'<{tag} class="{side}">{cell}</{tag}>' for side, cell in zip(sides, cells, strict=True)
    )
    return f"<tr>{''.join(parts)}</tr>"
