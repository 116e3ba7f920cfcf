"""`iotmock.run()`: a whole service, with a broker of its own, for as long as a block lasts."""

from types import TracebackType
from typing import Generic, TypeVar

import anyio
import anyio.to_thread
from attrs import define, field, frozen

from iotmock.client import AsyncClient, Client
from iotmock.workbench.broker import Broker
from iotmock.workbench.order import Order
from iotmock.workbench.process import END_S, Process
from iotmock.workbench.variables import variables

AnyClient = TypeVar("AnyClient", Client, AsyncClient)
_USUAL = {
    "HOST": "127.0.0.1",
    "PORT": "0",
    "SHUTDOWN_TIMEOUT": "2",
    "LOG_LEVEL": "warning",
}


@frozen
class Running(Generic[AnyClient]):
    """A service that runs: its client, and the broker that its devices speak to."""

    url: str
    client: AnyClient
    broker: Broker
    process: Process


def run(*, broker: str | None = None, **settings: object) -> "Run":
    """Run a service during a block, `with` or `async with`; it gives a `Running`.

    It is ready when the block begins and gone when it ends, with all that it wrote. Nothing of the
    environment or of `.env` is heeded.

    Args:
        broker: mqtt://user:password@host:port of yours; without it, it brings its own on a free
            port: mosquitto where it is installed, else the embedded one.
        settings: those of docs/reference/configuration.md in lower case: simulation_interval=1.0.

    Raises:
        TypeError: there is no such setting.
        StartError: when the block begins: it can not start, and why.
    """
    given = variables(settings)
    if broker is not None:
        given |= {"MQTT_BROKER_URL": broker, "MQTT_EMBEDDED_BROKER": "off"}
    return Run(Order({**_USUAL, **given}, own_broker=broker is None))


@define(eq=False)
class Run:
    """A service that runs during a block, and may be run again by a later one."""

    order: Order
    _running: Running[Client] | Running[AsyncClient] | None = field(default=None, init=False)

    def __enter__(self) -> Running[Client]:
        self._check_free()
        self._running = running = _running(Process.start(self.order), Client)
        return running

    def _check_free(self) -> None:
        if self._running is not None:  # its end would be forgotten
            raise RuntimeError("this service runs already: call iotmock.run() again for another")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        running, self._running = self._running, None
        if running is not None and isinstance(running.client, Client):
            try:
                running.client.close()
            finally:
                running.process.end()

    async def __aenter__(self) -> Running[AsyncClient]:
        self._check_free()
        # A thread is not cancelled: what it has started is ended below, whatever happens meanwhile.
        process = await anyio.to_thread.run_sync(Process.start, self.order)
        self._running = running = _running(process, AsyncClient)
        return running

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        running, self._running = self._running, None
        with anyio.CancelScope(shield=True, deadline=anyio.current_time() + 2 * END_S):
            if running is not None and isinstance(running.client, AsyncClient):
                try:
                    await running.client.close()
                finally:
                    await anyio.to_thread.run_sync(running.process.end)


def _running(process: Process, client: type[AnyClient]) -> Running[AnyClient]:
    url = f"http://127.0.0.1:{process.begun.port}"
    return Running(url, client(url), process.begun.broker, process)
