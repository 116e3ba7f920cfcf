"""How the client talks: to people, and with --json to programs."""

from collections.abc import Sequence
from typing import Any

import msgspec
import typer

from iotmock.client.errors import plain

MOST_TOLD = 20
"""Devices that are told of one by one."""


def say(text: str) -> None:
    """Print a line."""
    typer.echo(plain(text))


def say_json(value: Any) -> None:
    """Print a value as an indented document."""
    typer.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


def say_table(headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: int) -> None:
    """Print rows below their headings; the last `numbers` columns are numbers."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    left = len(headings) - numbers
    for row in (headings, *rows):
        cells = [
            cell.ljust(width) if at < left else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        say("  ".join(cells).rstrip())


def counted(count: int, what: str) -> str:
    """Return a number with its noun."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
