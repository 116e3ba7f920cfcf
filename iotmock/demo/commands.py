"""What `iotmock demo` does."""

from pathlib import Path
from tempfile import TemporaryDirectory

import trio
import typer

from iotmock.actors.errors import leaves
from iotmock.demo.acts import Demo, perform
from iotmock.demo.rest import RestError
from iotmock.demo.stream import SilenceError
from iotmock.demo.teller import Teller
from iotmock.log.lines import set_up_logging
from iotmock.mqtt import MqttError
from iotmock.own_broker.broker import OwnBrokerError
from iotmock.service.errors import ServiceError
from iotmock.settings.errors import SettingsError
from iotmock.soak.run.error import SoakError

_BAD_INPUT, _INTERRUPTED = 2, 130
_MENDABLE = (
    OwnBrokerError,
    SettingsError,
    ServiceError,
    SoakError,
    RestError,
    MqttError,
    SilenceError,
)


def demo(*, keep: bool, began: float) -> int:
    """Play it, and return the exit code."""
    set_up_logging("error", "console")
    typer.echo("iotmock demo: about a minute, and nothing of it is canned. Ctrl-C ends it.")
    errors: list[str] = []
    with TemporaryDirectory(prefix="iotmock-demo-") as folder:
        played = Demo(Path(folder), Teller(), keep, began)
        try:
            trio.run(perform, played)
        except* _MENDABLE as group:
            errors = [str(error) for error in leaves(group)]
    if errors:
        typer.echo("iotmock demo: " + "; ".join(errors), err=True)
        return _BAD_INPUT
    typer.echo("\nEnded; nothing is left behind.")
    return 0 if played.shown.is_set() else _INTERRUPTED
