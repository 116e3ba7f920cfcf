"""What a benchmark hands back: a title, how it was measured, and rows."""

from collections.abc import Iterable

from attrs import frozen

Cell = str | int | float
Row = dict[str, Cell]


@frozen
class Table:
    """The rows of one benchmark; all have the same columns."""

    title: str
    method: str
    rows: list[Row]

    def __str__(self) -> str:
        texts = [list(self.rows[0]), *([_text(cell) for cell in row.values()] for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
        lines = [_line(cells, widths) for cells in texts]
        return "\n".join(
            (f"## {self.title}", "", self.method, "", lines[0], _rule(widths), *lines[1:])
        )


def _text(cell: Cell) -> str:
    return f"{cell:,.2f}" if isinstance(cell, float) else str(cell)


def _line(cells: Iterable[str], widths: Iterable[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _rule(widths: Iterable[int]) -> str:
    return _line(("-" * width for width in widths), widths)
