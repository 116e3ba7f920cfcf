"""What a user can mend is told on one line, without a traceback."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

BAD_INPUT = 2


@contextmanager
def one_line_errors(mendable: tuple[type[Exception], ...], prefix: str = "") -> Iterator[None]:
    """Turn what a user can mend into a line on stderr, and exit code 2."""
    try:
        yield
    except mendable as error:
        _refuse(f"{prefix}{error}", error)
    except BrokenPipeError:
        _let_go_of_stdout()  # `| head` has seen enough
        raise typer.Exit from None
    except OSError as error:
        _refuse(f"{prefix}{error.filename}: {error.strerror}", error)


def _let_go_of_stdout() -> None:
    # Else Python tries once more at its exit, complains of the same and ends with 120.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse(sentence: str, error: Exception) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(BAD_INPUT) from error
