"""Tables in Markdown."""

from collections.abc import Iterable, Iterator, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table, an empty one before and behind it; nothing without rows."""
    lines = [_line([_cell(text) for text in row]) for row in rows]
    if lines:
        yield from ("", _line(head), "|---" * len(head) + "|", *lines, "")


def code(text: object) -> str:
    """Return a text as it is typed."""
    return f"`{text}`" if str(text) else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
