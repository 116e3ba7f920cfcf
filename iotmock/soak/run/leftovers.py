"""What a run may have left at the broker: retained messages of whoever could not clear them."""

from collections.abc import Iterator

from iotmock.dialects.native.topics import mock_status_topic
from iotmock.model.fleet import id_of, prefix_of
from iotmock.soak.run.processes.workers import Workers, WorkerState
from iotmock.soak.scenario.schedule import Schedule
from iotmock.soak.shard.order import ShardOrder
from iotmock.soak.shard.settings import client_id_of, pool_size
from iotmock.soak.words import left_behind


def leftover_topics(workers: Workers) -> Iterator[str]:
    """Yield the topics to be cleared once no worker runs.

    Each connection has said whether it lives. A worker that ended in order has taken its devices
    down; of one that did not, or that took up a dead one's devices, every device is named.
    """
    for state in workers:
        yield from _of_connections(workers, state)
        if state.why or not state.ended.is_set():
            yield from _of_devices(workers, state)


def _of_connections(workers: Workers, state: WorkerState) -> Iterator[str]:
    name = client_id_of(workers.scenario, workers.run, state.number)
    yield mock_status_topic(name)
    for place in range(1, pool_size(workers.scenario) + 1):
        yield mock_status_topic(f"{name}-{place}")


def _of_devices(workers: Workers, state: WorkerState) -> Iterator[str]:
    order = ShardOrder(
        scenario=workers.scenario, number=state.number, of=workers.of, run=workers.run
    )
    for name, course in Schedule(workers.scenario).courses.items():
        prefix = prefix_of(workers.scenario.fleet.name, name)
        most = round(max(count for _, count in course.knots))
        for number in filter(order.owns, range(1, most + 1)):
            yield from left_behind(workers.scenario.fleet.dialect, id_of(prefix, number))
