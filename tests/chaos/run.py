"""Everything at once: clients, a dying broker, flipped bytes, a full disk, a clock that jumps.

What is done is in `acts.py`, what is asked in `rest_load.py`, what must hold in `verdict.py`.
"""

import time
from collections import Counter
from pathlib import Path
from random import Random

import httpx
import trio
from attrs import define, field

from tests.chaos.acts import Acts
from tests.chaos.foul_proxy import FoulProxy, foul_proxy
from tests.chaos.gauges import Gauges
from tests.chaos.rest_load import Book, Client, FleetClient, http_client
from tests.chaos.roster import Roster, read_roster
from tests.chaos.stage import SHUTDOWN_S, Stage, staged
from tests.chaos.verdict import Verdict
from tests.chaos.watch import EnergyWatch
from tests.patience import LATE, SLACK, within

_CLIENTS = 3
_GRACE_S = 3.0
_CALM_S = 2.0
"""From the last act to the look at what there is."""
_SETTLE_S = 60.0
_LONGEST_PACE_S = 15.0
_ACTS = 5
"""So many of each kind a short run has, at the least."""


def everything_at_once(folder: Path, seconds: float, seed: int = 1) -> Verdict:
    """Run it in a folder for so long, and return what came of it."""
    verdict, began = Verdict(), time.monotonic()
    with staged(folder) as stage:
        chaos = Chaos(stage, seconds, Random(seed))
        roster = trio.run(chaos.run)
        chaos.report(verdict)
        verdict.of_end(*stage.end(), SHUTDOWN_S + _GRACE_S * LATE)
        verdict.of_log(stage.service.log, time.monotonic() - began)
        wrong = [*roster.against(chaos.book), *roster.against_file(stage.state_file)]
        stage.service.start()
        wrong += roster.against_next(trio.run(_roster_of, stage))
        verdict.add(f"{len(roster.every)} devices, {len(wrong)} of them differ", wrong)
    return verdict


async def _roster_of(stage: Stage) -> Roster:
    with within(_SETTLE_S):
        async with http_client(stage.service.port) as http:
            return await read_roster(http)


@define(eq=False)
class Chaos:
    """The first life of the service, up to the moment at which nothing changes any more."""

    stage: Stage
    seconds: float
    random: Random
    book: Book = field(init=False)
    watch: EnergyWatch = field(init=False)
    gauges: Gauges = field(init=False)
    acts: Counter[str] = field(factory=Counter)

    def __attrs_post_init__(self) -> None:
        self.book = Book(self.stage.disk)
        self.watch = EnergyWatch(self.stage.broker.port)
        self.gauges = Gauges(self.stage.service.port, self.stage.pid)

    async def run(self) -> Roster:
        """Let everything happen at once, then nothing, and return what devices there are."""
        stage = self.stage
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.watch.run)
            nursery.start_soon(self.gauges.run)
            async with foul_proxy(stage.proxy_port, stage.broker.port, self.random) as proxy:
                await self._everything(proxy)
                await trio.sleep(_CALM_S)
                with trio.move_on_after(_SETTLE_S * SLACK):
                    await self.watch.hear_again()
                roster = await _roster_of(stage)
            nursery.cancel_scope.cancel()
        return roster

    async def _everything(self, proxy: FoulProxy) -> None:
        stage = self.stage
        pace_s = min(_LONGEST_PACE_S, self.seconds / _ACTS)
        async with http_client(stage.service.port) as http:
            acts = Acts(stage.broker, proxy, stage.disk, stage.clock, self.random, pace_s)
            async with trio.open_nursery() as nursery:
                for client in self._clients(http):
                    nursery.start_soon(client.run)
                with trio.move_on_after(self.seconds):
                    await acts.run()
                self.book.closed = True
            self.acts = acts.counts + proxy.counts

    def _clients(self, http: httpx.AsyncClient) -> list[Client]:
        usual = (Client(f"{n}", http, self.book, self.random) for n in range(_CLIENTS))
        return [*usual, FleetClient("fleets", http, self.book, self.random)]

    def report(self, verdict: Verdict) -> None:
        """Say what was done, and judge what was seen."""
        done = (f"{what} {count}" for what, count in sorted(self.acts.items()))
        verdict.add(f"{self.seconds:g} s: {', '.join(done)}", [])
        verdict.of_requests(self.book)
        verdict.of_energy(self.watch, self.book.reborn)
        verdict.of_messages(self.gauges.looks, self.gauges.off, self.gauges.equation)
        verdict.of_memory(self.gauges.growth())
