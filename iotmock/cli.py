"""The command line."""

import os
from collections.abc import Callable
from typing import Annotated, TypeVar

import trio
import typer

from iotmock import __version__
from iotmock.actors.errors import leaves
from iotmock.history.commands import app as history
from iotmock.ledger.commands import app as faults
from iotmock.log import say_what_was_held_back, set_up_logging
from iotmock.log_limit import LimitedHandler
from iotmock.model.families import DeviceTypeEntryPointError
from iotmock.mqtt.embedded import EmbeddedBrokerError
from iotmock.service import ServiceError, serve_until_signal
from iotmock.settings import Settings, SettingsError, read_settings
from iotmock.soak.commands import app as soak
from iotmock.storage import RegistryFileError

app = typer.Typer(
    name="iotmock",
    help="A fleet of energy devices that do not exist, streaming over MQTT.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(history)
app.add_typer(faults)
app.add_typer(soak, name="soak")

_CAN_NOT_START, _INTERRUPTED = 2, 130
_MENDABLE = (
    SettingsError,
    ServiceError,
    RegistryFileError,
    EmbeddedBrokerError,
    DeviceTypeEntryPointError,
)

T = TypeVar("T")


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


@app.command()
def serve(
    fleet: Annotated[
        str | None,
        typer.Option(help="Make a fleet, as hvac=50000,lighting/street=300; overrides FLEET."),
    ] = None,
) -> None:
    """Serve the fleet over MQTT and REST until SIGTERM or Ctrl-C.

    The environment and .env configure it: see docs/configuration.md.
    """
    flags = {} if fleet is None else {"FLEET": fleet}
    settings = _or_exit(lambda: read_settings({**os.environ, **flags}))
    handler = set_up_logging(settings.log_level, settings.log_format)
    _or_exit(lambda: trio.run(_serve, settings, handler))


async def _serve(settings: Settings, handler: LimitedHandler) -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(say_what_was_held_back, handler)
        await serve_until_signal(settings)
        nursery.cancel_scope.cancel()


def _or_exit(run: Callable[[], T]) -> T:
    """Run, and turn what a user can mend into one line and an exit code."""
    code, errors = _CAN_NOT_START, list[str]()
    try:
        return run()
    except* _MENDABLE as group:
        errors = [str(error) for error in leaves(group)]
    except* KeyboardInterrupt:
        code, errors = _INTERRUPTED, ["interrupted while starting"]
    typer.echo("iotmock: " + "; ".join(errors), err=True)
    raise typer.Exit(code)


def main() -> None:
    """Run the command line."""
    app()
