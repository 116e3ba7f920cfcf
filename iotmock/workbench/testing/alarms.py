"""Waiting for an alarm, which the platform that is tested sends over MQTT."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import Any

import anyio
from anyio.from_thread import start_blocking_portal
from attrs import define

from iotmock.mqtt import V311, Client, ConnectOptions, Subscription
from iotmock.workbench.broker import Broker


@define(eq=False)
class Alarm:
    """A message; empty until it has come."""

    topic: str = ""
    payload: bytes = b""

    def json(self) -> Any:
        """Return its payload as JSON has it."""
        return json.loads(self.payload)


Condition = Callable[[Alarm], bool]


def _any(_: Alarm) -> bool:
    return True


@contextmanager
def expected(
    broker: Broker, topic: str, within: float, condition: Condition = _any
) -> Iterator[Alarm]:
    """Listen during the block; at its end wait for the first message that meets the condition.

    Raises:
        AssertionError: none came within so many s; it says how many others did.
        MqttError: the broker can not be listened at.
    """
    alarm, options = Alarm(), _options(broker)
    with start_blocking_portal("trio") as portal:
        connecting = Client(broker.host, broker.port, options)
        with portal.wrap_async_context_manager(connecting) as client:
            portal.call(client.subscribe, Subscription(topic, qos=1))
            yield alarm
            others = portal.call(_first, client, alarm, condition, within)
            if not alarm.topic:
                came = f"; {others} came that do not meet the condition" if others else ""
                raise AssertionError(f"no alarm on {topic} within {within:g} s{came}")


async def _first(client: Client, alarm: Alarm, condition: Condition, within: float) -> int:
    """Fill in the first message that will do; return how many came before it that would not."""
    others = 0
    with anyio.move_on_after(within):
        async for message in client.messages:
            found = Alarm(message.topic, bytes(message.payload))
            if condition(found):
                alarm.topic, alarm.payload = found.topic, found.payload
                break
            others += 1
    return others


def _options(broker: Broker) -> ConnectOptions:
    # All that listening takes, and understood by every broker, the embedded one included.
    return ConnectOptions(
        f"iotmock-alarms-{token_hex(4)}", broker.username, broker.password, protocols=(V311,)
    )
