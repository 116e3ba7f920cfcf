"""How the client talks: to people, to programs with --json, and about what went wrong."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def say(text: str) -> None:
    """Print a line; of a text from elsewhere, nothing that a terminal would act upon."""
    typer.echo(text if text.isprintable() else ascii(text)[1:-1])


def say_json(value: Any) -> None:
    """Print a value as an indented document."""
    import msgspec  # noqa: PLC0415 - when it runs, not when its help is asked for

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


@contextmanager
def errors_as_a_line() -> Iterator[None]:
    """End with one line and an exit code where the client comes to nothing.

    1 is a refusal of the service, 2 that it could not be asked.
    """
    from iotmock.client.errors import ClientError  # noqa: PLC0415
    from iotmock.settings import SettingsError  # noqa: PLC0415

    try:
        yield
    except SettingsError as error:
        _end(error, 2)
    except ClientError as error:
        _end(error, error.exit_code)
    except BrokenPipeError:
        # Whoever read has enough, as `head` has; Python would complain of it at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end(error: Exception, code: int) -> None:
    typer.echo(f"iotmock: {error}", err=True)
    raise typer.Exit(code)
