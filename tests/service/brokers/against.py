"""A whole service, in this process, against a broker that does as it is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from attrs import frozen
from structlog.testing import capture_logs
from structlog.typing import EventDict

from iotmock.actors.links import backoff
from iotmock.actors.summary.broker_state import BrokerState
from iotmock.mqtt import Message
from iotmock.mqtt.client import answers
from iotmock.service.run import Running, run_service
from iotmock.settings.reading import read_settings
from tests.mqtt.scripted_broker import Rules, ScriptedBroker, scripted_broker
from tests.patience import within

MODELS = ("shared", "pool:2", "per-device")
in_each_model = pytest.mark.parametrize("model", MODELS)
DEVICES = 3


def name(number: int) -> str:
    return f"cli-hvac-{number:06d}"


@frozen
class Trial:
    """A service and its broker, and what the service has logged."""

    broker: ScriptedBroker
    service: Running
    logs: list[EventDict]

    @property
    def mqtt(self) -> BrokerState:
        return BrokerState.of(self.service.system.links.statistics())

    def said(self, event: str) -> list[EventDict]:
        """The log lines of this kind."""
        return [line for line in self.logs if event in line["event"]]

    def problems(self) -> list[str]:
        return list(self.service.system.health.problems())

    def data(self, device: int) -> list[Message]:
        return self.broker.at(f"/{name(device)}/data")

    async def flows(self, more: int = 3) -> None:
        """Wait until every device has sent more data, and the sums are right."""
        before = [len(self.data(number)) for number in range(1, DEVICES + 1)]
        await self.broker.wait_for(
            lambda: all(
                len(self.data(number)) >= count + more for number, count in enumerate(before, 1)
            )
        )
        self.adds_up()

    async def settles(self) -> None:
        """Wait until data flows for a while over connections that are not lost again."""
        with within(30):
            before = -1
            while len(self.broker.connects) > before:
                before = len(self.broker.connects)
                await self.flows(10)

    def adds_up(self) -> None:
        out = self.service.system.publisher.statistics()
        answered = out.acknowledged + out.refused + out.dropped + out.superseded
        assert out.accepted == answered + out.waiting, out


def settings_of(port: int, model: str, more: dict[str, Any]) -> dict[str, str]:
    usual: dict[str, Any] = {
        "HOST": "127.0.0.1",
        "PORT": 0,
        "MQTT_BROKER_HOST": "127.0.0.1",
        "MQTT_BROKER_PORT": port,
        "MQTT_EMBEDDED_BROKER": "off",
        "MQTT_CONNECTIONS": model,
        "MQTT_CONNECT_RATE": 0,
        "MQTT_CLIENT_ID": "mock",
        "STATE_FILE": ":memory:",
        "FLEET": f"hvac={DEVICES}",
        "SIMULATION_INTERVAL": 0.1,
        "SHUTDOWN_TIMEOUT": 1,
    }
    return {key: str(value) for key, value in (usual | more).items()}


@asynccontextmanager
async def trial(
    patch: pytest.MonkeyPatch,
    rules: Rules,
    model: str = "shared",
    patience_s: float = answers.ANSWER_S,
    **more: Any,
) -> AsyncIterator[Trial]:
    """Run the service against a broker with these rules; it tries again without long waits."""
    patch.setattr(backoff, "LONGEST_DELAY_S", 0.05)
    patch.setattr(answers, "ANSWER_S", patience_s)
    failures: list[Exception] = []
    async with scripted_broker(rules) as broker:
        with capture_logs() as logs:
            environment = settings_of(broker.port, model, more)
            async with run_service(read_settings(environment, file=None)) as service:
                try:
                    yield Trial(broker, service, logs)
                except Exception as error:
                    failures.append(error)
    for failure in failures:
        raise failure
