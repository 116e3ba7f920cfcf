"""An act of the demo: a soak test of twenty seconds, and its verdict."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import define, frozen

from iotmock.demo.teller import Teller
from iotmock.model.families import installed
from iotmock.own_broker.broker import OwnBroker
from iotmock.soak.broker.ready import ready
from iotmock.soak.report.criteria import Judgement
from iotmock.soak.report.measures import Event, Sample
from iotmock.soak.report.report import Report, report_on, write_report
from iotmock.soak.report.terminal.closing import closing_lines
from iotmock.soak.run.coordinator import Soak
from iotmock.soak.run.processes.shards import Processes
from iotmock.soak.scenario.reading.file import to_scenario

SECONDS = 20
_SHOWN_EVERY_S = 5.0


def scenario(broker: OwnBroker, seconds: int) -> dict[str, Any]:
    """Return the scenario, as a file would have it."""
    return {
        "name": "demo",
        "broker": {
            "host": broker.host,
            "port": broker.port,
            "username": broker.username,
            "password": broker.password,
            "protocol": broker.protocol,
        },
        "verify": {"stamp": "properties" if broker.protocol == "5" else "json", "drain": 10},
        "fleet": {
            "connections": "pool:4",
            "group": [{"device_type": "hvac", "count": 100, "location": "north"}],
        },
        "load": {"duration": seconds, "interval": 1},
        "phase": [{"kind": "connection_storm", "at": seconds / 2}],
        "thresholds": {"loss": 0, "corrupted": 0, "lateness_p99_ms": 10_000},
    }


@define(eq=False)
class Told:
    """See `View`: a line every five seconds, and one for each event."""

    teller: Teller
    _next: float = _SHOWN_EVERY_S

    def show(self, sample: Sample, _so_far: Sequence[Judgement] = ()) -> None:
        """See `View`."""
        if sample.t < self._next:
            return
        self._next += _SHOWN_EVERY_S
        p99 = "-" if sample.latency_p99_ms is None else f"{sample.latency_p99_ms:.0f} ms"
        self.teller.say(
            f"{sample.t:4.0f} s  {sample.devices} devices, {sample.sent:.0f} messages a second, "
            f"{sample.received:.0f} received, {sample.lost} lost, latency p99 {p99}"
        )

    def note(self, event: Event) -> None:
        """See `View`."""
        self.teller.say(f"{event.t:4.0f} s  {event.text}")


@frozen
class SoakAct:
    """Runs against the demo's broker; logs and reports are in a folder."""

    broker: OwnBroker
    folder: Path
    teller: Teller
    seconds: int = SECONDS

    async def play(self) -> None:
        """Run it and say the verdict."""
        wanted = to_scenario(scenario(self.broker, self.seconds), installed(), "demo")
        async with ready(wanted) as prepared:
            run = Soak(prepared, Told(self.teller), self.folder, Processes(self.folder))
            self._tell(report_on(await run.run()))

    def _tell(self, report: Report) -> None:
        totals = report.result.totals
        write_report(report, self.folder)
        self.teller.say(
            f"{totals.sent:,} messages sent, {totals.received:,} received, {totals.lost:,} lost, "
            f"{totals.duplicated:,} twice, after {totals.reconnects:,} reconnects"
        )
        for line in closing_lines(report):
            self.teller.say(line)
