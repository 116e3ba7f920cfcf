"""When to start the embedded broker, and keeping it up (contract.md, section 1)."""

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
import trio
from attrs import define

from iotmock.mqtt.embedded.embedded import EmbeddedBroker, EmbeddedBrokerError, embedded_broker
from iotmock.settings.settings import Settings

log = structlog.get_logger()

_PROBE_S = 1.0
_RESTART_S = 1.0


@define(eq=False)
class LocalBroker:
    """The embedded broker's state: whether there is one, and why it is not up."""

    settings: Settings
    is_wanted: bool = False
    failing: str | None = None

    def problems(self) -> Iterator[str]:
        """See `Part` of the actors' ports."""
        if self.failing is not None:
            yield (
                f"the embedded broker is not up: {self.failing}; it is started again by itself; "
                "if it does not stay up, use another broker (MQTT_BROKER_HOST)"
            )

    async def keep_up(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Run it, and another one when it dies, until cancelled; started when it listens.

        Raises:
            EmbeddedBrokerError: the first one can not start.
        """
        started = task_status
        while True:
            try:
                async with _embedded(self.settings) as broker:
                    self._note_up(broker)
                    started.started()
                    started = trio.TASK_STATUS_IGNORED
                    self._note_died(await broker.wait_died())
            except EmbeddedBrokerError as error:
                if started is task_status:
                    raise
                self._note_no_start(error)
            await trio.sleep(_RESTART_S)

    def _note_up(self, broker: EmbeddedBroker) -> None:
        self.failing = None
        log.info("embedded broker listens", host=broker.host, port=broker.port)

    def _note_died(self, code: int) -> None:
        self.failing = f"it ended with exit code {code}"
        log.error("the embedded broker died; starting another", exit_code=code)

    def _note_no_start(self, error: EmbeddedBrokerError) -> None:
        self.failing = str(error)
        log.error("the embedded broker can not start; will keep trying", reason=str(error))


@asynccontextmanager
async def local_broker(settings: Settings) -> AsyncIterator[LocalBroker]:
    """Run the embedded broker during the block if the settings call for one.

    Raises:
        EmbeddedBrokerError: it is called for and can not start.
    """
    broker = LocalBroker(settings, await is_wanted(settings))
    async with trio.open_nursery() as nursery:
        if broker.is_wanted:
            await nursery.start(broker.keep_up)
        yield broker
        nursery.cancel_scope.cancel()


async def is_wanted(settings: Settings) -> bool:
    """Say whether the settings call for the embedded broker, as things stand now."""
    mode, host, port = (
        settings.mqtt_embedded_broker,
        settings.mqtt_broker_host,
        settings.mqtt_broker_port,
    )
    if mode in {"on", "off"}:
        return mode == "on"
    has_user = settings.mqtt_username is not None and settings.mqtt_password is not None
    is_plain = settings.mqtt_transport == "tcp" and not settings.mqtt_tls
    if not is_plain or not has_user or not await _is_this_machine(host):
        return False
    return not await _listens(host, port)


async def _is_this_machine(host: str) -> bool:
    try:
        found = await trio.socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return any(_is_own(family, address[0]) for family, _, _, _, address in found)


def _is_own(family: int, address: object) -> bool:
    # Only an address of this machine can be bound.
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


async def _listens(host: str, port: int) -> bool:
    with trio.move_on_after(_PROBE_S):
        try:
            stream = await trio.open_tcp_stream(host, port)
        except OSError:
            return False
        await stream.aclose()
    return True


def _embedded(settings: Settings) -> AbstractAsyncContextManager[EmbeddedBroker]:
    return embedded_broker(
        settings.mqtt_embedded_host,
        settings.mqtt_broker_port,
        settings.mqtt_username or "",
        settings.mqtt_password or "",
    )
