"""How a command of the client ends that came to nothing: one line, and an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from iotmock.cli.refusals import one_line_errors

_REFUSED = 1


@contextmanager
def told_in_a_line() -> Iterator[None]:
    """End with 1 where the service said no, with 2 where it could not be asked."""
    from iotmock.client.errors import ClientError, RefusedError
    from iotmock.settings.errors import SettingsError

    with one_line_errors((ClientError, SettingsError), "iotmock: "):
        try:
            yield
        except RefusedError as error:
            typer.echo(f"iotmock: {error}", err=True)
            raise typer.Exit(_REFUSED) from error


def end(ok: bool) -> None:
    """End the process with 1 unless all was done."""
    if not ok:
        raise typer.Exit(_REFUSED)
