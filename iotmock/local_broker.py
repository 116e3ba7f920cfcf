"""When to start the embedded broker, and keeping it up (contract.md, section 1)."""

import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
import trio

from iotmock.mqtt.embedded import EmbeddedBroker, EmbeddedBrokerError, embedded_broker
from iotmock.settings import Settings

log = structlog.get_logger()

_PROBE_S = 1.0
_RESTART_S = 1.0


@asynccontextmanager
async def local_broker(settings: Settings) -> AsyncIterator[bool]:
    """Run the embedded broker during the block if the settings call for one; yield whether.

    Raises:
        EmbeddedBrokerError: it is called for and can not start.
    """
    if not await _is_wanted(settings):
        yield False
        return
    async with trio.open_nursery() as nursery:
        await nursery.start(_keep_up, settings)
        yield True
        nursery.cancel_scope.cancel()


async def _is_wanted(settings: Settings) -> bool:
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


async def _keep_up(
    settings: Settings, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
) -> None:
    started = task_status
    while True:
        try:
            async with _embedded(settings) as broker:
                log.info("embedded broker listens", host=broker.host, port=broker.port)
                started.started()
                started = trio.TASK_STATUS_IGNORED
                code = await broker.wait_died()
                log.error("the embedded broker died; starting another", exit_code=code)
        except EmbeddedBrokerError as error:
            if started is task_status:
                raise
            log.error("the embedded broker can not start; will keep trying", reason=str(error))
        await trio.sleep(_RESTART_S)


def _embedded(settings: Settings) -> AbstractAsyncContextManager[EmbeddedBroker]:
    return embedded_broker(
        settings.mqtt_embedded_host,
        settings.mqtt_broker_port,
        settings.mqtt_username or "",
        settings.mqtt_password or "",
    )
