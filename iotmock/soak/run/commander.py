"""Campaigns: commands over MQTT by a client of its own, each timed until its result."""

import time
from collections.abc import Iterable
from contextlib import suppress
from itertools import cycle, islice
from typing import Any

import msgspec
import trio
from attrs import define, field

from iotmock.broker.tls_files import unusable
from iotmock.dialects.native import topics
from iotmock.mqtt import (
    V5,
    V311,
    Client,
    ConnectionLost,
    ConnectOptions,
    Message,
    MqttError,
    Session,
    Subscription,
    Tls,
)
from iotmock.soak.account.command_account import CommandAccount
from iotmock.soak.broker.probe import OF_SCENARIO, in_words_of
from iotmock.soak.run.error import SoakError
from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.scenario.selection import ids_of
from iotmock.soak.stores.polling import until

_RETRY_S = 0.2
_RESULTS = topics.result_topic("+")
_LAST_RESULTS_S = 2.0
_BATCH = 500


def options_of(scenario: Scenario, client_id: str) -> ConnectOptions:
    """Return how the commander connects.

    Raises:
        SoakError: a TLS file can not be used.
    """
    broker = scenario.broker
    try:
        tls = Tls(broker.tls_ca, broker.tls_cert, broker.tls_key) if broker.tls else None
        if tls is not None:
            tls.context()
    except OSError as error:
        sentence = unusable(error, broker.tls_ca, broker.tls_cert, broker.tls_key)
        raise SoakError(f"[broker]: {in_words_of(OF_SCENARIO, sentence)}") from error
    return ConnectOptions(
        client_id=client_id,
        username=broker.username and broker.username.replace("{device_id}", client_id),
        password=broker.password,
        keep_alive=broker.keep_alive,
        protocols=(V5,) if broker.protocol == "5" else (V311,),
        tls=tls,
        websocket=broker.websocket_path if broker.transport == "websocket" else None,
    )


@define(eq=False)
class Commander:
    """Connected for the whole run, so that it finds out first if there is no broker."""

    scenario: Scenario
    run: str
    account: CommandAccount = field(factory=CommandAccount)
    _session: Session = field(factory=lambda: Session(window=1_000))
    _client: Client | None = None
    _up: trio.Event = field(factory=trio.Event)
    _gone: bool = False

    async def listen(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Stay connected and take results until cancelled; started once connected.

        Raises:
            SoakError: the first connection did not come about.
        """
        try:
            await self._listen(task_status)
        finally:
            self._gone = True

    async def _listen(self, task_status: trio.TaskStatus[None]) -> None:
        options = options_of(self.scenario, f"{self.scenario.fleet.name}-{self.run}-commander")
        problem: str | None = None
        while True:
            try:
                async with self._connected(options) as client:
                    self._client = client
                    await client.subscribe(Subscription(_RESULTS, qos=1))
                    self._up.set()
                    task_status.started()
                    task_status = trio.TASK_STATUS_IGNORED
                    async for message in client.messages:
                        self.account.receive(message.payload, time.time_ns() // 1_000)
            except* MqttError as group:
                problem = str(group.exceptions[0])
            if task_status is not trio.TASK_STATUS_IGNORED:
                raise SoakError(f"the broker can not be used: {problem}")
            self._client = None
            if self._up.is_set():  # another one would leave those behind who wait for this one
                self._up = trio.Event()
            await trio.sleep(_RETRY_S)

    def _connected(self, options: ConnectOptions) -> Client:
        broker = self.scenario.broker
        return Client(broker.host, broker.port, options, self._session)

    async def campaign(self, place: int, began: float) -> None:
        """Give the commands of a campaign; `began` is the run's start on Trio's clock."""
        campaign = self.scenario.campaigns[place]
        chosen = list(islice(ids_of(self.scenario, campaign.select), campaign.devices))
        ahead = time.time() - trio.current_time()
        timeout_us = int(campaign.timeout * 1e6)
        for number, device in enumerate(islice(cycle(chosen), campaign.commands)):
            due = began + campaign.at + number / campaign.rate
            await trio.sleep_until(due)
            command_id = f"{self.run}-{place}-{number}"
            self.account.sent(device, command_id, int((due + ahead) * 1e6), timeout_us)
            await self._send(device, campaign.command, campaign.parameters, command_id)

    async def _send(
        self, device: str, command: str, parameters: dict[str, Any], command_id: str
    ) -> None:
        content = {"command": command, "parameters": parameters, "id": command_id}
        message = Message(topics.commands_topic(device), msgspec.json.encode(content), qos=1)
        while True:
            await self._up.wait()
            client = self._client
            assert client is not None, "it is up"  # noqa: S101
            try:
                if client.publish_nowait([message]):
                    break
                await client.wait_window()
            except ConnectionLost:
                await trio.sleep(_RETRY_S)
        with suppress(ConnectionLost):  # then it goes out with the next connection
            await client.flush()

    async def clear(self, topic_names: Iterable[str]) -> None:
        """Remove retained messages; wait for a connection, and until the broker has taken it.

        Once nobody listens any more nothing is removed.
        """
        waiting = [Message(name, b"", qos=1, retain=True) for name in topic_names]
        while not self._gone:
            await self._up.wait()
            client = self._client
            assert client is not None, "it is up"  # noqa: S101
            try:
                await self._publish_all(client, waiting)
                await client.wait_settled()
                return
            except ConnectionLost:
                await trio.sleep(_RETRY_S)

    async def _publish_all(self, client: Client, waiting: list[Message]) -> None:
        while waiting:
            del waiting[: client.publish_nowait(waiting[:_BATCH])]
            await client.flush()
            await client.wait_window()

    async def wait_answered(self) -> None:
        """Wait a moment for results that are on their way."""
        with trio.move_on_after(_LAST_RESULTS_S):
            await until(lambda: not self.account.unanswered)
