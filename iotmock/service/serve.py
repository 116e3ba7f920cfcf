"""Serving until somebody says that it is enough: what `iotmock serve` is."""

import signal
from os import getpid, kill

import structlog
import trio

from iotmock.service.run import run_service
from iotmock.settings.settings import Settings
from iotmock.signals import ending_signals

log = structlog.get_logger()


async def serve_until_signal(settings: Settings) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP; a second signal ends the process at once."""
    async with trio.open_nursery() as nursery:
        async with run_service(settings) as service:
            nursery.start_soon(_stop_at_signal, service.stop)
            await service.stop.wait()
            log.info("stopping")
        nursery.cancel_scope.cancel()
    log.info("stopped")


async def _stop_at_signal(stop: trio.Event) -> None:
    with trio.open_signal_receiver(*ending_signals()) as signals:
        await anext(signals)
        stop.set()
        again = await anext(signals)
    signal.signal(again, signal.SIG_DFL)
    kill(getpid(), again)
