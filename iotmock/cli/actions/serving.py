"""What `iotmock serve` does: from the settings to a service that runs until a signal."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import trio
import typer

from iotmock.actors.errors import leaves
from iotmock.cli.broker_option import broker_variables
from iotmock.log.limit import LimitedHandler
from iotmock.log.lines import say_what_was_held_back, set_up_logging
from iotmock.model.families import DeviceTypeEntryPointError
from iotmock.mqtt.embedded.embedded import EmbeddedBrokerError
from iotmock.service.errors import InterruptedStartError, ServiceError
from iotmock.service.serve import serve_until_signal
from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import DOTENV, read_settings
from iotmock.settings.settings import Settings
from iotmock.storage import RegistryFileError
from iotmock.wording.quoted import one_line

_CAN_NOT_START, _INTERRUPTED = 2, 130
MENDABLE = (
    SettingsError,
    ServiceError,
    RegistryFileError,
    EmbeddedBrokerError,
    DeviceTypeEntryPointError,
)

T = TypeVar("T")


def serve(variables: dict[str, str], broker: str | None, env_file: Path | None) -> None:
    """Serve until a signal; `variables` win over the environment, and `broker` over both."""
    of_broker = {} if broker is None else broker_variables(broker)
    environment = {**os.environ, **variables, **of_broker}
    settings = _or_exit(lambda: read_settings(environment, env_file or DOTENV))
    handler = set_up_logging(settings.log_level, settings.log_format)
    _or_exit(lambda: trio.run(_serve, settings, handler))


async def _serve(settings: Settings, handler: LimitedHandler) -> None:
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(say_what_was_held_back, handler)
            await serve_until_signal(settings)
            nursery.cancel_scope.cancel()
    finally:
        handler.say_held(0.0)  # before the line that says why it ended, which is to be the last


def _or_exit(run: Callable[[], T]) -> T:
    """Run, and turn what a user can mend into one line and an exit code."""
    code, errors = _CAN_NOT_START, list[str]()
    try:
        return run()
    except* MENDABLE as group:
        errors = [str(error) for error in leaves(group)]
    except* InterruptedStartError as group:
        interrupted = next(leaves(group))
        code, errors = interrupted.code, [str(interrupted)]
    except* KeyboardInterrupt:
        errors, code = ["interrupted while starting"], _INTERRUPTED
    typer.echo("iotmock: " + one_line("; ".join(errors)), err=True)
    raise typer.Exit(code)
