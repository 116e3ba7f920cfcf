"""REST on the socket that listens already, for as long as a block lasts."""

import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog

from iotmock import __version__
from iotmock.actors.system import System
from iotmock.metrics.http import HttpCounts
from iotmock.metrics.metrics import Metrics
from iotmock.metrics.wire import WireMeters
from iotmock.rest.app import make_app
from iotmock.rest.gate.gate import Gate
from iotmock.rest.server import Limits, Server, affordable, listen
from iotmock.settings.settings import Settings

log = structlog.get_logger()


@asynccontextmanager
async def serving(
    system: System,
    listener: socket.socket,
    meters: WireMeters,
    gate: Gate,
    settings: Settings,
    asyncapi: Callable[[], dict[str, Any]],
) -> AsyncIterator[None]:
    """Serve REST, and let requests end at the end."""
    most = affordable(settings.http_max_connections)
    server = Server(listen(listener), Limits(most), HttpCounts())
    app = make_app(
        system,
        version=__version__,
        ready=lambda: server.is_open,
        metrics=Metrics(system, __version__, meters, server.counts),
        asyncapi=asyncapi,
        prefix=settings.http_root_path,
        gate=gate,
        reports=reports_folder(settings),
    )
    async with server.serving(app):
        try:
            yield
        finally:
            system.hub.close()


def reports_folder(settings: Settings) -> Path | None:
    """Return where reports are looked for; say so where there is none yet that can be read."""
    name = settings.reports_dir
    if name is None:
        return None
    if not (os.path.isdir(name) and os.access(name, os.R_OK | os.X_OK)):
        log.warning(
            "REPORTS_DIR is no folder that can be read; its reports are listed once it is",
            folder=name,
        )
    return Path(name)
