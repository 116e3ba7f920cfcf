"""`iotmock` itself: what it says of its commands, and its version."""

from typing import Annotated

import typer

from iotmock import __version__
from iotmock.cli.lazy import lazy_group
from iotmock.cli.table import COMMANDS

app = typer.Typer(
    name="iotmock",
    cls=lazy_group(COMMANDS),
    help="A fleet of energy devices that do not exist, streaming over MQTT.",
    no_args_is_help=True,
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
    """Run the command line."""
    app()
