"""Who sums up: once a second for those who listen, and every five for the record."""

import time

import msgspec
import trio
from attrs import define, field

from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.health import Health
from iotmock.actors.links.links import Links
from iotmock.actors.outbox.carrier import Carrier
from iotmock.actors.records.ledger import Ledger
from iotmock.actors.stream.hub import Hub
from iotmock.actors.summary.broker_state import BrokerState
from iotmock.actors.summary.census import Census
from iotmock.actors.summary.history import STEP_S, History
from iotmock.actors.summary.meters import Meters
from iotmock.actors.summary.power import power_of
from iotmock.actors.summary.rates import Rates
from iotmock.actors.summary.summary import FleetCounts, HealthNow, Summary
from iotmock.actors.time.pacer import Pacer
from iotmock.model.timestamp import rfc3339

PERIOD_S = 1.0
_UNWATCHED_ROUND_S = 30.0
"""How long a round of a large fleet takes while nobody looks."""


@define(eq=False)
class Summaries:
    """Looks at the parts of a service when it is time; they know nothing of it."""

    pacer: Pacer
    carrier: Carrier
    supervisor: Supervisor
    links: Links
    ledger: Ledger
    health: Health
    history: History = field(factory=History)
    census: Census = field(init=False)
    meters: Meters = field(init=False)
    rates: Rates = field(init=False)
    _recorded_at: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.census = Census(self.supervisor)
        self.meters = Meters(self.supervisor)
        self.rates = Rates(self.carrier, self.pacer.counts)
        self._recorded_at = trio.current_time()

    @property
    def hub(self) -> Hub:
        """Where summaries go."""
        return self.supervisor.around.hub

    async def run(self) -> None:
        """Sum up until cancelled."""
        while True:
            await trio.sleep(PERIOD_S)
            self.hub.tidy()
            due = trio.current_time() - self._recorded_at >= STEP_S - 0.5 * PERIOD_S
            if due or len(self.hub):
                await self.sum_up(record=due)

    async def sum_up(self, *, record: bool = False) -> Summary:
        """Make a summary, for whoever listens and perhaps for the record."""
        await self.census.look(self._share())
        summary = self._summary()
        if record:
            self._recorded_at = trio.current_time()
            self.history.add(summary)
            self.meters.look()
        self.hub.summed_up(msgspec.json.encode(summary))
        return summary

    def _share(self) -> float:
        """Return which share of the fleet to ask now."""
        if not len(self.hub):
            return STEP_S / _UNWATCHED_ROUND_S
        clock = self.pacer.clock
        interval_s = 0.0 if clock.flat_out else self.pacer.interval / clock.speed
        return PERIOD_S / max(PERIOD_S, interval_s)

    def _summary(self) -> Summary:
        out, clock = self.rates.look(), self.pacer.clock
        return Summary(
            timestamp=rfc3339(time.time(), milliseconds=True),
            now=rfc3339(clock.now()),
            running=self.pacer.running,
            speed=clock.pace,
            devices=self._devices(),
            power=power_of(self.census.power),
            messages=self.rates.messages(),
            lateness_ms=self.rates.lateness(),
            backlog=out.backlog,
            waiting=out.waiting,
            faults_active=sum(self.ledger.counts.active.values()),
            connection=BrokerState.of(self.links.statistics()),
            health=self._health(),
        )

    def _devices(self) -> FleetCounts:
        total, statuses = len(self.supervisor), self.hub.statuses
        offline, error = statuses.count("offline"), statuses.count("error")
        online, enabled = total - offline - error, total - statuses.disabled
        return FleetCounts(total, online, offline, error, enabled)

    def _health(self) -> HealthNow:
        problems = list(self.health.problems())
        return HealthNow("degraded" if problems else "healthy", problems)
