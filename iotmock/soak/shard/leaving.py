"""What a shard clears by itself that is to leave at once: perhaps nobody is there to do it."""

from collections.abc import Iterator

import structlog
import trio

from iotmock.broker.options import connect_options
from iotmock.dialects.native.topics import mock_status_topic
from iotmock.mqtt import Client, Message, MqttError
from iotmock.settings.settings import Settings
from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.shard.order import ShardOrder
from iotmock.soak.shard.settings import client_id_of, pool_size

LEAVING_S = 15.0
"""What a shard may take to take its devices down, when nobody waits for it any more."""
_CLEARING_S = 5.0

log = structlog.get_logger()


def status_topics(scenario: Scenario, run: str, number: int) -> Iterator[str]:
    """Yield where the connections of a shard have said whether they live."""
    name = client_id_of(scenario, run, number)
    yield mock_status_topic(name)
    for place in range(1, pool_size(scenario) + 1):
        yield mock_status_topic(f"{name}-{place}")


async def clear_statuses(order: ShardOrder, settings: Settings) -> None:
    """Have the broker forget the connections of a shard, which has left."""
    topics = list(status_topics(order.scenario, order.run, order.number))
    reason = "it has not answered"
    with trio.move_on_after(_CLEARING_S, shield=True):
        try:
            await _clear(topics, settings, client_id_of(order.scenario, order.run, order.number))
        except* MqttError as group:
            reason = str(group.exceptions[0])
        else:
            return
    log.warning("the broker retains what this shard has said", topics=topics, reason=reason)


async def _clear(topics: list[str], settings: Settings, client_id: str) -> None:
    options = connect_options(settings, client_id)
    async with Client(settings.mqtt_broker_host, settings.mqtt_broker_port, options) as client:
        waiting = [Message(topic, b"", qos=1, retain=True) for topic in topics]
        while waiting:
            del waiting[: client.publish_nowait(waiting)]
            await client.flush()
            await client.wait_window()
        await client.wait_settled()
