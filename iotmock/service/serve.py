"""Serving until somebody says that it is enough: what `iotmock serve` is."""

import structlog
import trio
from attrs import define, field

from iotmock.service.errors import InterruptedStartError
from iotmock.service.run import run_service
from iotmock.settings.settings import Settings
from iotmock.signals import heed_signals

log = structlog.get_logger()


async def serve_until_signal(settings: Settings) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP; a second signal ends the process at once.

    Raises:
        InterruptedStartError: the signal came before the service was there.
        ServiceError, SettingsError, RegistryFileError, EmbeddedBrokerError: it can not start, and
            why.
    """
    end = _End()
    async with trio.open_nursery() as nursery:
        await nursery.start(heed_signals, end.ask)
        with end.of_start:
            async with run_service(settings) as service:
                end.stop = service.stop
                await service.stop.wait()
                log.info("stopping")
        nursery.cancel_scope.cancel()
    if end.of_start.cancelled_caught:
        raise InterruptedStartError(end.signal)
    log.info("stopped")


@define
class _End:
    """What a signal asks for: of a start that it is cancelled, of a service that it stops."""

    of_start: trio.CancelScope = field(factory=trio.CancelScope)
    stop: trio.Event | None = None
    signal: int = 0

    async def ask(self, number: int) -> None:
        self.signal = number
        if self.stop is None:
            self.of_start.cancel()
        else:
            self.stop.set()
