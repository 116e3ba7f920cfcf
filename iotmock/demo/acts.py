"""The demo, act by act: top to bottom is what is seen, indentation is what stands meanwhile."""

import shutil
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import trio
from attrs import field, frozen

from iotmock.demo.fault import show_fault
from iotmock.demo.rest import Rest
from iotmock.demo.site import USUAL_PORT, fleet, settings_of, size, working_morning
from iotmock.demo.stream import Stream, subscribed
from iotmock.demo.teller import Teller
from iotmock.demo.verdict import SECONDS, SoakAct
from iotmock.own_broker.broker import OwnBroker, is_free, own_broker
from iotmock.service.run import run_service
from iotmock.settings.settings import DEFAULT_PASSWORD
from iotmock.signals import ending_signals

_USUAL_BROKER_PORT = 1883
_USERNAME = "iot_user"


@frozen
class Demo:
    """One performance; what it writes is in a folder that goes with it."""

    folder: Path
    teller: Teller
    keep: bool = False
    began: float = field(factory=time.monotonic)
    soak_s: int = SECONDS
    shown: trio.Event = field(factory=trio.Event)
    """Set when everything was shown, whether it stays or not."""

    async def play(self) -> None:
        """Play it to its end; with `keep` until cancelled.

        Raises:
            OwnBrokerError, ServiceError, SoakError: it can not be played here, and why.
        """
        async with self._broker() as broker, self._site(broker) as rest:
            async with subscribed(broker) as stream:
                await self._message(stream)
                self.teller.act("A fault: the device's network is away for four seconds")
                await show_fault(rest, stream, self.teller)
            self.teller.act(
                f"A soak test of {self.soak_s} seconds, with all connections cut at half time"
            )
            reports = self.folder / "soak"
            reports.mkdir()
            await SoakAct(broker, reports, self.teller, self.soak_s).play()
            await self._end(broker, rest, reports)

    @asynccontextmanager
    async def _broker(self) -> AsyncIterator[OwnBroker]:
        self.teller.act("A broker")
        async with own_broker(_USERNAME, DEFAULT_PASSWORD, _USUAL_BROKER_PORT) as broker:
            self.teller.say(f"{broker.name}, at {broker.host}:{broker.port}")
            yield broker

    @asynccontextmanager
    async def _site(self, broker: OwnBroker) -> AsyncIterator[Rest]:
        morning, site = working_morning(datetime.now(UTC)), fleet()
        self.teller.act(f"A site of {size(site)} devices, on {morning:%A, %d %B %Y, at %H:%M}")
        # The usual port is for who looks around: two demos at once would both find it free.
        port = USUAL_PORT if self.keep and is_free(USUAL_PORT) else 0
        settings = settings_of(broker, port, morning, str(self.folder / "iotmock.db"))
        async with run_service(settings) as service:
            rest = Rest(f"http://127.0.0.1:{service.port}")
            await rest.post("/api/v1/fleets", site)
            self.teller.say(f"POST {rest.url}/api/v1/fleets")
            yield rest

    async def _message(self, stream: Stream) -> None:
        self.teller.act("A message, as it arrives over MQTT")
        while not (arrival := await stream.next()).is_data:
            pass
        self.teller.say(arrival.topic)
        self.teller.show(arrival.content)
        self.teller.say(f"{time.monotonic() - self.began:.1f} s after the start of the demo")

    async def _end(self, broker: OwnBroker, rest: Rest, reports: Path) -> None:
        self.teller.act("Where to look next")
        for line in _kept(broker, rest, reports) if self.keep else _next():
            self.teller.say(line)
        self.shown.set()
        if self.keep:
            await trio.sleep_forever()


def _next() -> tuple[str, ...]:
    name = _own_name()
    return (
        f"{name} demo --keep      the same, and it stays for you to look around",
        f"{name} serve            your own site; http://localhost:8090/docs has every request",
        f"{name} soak init        a soak test of your own broker",
        f"{name} --help, and the folder docs/",
    )


def _own_name() -> str:
    """Return how the command line is called from here: it may be in no folder of the PATH."""
    if Path(sys.argv[0]).name == "__main__.py":
        return f"{sys.executable} -m iotmock"
    return "iotmock" if shutil.which("iotmock") else sys.argv[0]


def _kept(broker: OwnBroker, rest: Rest, reports: Path) -> tuple[str, ...]:
    login = f"-u {broker.username} -P {broker.password}"
    return (
        f"REST      {rest.url}/docs",
        f"broker    mqtt://{broker.username}:{broker.password}@{broker.host}:{broker.port}",
        f"          mosquitto_sub -h {broker.host} -p {broker.port} {login} -t 'energy/#' -v",
        f"verdict   {reports / 'report.html'}",
        "All of it stays until Ctrl-C.",
    )


async def perform(demo: Demo) -> None:
    """Play a demo until its end, SIGINT, SIGTERM or SIGHUP.

    Signals that come while it ends change nothing: it ends in order within seconds.
    """
    with trio.open_signal_receiver(*ending_signals()) as signals:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_cancel_at_signal, signals, nursery.cancel_scope)
            await demo.play()
            nursery.cancel_scope.cancel()


async def _cancel_at_signal(signals: AsyncIterator[int], scope: trio.CancelScope) -> None:
    await anext(signals)
    scope.cancel()
