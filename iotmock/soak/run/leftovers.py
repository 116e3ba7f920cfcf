"""What a run may have left at the broker: retained messages of whoever could not clear them."""

from collections.abc import Iterator

import trio

from iotmock.model.fleet import id_of, prefix_of
from iotmock.soak.run.commander import Commander
from iotmock.soak.run.processes.workers import Workers, WorkerState
from iotmock.soak.scenario.schedule import Schedule
from iotmock.soak.shard.leaving import status_topics
from iotmock.soak.shard.order import ShardOrder
from iotmock.soak.words import left_behind

_LEAVING_S, _CLEARING_S = 5.0, 3.0
"""What workers and broker may take when nobody waits for a report any more."""


async def abandon(workers: Workers, commander: Commander) -> list[str]:
    """End workers at once, with a moment to clear the broker; return what it may retain."""
    with trio.move_on_after(_LEAVING_S):
        await workers.leave()
        await workers.wait_ended()
    left = list(leftover_topics(workers))
    with trio.move_on_after(_CLEARING_S):
        await commander.clear(left)
        return []
    return left


def leftover_topics(workers: Workers) -> Iterator[str]:
    """Yield the topics to be cleared once no worker runs.

    Each connection has said whether it lives. A worker that ended in order has taken its devices
    down; of one that did not, or that took up a dead one's devices, every device is named.
    """
    for state in workers:
        yield from status_topics(workers.scenario, workers.run, state.number)
        if state.why or not state.ended.is_set():
            yield from _of_devices(workers, state)


def _of_devices(workers: Workers, state: WorkerState) -> Iterator[str]:
    order = ShardOrder(
        scenario=workers.scenario, number=state.number, of=workers.of, run=workers.run
    )
    for name, course in Schedule(workers.scenario).courses.items():
        prefix = prefix_of(workers.scenario.fleet.name, name)
        most = round(max(count for _, count in course.knots))
        for number in filter(order.owns, range(1, most + 1)):
            yield from left_behind(workers.scenario.fleet.dialect, id_of(prefix, number))
