"""What a user can mend is told on one line, without a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from iotmock.cli.output import is_of_output, let_go_of_stdout
from iotmock.files.reasons import reason
from iotmock.wording.quoted import one_line, quoted

BAD_INPUT = 2


@contextmanager
def one_line_errors(mendable: tuple[type[Exception], ...], prefix: str = "") -> Iterator[None]:
    """Turn what a user can mend into a line on stderr, and exit code 2."""
    try:
        yield
    except mendable as error:
        _refuse(f"{prefix}{error}", error)
    except BrokenPipeError:
        let_go_of_stdout()  # `| head` has seen enough
        raise typer.Exit from None
    except OSError as error:
        if is_of_output(error):
            raise
        _refuse(f"{prefix}{quoted(str(error.filename))}: {reason(error)}", error)


def _refuse(sentence: str, error: Exception) -> None:
    for line in sentence.split("\n"):
        typer.echo(one_line(line), err=True)
    raise typer.Exit(BAD_INPUT) from error
