"""The commander of campaigns, and a broker that goes away."""

from pathlib import Path

import pytest
import trio

from iotmock.mqtt import ConnectOptions
from iotmock.mqtt.client.client import Client
from iotmock.soak.run.commander import Commander
from iotmock.soak.stores.polling import until
from tests.mosquitto import running_mosquitto
from tests.patience import within
from tests.soak import runs

COMMANDS = 20


class Counting(Commander):
    """Counts how often it has tried to connect."""

    attempts = 0

    def _connected(self, options: ConnectOptions) -> Client:
        self.attempts += 1
        return super()._connected(options)


@pytest.mark.trio
async def test_a_campaign_goes_on_when_the_broker_is_back_after_many_attempts(
    tmp_path: Path,
) -> None:
    with running_mosquitto(tmp_path) as broker:
        scenario = runs.scenario(
            broker={
                "host": broker.host,
                "port": broker.port,
                "username": broker.username,
                "password": broker.password,
            },
            campaign=[{"at": 0, "command": "reboot", "commands": COMMANDS, "rate": 1_000}],
        )
        commander = Counting(scenario, "run")
        with within(30):
            async with trio.open_nursery() as nursery:
                await nursery.start(commander.listen)
                broker.kill()
                await until(lambda: commander.attempts >= 2)
                began = trio.current_time()
                nursery.start_soon(commander.campaign, 0, began)
                await until(lambda: commander.attempts >= 4)
                assert commander.account.counts().sent == 1
                broker.start()
                await until(lambda: commander.account.counts().sent == COMMANDS)
                nursery.cancel_scope.cancel()
