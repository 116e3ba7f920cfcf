"""A broker that nobody has to install: mosquitto if it is on the PATH, else the embedded one."""

import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from random import SystemRandom
from typing import Literal

from attrs import frozen

from iotmock.mqtt.embedded.embedded import EmbeddedBrokerError, embedded_broker
from iotmock.own_broker.mosquitto import MosquittoError, mosquitto

HOST = "127.0.0.1"
_LOWEST, _HIGHEST = 10_000, 32_000
"""Below the ports that systems hand out for outgoing connections."""
_ATTEMPTS = 5


class OwnBrokerError(Exception):
    """No broker of our own can run here, and why."""


@frozen
class OwnBroker:
    """A broker that listens on the loopback, for one user."""

    name: str
    """Which program it is, in words."""
    protocol: Literal["5", "3.1.1"]
    """The newest version of MQTT that it speaks."""
    port: int
    username: str
    password: str
    host: str = HOST


@asynccontextmanager
async def own_broker(
    username: str, password: str, preferred: int | None = None
) -> AsyncIterator[OwnBroker]:
    """Run a broker during the block, at the preferred port if that is free.

    Raises:
        OwnBrokerError: none can run here.
    """
    async with AsyncExitStack() as stack:
        yield await _started(stack, username, password, preferred)


async def _started(
    stack: AsyncExitStack, username: str, password: str, preferred: int | None
) -> OwnBroker:
    program, why = shutil.which("mosquitto"), ""
    for port in _ports(preferred):
        try:
            if program is None:
                made = embedded_broker(HOST, port, username, password)
                port = (await stack.enter_async_context(made)).port  # noqa: PLW2901 - 0 is any
                return OwnBroker("the embedded broker", "3.1.1", port, username, password)
            await stack.enter_async_context(mosquitto(program, HOST, port, username, password))
            return OwnBroker("mosquitto", "5", port, username, password)
        except (MosquittoError, EmbeddedBrokerError) as error:  # somebody else took the port
            why = str(error)
    raise OwnBrokerError(f"no broker of our own can run here: {why}")


def _ports(preferred: int | None) -> Iterator[int]:
    if preferred is not None and is_free(preferred):
        yield preferred
    candidates = (SystemRandom().randint(_LOWEST, _HIGHEST) for _ in range(100 * _ATTEMPTS))
    for _, port in zip(range(_ATTEMPTS), filter(is_free, candidates), strict=False):
        yield port


def is_free(port: int) -> bool:
    """Say whether a port of this machine can be listened at now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
