"""From what shards, receiver and commander said to the result of a run."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from hdrh.histogram import HdrHistogram

from iotmock.actors.time.histogram import Histogram
from iotmock.model.fleet import prefix_of
from iotmock.soak.account.command_account import CommandAccount
from iotmock.soak.account.tally import Tally
from iotmock.soak.receiver.receipts import Receipts
from iotmock.soak.report.measures import (
    Distribution,
    GroupTotals,
    Latencies,
    Totals,
    Worker,
    WorstDevice,
)
from iotmock.soak.run.processes.workers import WorkerState
from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.shard.order import Progress
from iotmock.verification.latency import Quantiles, merged, quantiles


def totals(states: Iterable[WorkerState], receipts: Receipts, commands: CommandAccount) -> Totals:
    """Return what became of all messages, commands and connections."""
    states = list(states)
    parts = [life for state in states for life in state.lives]
    given, links = _given(parts), _links(parts)
    missed = round(sum(state.missed for state in states))
    counts = commands.counts()
    # A message that the generator dropped has a number, and so is missed by the receiver too.
    dropped = given.dropped_by_generator
    came = received(receipts.counts)
    whole = (
        came.plus(given)
        .plus(links)
        .plus(
            Totals(
                due=missed,
                acknowledged=_acknowledged(states).get_total_count(),
                lost=-min(came.lost, dropped),
                commands_sent=counts.sent,
                commands_applied=counts.applied,
                commands_rejected=counts.rejected,
                commands_unanswered=counts.unanswered,
                receiver_outages=receipts.receiver_outages,
            )
        )
    )
    return _at_least_known(whole) if any(state.why for state in states) else whole


def _at_least_known(totals: Totals) -> Totals:
    """Return totals of a run with dead workers: what they sent after their last word counts.

    A message that came, or that a later one shows to be missing, was sent, whoever said so.
    """
    known = totals.received + totals.lost + totals.lost_in_outages
    return msgspec.structs.replace(totals, sent=max(totals.sent, known))


def _given(parts: list[Progress]) -> Totals:
    numbered = sum(part.numbered for part in parts)
    dropped = sum(part.dropped + part.unsent for part in parts)
    return Totals(
        due=round(sum(part.due for part in parts)),
        withheld=sum(max(0, part.done - part.numbered) for part in parts),
        sent=max(0, numbered - dropped),
        dropped_by_generator=min(dropped, numbered),
    )


def _links(parts: list[Progress]) -> Totals:
    connects = sum(part.connects for part in parts)
    return Totals(
        connects=connects,
        connect_failures=sum(part.connect_failures for part in parts),
        reconnects=max(0, connects - sum(part.connections for part in parts)),
    )


def received(tally: Tally) -> Totals:
    """Return what a tally says of a run."""
    return Totals(
        received=tally.distinct,
        lost=tally.lost,
        lost_in_outages=tally.lost_in_outages,
        duplicated=tally.duplicated,
        redelivered=tally.redelivered,
        reordered=tally.reordered,
        late=tally.late,
        corrupted=tally.corrupted,
        unplaced=tally.unplaced,
        deliberate=tally.deliberate,
    )


def groups(
    scenario: Scenario, receipts: Receipts, sent: Mapping[str, int]
) -> Iterator[GroupTotals]:
    """Yield what became of each group's messages."""
    for group in scenario.fleet.groups:
        prefix = prefix_of(scenario.fleet.name, group.own_name) + "-"
        counts = [count for device, count in sent.items() if device.startswith(prefix)]
        found = received(receipts.groups.get(group.own_name, Tally()))
        whole = found.plus(Totals(sent=sum(counts)))
        # Of a dead worker's devices nobody has said what they sent.
        yield GroupTotals(name=group.own_name, devices=len(counts), totals=_at_least_known(whole))


def latencies(
    states: Iterable[WorkerState], receipts: Receipts, commands: CommandAccount
) -> Latencies:
    """Return how long everything took, over all shards."""
    finals = [state.final for state in states if state.final is not None]
    lateness = Histogram()
    for final in finals:
        lateness += Histogram(final.lateness_counts, max_s=final.lateness_max_s)
    return Latencies(
        received=distribution(receipts.latency, receipts.latency_histogram),
        acknowledged=distribution(quantiles(_acknowledged(states))),
        command=distribution(commands.latency.quantiles(), commands.latency.encoded()),
        lateness=_of_histogram(lateness),
    )


def _acknowledged(states: Iterable[WorkerState]) -> HdrHistogram:
    finals = [state.final for state in states if state.final is not None]
    return merged([final.acknowledged_histogram for final in finals])


def distribution(found: Quantiles, histogram: str = "") -> Distribution | None:
    """Return times as a report has them; None if there were none."""
    if not found.count:
        return None
    return Distribution(
        count=found.count,
        p50_ms=found.p50_ms,
        p95_ms=found.p95_ms,
        p99_ms=found.p99_ms,
        p999_ms=found.p999_ms,
        max_ms=found.max_ms,
        histogram=histogram,
    )


def _of_histogram(histogram: Histogram) -> Distribution | None:
    if not sum(histogram.counts):
        return None
    p50, p95, p99, p999 = (histogram.quantile(share) * 1e3 for share in (0.5, 0.95, 0.99, 0.999))
    return Distribution(
        count=sum(histogram.counts),
        p50_ms=p50,
        p95_ms=p95,
        p99_ms=p99,
        p999_ms=p999,
        max_ms=histogram.max_s * 1e3,
    )


def workers(states: Iterable[WorkerState]) -> Iterator[Worker]:
    """Yield how each worker did."""
    for state in states:
        finished = state.final is not None
        name = "restarted" if state.past else "finished"
        yield Worker(
            number=state.number,
            devices=state.devices,
            state=name if finished else "died",
            note="; ".join([*state.progress.notes, *state.why]),
        )


def worst(receipts: Receipts) -> Iterator[WorstDevice]:
    """Yield the devices with most defects."""
    for one in receipts.worst:
        yield WorstDevice(
            device_id=one.device,
            lost=one.defects.lost,
            duplicated=one.defects.duplicated,
            reordered=one.defects.reordered,
            late=one.defects.late,
            corrupted=one.defects.corrupted,
            numbers=one.lost_numbers,
        )
