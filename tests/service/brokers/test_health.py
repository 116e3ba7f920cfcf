"""Health is what is delivered: whole services, in every way to connect, on a broker with moods."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from os import getpid, kill
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGSTOP

import pytest
import trio

from iotmock.actors.messages import Kind
from iotmock.service.run import Running, run_service
from iotmock.settings.reading import read_settings
from tests.mosquitto import free_port
from tests.outgoing import outgoing
from tests.patience import SLACK
from tests.service.brokers.moody_broker import Mood, MoodyBroker, moody_broker
from tests.service.process import Service, children_of, wait_until
from tests.service.test_service import with_mosquitto

pytestmark = pytest.mark.long(45)
MODELS = pytest.mark.parametrize("model", ["shared", "pool:2", "per-device"])
AWAITED = "for the broker's answer"


@asynccontextmanager
async def service_on(broker: MoodyBroker, model: str, **more: object) -> AsyncIterator[Running]:
    """Run a service that loses its patience after half a second, and forgets after two."""
    settings = {
        "PORT": "0",
        "HOST": "127.0.0.1",
        "MQTT_BROKER_HOST": "127.0.0.1",
        "MQTT_BROKER_PORT": broker.port,
        "MQTT_CONNECTIONS": model,
        "MQTT_CLIENT_ID": "mock",
        "SIMULATION_INTERVAL": 0.2,
        "STATE_FILE": ":memory:",
        "SHUTDOWN_TIMEOUT": 1,
        **more,
    }
    read = read_settings({name: str(value) for name, value in settings.items()})
    async with run_service(read) as service:
        delivery = service.system.delivery
        delivery.patience_s, delivery.window_s, delivery.period_s = 0.5, 2.0, 0.1
        await is_healthy(service)
        yield service


async def is_healthy(service: Running) -> None:
    await said(service, lambda problems: not problems)


async def has_problem(service: Running, text: str) -> str:
    problems = await said(service, lambda problems: any(text in one for one in problems))
    return next(problem for problem in problems if text in problem)


async def said(service: Running, condition: Callable[[list[str]], bool]) -> list[str]:
    """Wait until what is wrong is as expected; return it."""
    problems: list[str] = []
    with trio.move_on_after(30 * SLACK):
        while True:
            problems = list(service.system.health.problems())
            if condition(problems):
                return problems
            await trio.sleep(0.02)
    raise AssertionError(problems)


@pytest.mark.trio
@MODELS
@pytest.mark.parametrize(
    ("mood", "reason"), [("refusing", "were refused"), ("silent", AWAITED), ("deaf", AWAITED)]
)
async def test_what_is_not_delivered_is_said_until_it_is(
    model: str, mood: Mood, reason: str
) -> None:
    async with moody_broker() as broker, service_on(broker, model) as service:
        await broker.become(mood)
        await has_problem(service, reason)
        await broker.become("willing")
        await is_healthy(service)


@pytest.mark.trio
@MODELS
async def test_one_answer_that_does_not_come_is_said_with_a_window_of_one(model: str) -> None:
    async with moody_broker() as broker, service_on(broker, model, MQTT_WINDOW=1) as service:
        await broker.become("silent")
        await has_problem(service, AWAITED)
        await broker.become("willing")
        await is_healthy(service)


@pytest.mark.trio
@MODELS
async def test_one_message_among_many_that_is_not_answered_is_said(model: str) -> None:
    async with moody_broker() as broker, service_on(broker, model) as service:
        await broker.become("forgetful")
        problem = await has_problem(service, AWAITED)
        if model == "per-device":
            assert "(mock-" in problem
        await broker.become("willing")
        await is_healthy(service)


@pytest.mark.trio
@MODELS
async def test_at_qos_0_a_broker_that_does_not_read_is_said(model: str) -> None:
    async with moody_broker() as broker, service_on(broker, model, MQTT_QOS=0) as service:
        await broker.become("deaf")
        for _ in range(200):
            service.system.publisher.tell(outgoing(Kind.DATA, "mock-hvac-001", bytes(50_000)))
        await has_problem(service, AWAITED)
        await broker.become("willing")
        await is_healthy(service)


@pytest.mark.trio
@MODELS
async def test_a_connection_that_is_refused_is_said_until_it_is_there(model: str) -> None:
    names = {"shared": "mock", "pool:2": "mock-2", "per-device": "mock-hvac-001"}
    async with moody_broker() as broker, service_on(broker, model) as service:
        await broker.turn_away(names[model])
        await has_problem(service, "the broker is unavailable")
        broker.unwelcome.clear()
        await is_healthy(service)


@pytest.mark.trio
async def test_the_service_s_own_connection_is_missed_where_each_device_has_one() -> None:
    async with moody_broker() as broker, service_on(broker, "per-device") as service:
        await broker.turn_away("mock")
        await has_problem(service, "the service's own connection")
        await has_problem(service, "the broker is unavailable")
        broker.unwelcome.clear()
        await is_healthy(service)


@pytest.mark.trio
async def test_commands_that_come_too_fast_and_are_dropped_are_counted_and_said() -> None:
    narrow = {"MQTT_WINDOW": 1, "MQTT_BACKLOG": 10}
    async with moody_broker() as broker, service_on(broker, "shared", **narrow) as service:
        await broker.become("silent")
        # Results that nobody takes fill the backlog, and then commands are read no more.
        async with trio.open_nursery() as nursery:
            topic = "energy/devices/mock-hvac-001/commands"
            nursery.start_soon(broker.flood, "mock", topic, 12_000)
            await has_problem(service, "incoming commands or events")
        assert service.system.links.statistics().incoming_dropped > 0
        await broker.become("willing")
        await is_healthy(service)


@pytest.mark.trio
async def test_an_embedded_broker_that_died_is_said_until_there_is_another() -> None:
    port, others = free_port(), own_children()
    async with service_on(MoodyBroker(port), "shared", MQTT_EMBEDDED_BROKER="on") as service:
        [broker] = own_children() - others
        kill(broker, SIGKILL)
        await has_problem(service, "the embedded broker is not up: it ended with exit code -9")
        await is_healthy(service)
        assert broker not in own_children()


def own_children() -> set[int]:
    return set(children_of(getpid()))


def test_a_stopped_broker_is_said_and_the_service_is_alive_and_ready(tmp_path: Path) -> None:
    with with_mosquitto(tmp_path, MQTT_CONNECTIONS="per-device") as (broker, service):
        wait_until(lambda: not problems(service), 30, "healthy")
        assert broker.process is not None
        broker.process.send_signal(SIGSTOP)
        try:
            wait_until(lambda: AWAITED in "".join(problems(service)), 60, "messages wait")
            for path, status in (("/livez", "alive"), ("/readyz", "ready")):
                assert service.request("GET", path) == (200, {"status": status})
        finally:
            broker.process.send_signal(SIGCONT)
        wait_until(lambda: not problems(service), 60, "healthy again")


def problems(service: Service) -> list[str]:
    status, health = service.request("GET", "/health")
    assert status == 200
    assert (health["status"] == "degraded") == bool(health["problems"])
    return list(health["problems"])
