"""The receiver's connection: it comes back by itself, and knows when it was away."""

import time
from contextlib import suppress

import trio
from attrs import define, evolve, field

from iotmock.mqtt import (
    ConnectFailed,
    ConnectionLost,
    ConnectOptions,
    ConnectRefused,
    MqttError,
    Session,
    SubscribeRefused,
    Subscription,
)
from iotmock.mqtt.client.answers import answer_to
from iotmock.mqtt.client.driver import Driver
from iotmock.mqtt.handshake.dial import dial
from iotmock.soak.receiver.intake import CountingConnection, Intake

_RETRY_S = 0.1
_FAREWELL_S = 2.0
_REFUSAL = 0x80


@define(eq=False)
class Listener:
    """Subscribes, and counts what comes until it is cancelled.

    Its session outlives a connection, so that the broker keeps what is sent meanwhile.
    """

    host: str
    port: int
    options: ConnectOptions
    subscriptions: tuple[Subscription, ...]
    intake: Intake
    connected: bool = False
    problem: str | None = None
    _session: Session = field(factory=Session)

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Listen; started once the broker has granted the subscription.

        Raises:
            MqttError: the first connection did not come about, or the subscription was refused.
        """
        await self._listen(task_status)
        while True:
            await trio.sleep(_RETRY_S)
            with suppress(ConnectFailed, ConnectRefused, ConnectionLost):
                await self._listen(trio.TASK_STATUS_IGNORED)

    async def _listen(self, task_status: trio.TaskStatus[None]) -> None:
        """Return once a connection on which messages came is lost."""
        protocol, timeout = self.options.protocols[0], self.options.connect_timeout
        connection = CountingConnection(self.options, self._session, protocol, intake=self.intake)
        driver = Driver(connection, await dial(self.host, self.port, connection, timeout))
        failure: MqttError | None = None
        granted = False
        async with trio.open_nursery() as nursery:
            nursery.start_soon(driver.run)
            try:
                await self._subscribe(driver)
                granted = True
                task_status.started()
                await self._count(driver)
            except MqttError as error:
                failure = error  # raised outside of the nursery, it is no group
            finally:
                await self._leave(driver)
        if failure is not None and not (granted and isinstance(failure, ConnectionLost)):
            raise failure

    async def _subscribe(self, driver: Driver) -> None:
        connection = driver.connection
        packet_id = connection.subscribe(self.subscriptions)
        codes = await answer_to(driver, "SUBSCRIBE", packet_id)
        for wanted, code in zip(self.subscriptions, codes, strict=False):
            if code >= _REFUSAL:
                raise SubscribeRefused(wanted.topic_filter, code)
        self.options = evolve(self.options, clean_start=False)

    async def _count(self, driver: Driver) -> None:
        outages = self.intake.account.outages
        if self.problem is not None:
            outages.end(time.time_ns() // 1_000)
        self.connected, self.problem = True, None
        try:
            await driver.until(lambda: False)
        except ConnectionLost as error:
            # When it broke is not known; when the broker last spoke is.
            outages.begin(self.intake.heard_us)
            self.problem = str(error)
        finally:
            self.connected = False

    async def _leave(self, driver: Driver) -> None:
        # With the subscription gone, the broker keeps nothing for a session that no one takes up.
        with trio.move_on_after(_FAREWELL_S, shield=True), suppress(MqttError):
            filters = tuple(one.topic_filter for one in self.subscriptions)
            driver.connection.unsubscribe(filters)
            driver.connection.disconnect()
            await driver.flush()
        driver.stop(ConnectionLost("we have disconnected"))
        await driver.channel.aclose()
