"""The parent's side of the embedded broker: start it, watch it, end it."""

import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from subprocess import PIPE
from typing import Any

import anyio
from anyio.abc import Process
from attrs import frozen

from iotmock.mqtt.errors import MqttError
from iotmock.mqtt.transport.address import place_of

_START_S = 60.0
_STOP_S = 3.0


class EmbeddedBrokerError(MqttError):
    """The embedded broker can not start, and why."""


@frozen
class EmbeddedBroker:
    """A running broker."""

    host: str
    port: int
    process: Process

    async def wait_died(self) -> int:
        """Wait until it has ended by itself, and return its exit code."""
        return await self.process.wait()


@asynccontextmanager
async def embedded_broker(
    host: str, port: int, username: str, password: str
) -> AsyncIterator[EmbeddedBroker]:
    """Run a broker during the block; port 0 takes a free one. Only this user may connect.

    Raises:
        EmbeddedBrokerError: it can not start.
    """
    command = [sys.executable, "-m", "iotmock.mqtt.embedded.broker"]
    wanted: dict[str, Any] = {
        "host": host,
        "port": port,
        "username": username,
        "password": password,
    }
    process = await anyio.open_process(
        command, stdin=PIPE, stdout=PIPE, stderr=None, start_new_session=True
    )
    try:
        answer = await _ask(process, wanted)
        yield EmbeddedBroker(answer["host"], answer["port"], process)
    finally:
        with anyio.CancelScope(shield=True):
            await _end(process)


async def _ask(process: Process, wanted: Mapping[str, Any]) -> dict[str, Any]:
    place = place_of(wanted["host"], wanted["port"])
    assert process.stdin is not None, "it was opened with a pipe"  # noqa: S101
    try:
        with anyio.fail_after(_START_S):
            await process.stdin.send(json.dumps(wanted).encode() + b"\n")
            answer = json.loads(await _first_line(process))
    except (
        TimeoutError,
        OSError,
        ValueError,
        anyio.BrokenResourceError,
        anyio.EndOfStream,
    ) as error:
        raise EmbeddedBrokerError(f"the embedded broker does not start at {place}") from error
    if "error" in answer:
        raise EmbeddedBrokerError(
            f"the embedded broker can not listen at {place}: {answer['error']}; "
            "choose another MQTT_BROKER_PORT, or MQTT_EMBEDDED_BROKER=off"
        )
    return dict(answer)


async def _first_line(process: Process) -> bytes:
    assert process.stdout is not None, "it was opened with a pipe"  # noqa: S101
    line = b""
    while not line.endswith(b"\n"):
        line += await process.stdout.receive()
    return line


async def _end(process: Process) -> None:
    if process.stdin is not None:
        await process.stdin.aclose()
    with anyio.move_on_after(_STOP_S):
        await process.wait()
    if process.returncode is None:
        process.kill()
        await process.wait()
    await process.aclose()
