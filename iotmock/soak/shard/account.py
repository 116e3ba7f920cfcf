"""What a shard can say of itself: where it is, and at the end what it sent."""

import os
import time
from collections.abc import Iterator
from itertools import islice
from math import ceil
from pathlib import Path

from attrs import define, field

from iotmock.service.run import Running
from iotmock.soak.shard.fleet import ShardFleet
from iotmock.soak.shard.order import Earlier, Faults, Final, Progress, Sent
from iotmock.soak.shard.phases import ShardPhases
from iotmock.soak.shard.stepping import Stepping
from iotmock.soak.stores.sent import SentOverTime
from iotmock.verification.stamp import Numbering

_COUNTS_IN_A_WORD = 10_000
_PAGE = os.sysconf("SC_PAGE_SIZE")


@define(eq=False)
class ShardAccount:
    """The counts of a shard; over time, too, when stores are to be asked what they have."""

    service: Running
    fleet: ShardFleet
    phases: ShardPhases
    stepping: Stepping
    over_time: SentOverTime | None = field(init=False)
    began: float = 0.0
    """When the run began, in the clock of the messages' timestamps, Unix s."""

    def __attrs_post_init__(self) -> None:
        verify = self.fleet.order.scenario.verify
        is_asked_for = verify.influx is not None or verify.sql is not None
        self.over_time = SentOverTime() if is_asked_for else None

    @property
    def numbering(self) -> Numbering:
        """The numbers of its messages."""
        numbering = self.service.system.supervisor.around.numbering
        assert numbering is not None, "a shard's messages are stamped"  # noqa: S101
        return numbering

    def note(self, second: int) -> None:
        """Keep how much each device has sent up to this second of the run."""
        if self.over_time is not None:
            # Up to a full second, as readings may be stamped with full seconds.
            until = ceil(self.service.system.pacer.clock.now())
            self.over_time.note(second, until, self.numbering.counts)

    def sent(self) -> Iterator[Sent | Earlier]:
        """Yield what each device has sent, and then how much of it at earlier moments."""
        numbering = self.numbering
        for counts in _parts(numbering.counts):
            marked = {name: numbering.marked[name] for name in counts if name in numbering.marked}
            yield Sent(counts, marked)
        if self.over_time is not None:
            for second, moment in self.over_time.moments.items():
                yield Earlier(second, moment.at, moment.counts)

    async def faults(self) -> list[Faults]:
        """Return the faults that could be seen, if alarms are to be judged by them.

        Raises:
            StorageError: the ledger can not be read.
        """
        if self.fleet.order.scenario.verify.alarms is None:
            return []
        every = await self.service.system.ledger.seen()
        rows = [(one.device_id, one.fault, one.begin, one.end) for one in every]
        parts = range(0, max(1, len(rows)), _COUNTS_IN_A_WORD)
        return [Faults(self.began, rows[at : at + _COUNTS_IN_A_WORD]) for at in parts]

    def progress(self) -> Progress:
        """Return where the shard is."""
        system, ticks = self.service.system, self.service.system.pacer.statistics()
        each = self.fleet.order.of_reading
        out, links = system.publisher.statistics(), system.links.statistics()
        return Progress(
            at=time.time(),
            devices=len(system.supervisor),
            reached_s=self.stepping.reached_s,
            due=(ticks.due + self.fleet.late_due) * each,
            done=ticks.done * each,
            numbered=sum(self.numbering.counts.values()),
            accepted=out.accepted,
            acknowledged=out.acknowledged,
            refused=out.refused,
            backlog=out.backlog,
            unsent=system.publisher.waiting_data(),
            waiting=out.waiting,
            dropped=out.dropped,
            connections=links.connections,
            connected=links.connected,
            connects=links.connects,
            connect_failures=links.connect_failures,
            last_error=links.last_error,
            lateness_p50_s=ticks.lateness_p50_s,
            lateness_p99_s=ticks.lateness_p99_s,
            memory_mb=int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE / 1e6,
            cpu_s=time.process_time(),
            notes=list(self.phases.notes),
        )

    def final(self) -> Final:
        """Return its last word."""
        lateness = self.service.system.pacer.counts.lateness
        stamping = self.service.stamping
        assert stamping is not None, "a shard's messages are stamped"  # noqa: S101
        return Final(
            progress=self.progress(),
            lateness_counts=lateness.counts,
            lateness_max_s=lateness.max_s,
            acknowledged_histogram=stamping.acknowledged.encoded(),
        )


def _parts(counts: dict[str, int]) -> Iterator[dict[str, int]]:
    items = iter(counts.items())
    while part := dict(islice(items, _COUNTS_IN_A_WORD)):
        yield part
