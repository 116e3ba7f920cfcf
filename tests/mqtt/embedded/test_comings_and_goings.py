"""Clients of the embedded broker that come and go at once: each gets what it asked for, only."""

import pytest
import trio

from iotmock.mqtt import V311, Client, ConnectOptions, Subscription
from iotmock.mqtt.embedded.embedded import EmbeddedBroker, embedded_broker
from tests.patience import within

ROUNDS, VISITORS = 20, 6


def client(broker: EmbeddedBroker, name: str) -> Client:
    options = ConnectOptions(name, "u", "p", protocols=(V311,))
    return Client("127.0.0.1", broker.port, options)


async def visit(broker: EmbeddedBroker, number: int) -> None:
    """Come and go, each time with a filter that nobody had before."""
    for time in range(ROUNDS):
        async with client(broker, f"visitor-{number}-{time}") as visitor:
            await visitor.subscribe(Subscription(f"of/{number}/{time}/#", qos=1))


async def publish(broker: EmbeddedBroker, topic: str) -> None:
    async with client(broker, "publisher") as publisher:
        for number in range(5):
            await publisher.publish(f"{topic}/{number}", b"kept", qos=1, retain=True)


@pytest.mark.trio
async def test_all_are_served_whoever_else_comes_and_goes() -> None:
    async with embedded_broker("127.0.0.1", 0, "u", "p") as broker:
        await publish(broker, "of")
        async with client(broker, "stays") as stays:
            await stays.subscribe(Subscription("of/#", qos=1))
            with within(30):
                async with trio.open_nursery() as visitors:
                    for number in range(VISITORS):
                        visitors.start_soon(visit, broker, number)


@pytest.mark.trio
async def test_a_client_gets_no_retained_message_that_others_asked_for() -> None:
    async with embedded_broker("127.0.0.1", 0, "u", "p") as broker:
        await publish(broker, "mine")
        async with client(broker, "one") as one, client(broker, "other") as other:
            await one.subscribe(Subscription("mine/#", qos=1))
            async with client(broker, "newcomer") as newcomer:
                await newcomer.subscribe(Subscription("marker"))
                await other.publish("marker", b"", qos=1)
                with within(10):
                    first = await anext(aiter(newcomer.messages))
                assert first.topic == "marker"
