"""The demo's subscriber: what arrives over MQTT, when it does."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import trio
from attrs import field, frozen

from iotmock.mqtt import V5, V311, Client, ConnectOptions, Message, Subscription
from iotmock.own_broker.broker import OwnBroker

_PATIENCE_S = 30.0
_TOPICS = "energy/devices/#"


class SilenceError(Exception):
    """Nothing arrives."""


def moment(timestamp: str) -> float:
    """Return Unix s."""
    return datetime.fromisoformat(timestamp).timestamp()


@frozen
class Arrival:
    """A message that arrived `at`, Unix s."""

    message: Message
    at: float = field(factory=time.time)

    @property
    def topic(self) -> str:
        """Where it was published."""
        return self.message.topic

    @property
    def content(self) -> Any:
        """What its JSON says."""
        return json.loads(self.message.payload)

    @property
    def is_data(self) -> bool:
        """Whether it is a reading."""
        return self.topic.endswith("/data")

    def of(self, device_id: str) -> bool:
        """Say whether it is a device's."""
        return self.topic.startswith(f"energy/devices/{device_id}/")

    @property
    def stamped(self) -> float:
        """The time that it says, Unix s of simulated time."""
        return moment(self.content["timestamp"])


@frozen
class Stream:
    """Everything that devices say, from the subscription on."""

    client: Client

    async def next(self) -> Arrival:
        """Wait for the next message.

        Raises:
            SilenceError: there is none.
        """
        with trio.move_on_after(_PATIENCE_S):
            return Arrival(await anext(self.client.messages))
        raise SilenceError(f"nothing has arrived over MQTT for {_PATIENCE_S:g} s")


@asynccontextmanager
async def subscribed(broker: OwnBroker) -> AsyncIterator[Stream]:
    """Subscribe during the block."""
    options = ConnectOptions(
        "iotmock-demo",
        username=broker.username,
        password=broker.password,
        protocols=(V5,) if broker.protocol == "5" else (V311,),
    )
    async with Client(broker.host, broker.port, options) as client:
        await client.subscribe(Subscription(_TOPICS, qos=1))
        yield Stream(client)
