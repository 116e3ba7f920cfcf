"""`iotmock` itself: what it says of its commands, and its version."""

import os
from typing import Annotated

import typer
from typer.completion import completion_init  # type: ignore[attr-defined]

from iotmock import __version__
from iotmock.cli.lazy import lazy_group
from iotmock.cli.output import written
from iotmock.cli.table import COMMANDS

PROGRAM = "iotmock"
ASKED_TO_COMPLETE = "_IOTMOCK_COMPLETE"
"""The variable with which a shell asks how a command line goes on."""

app = typer.Typer(
    name=PROGRAM,
    cls=lazy_group(COMMANDS),
    help="A fleet of energy devices that do not exist, streaming over MQTT.",
    no_args_is_help=True,
    add_completion=False,  # `iotmock completion` prints it for whichever shell
    rich_markup_mode=None,  # rich alone would take as long as all the rest
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"iotmock {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line, or say to a shell how it goes on."""
    if os.environ.get(ASKED_TO_COMPLETE):
        completion_init()
    with written():
        app(prog_name=PROGRAM)
