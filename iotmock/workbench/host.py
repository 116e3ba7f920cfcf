"""The process of `iotmock.run()`: a service that lives until its standard input ends.

So it ends whatever becomes of who started it. The first line that it reads is an `Order`, the line
that it writes is what it has `Begun` or why it has `Failed`.
"""

import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from secrets import token_hex
from shutil import rmtree

import msgspec
import trio

from iotmock.actors.errors import leaves
from iotmock.log.lines import set_up_logging
from iotmock.own_broker.broker import OwnBrokerError, own_broker
from iotmock.service.errors import ServiceError
from iotmock.service.run import run_service
from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import read_settings
from iotmock.settings.settings import Settings
from iotmock.signals import heed_signals
from iotmock.uncollected import exit_uncollected
from iotmock.workbench.broker import Broker
from iotmock.workbench.order import Begun, Failed, Order

_MENDABLE = (OwnBrokerError, ServiceError, SettingsError)
_LONGEST_ORDER = 1_000_000


def main() -> int:
    """Run what the first line of standard input orders; return 0, or 2 if it can not be.

    The folder that is named goes when it has ended: who started us may have been killed.
    """
    code = 0
    try:
        if order := os.read(0, _LONGEST_ORDER):
            trio.run(_live, msgspec.json.decode(order, type=Order))
        rmtree(sys.argv[1], ignore_errors=True)
    except* _MENDABLE as group:
        _say(Failed("; ".join(str(error) for error in leaves(group))))
        code = 2
    return code


async def _live(order: Order) -> None:
    async with trio.open_nursery() as nursery:
        begun, ended = trio.Event(), trio.Event()

        async def end(_: int) -> None:
            ended.set()
            if not begun.is_set():  # nobody waits for it any more
                nursery.cancel_scope.cancel()

        await nursery.start(heed_signals, end)
        nursery.start_soon(_heed_end_of_input, end)
        async with _settings(order) as settings:
            set_up_logging(settings.log_level, settings.log_format)
            async with run_service(settings) as service:
                begun.set()
                _say(Begun(service.port, _broker(settings)))
                await ended.wait()
        nursery.cancel_scope.cancel()


@asynccontextmanager
async def _settings(order: Order) -> AsyncIterator[Settings]:
    if not order.own_broker:
        yield read_settings(order.variables, file=None)
        return
    async with own_broker("iotmock", token_hex(8)) as own:
        variables = {
            "MQTT_BROKER_HOST": own.host,
            "MQTT_BROKER_PORT": str(own.port),
            "MQTT_USERNAME": own.username,
            "MQTT_PASSWORD": own.password,
            "MQTT_PROTOCOL": own.protocol,
            "MQTT_EMBEDDED_BROKER": "off",
        }
        yield read_settings({**order.variables, **variables}, file=None)


def _broker(settings: Settings) -> Broker:
    password = None if settings.mqtt_password is None else str(settings.mqtt_password)
    place = settings.mqtt_broker_host, settings.mqtt_broker_port
    return Broker(*place, settings.mqtt_username, password)


def _say(what: Begun | Failed) -> None:
    with suppress(BrokenPipeError):  # nobody waits for it any more
        os.write(1, msgspec.json.encode(what) + b"\n")


async def _heed_end_of_input(end: Callable[[int], Awaitable[None]]) -> None:
    async with trio.lowlevel.FdStream(os.dup(0)) as stream:
        while await stream.receive_some(1_024):
            pass
    await end(0)


if __name__ == "__main__":
    exit_uncollected(main())
