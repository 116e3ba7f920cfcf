"""Alarms are heard from before the first message until the platform had its time."""

from collections.abc import Callable
from contextlib import AsyncExitStack

import trio
from attrs import define, field

from iotmock.actors.errors import leaves
from iotmock.alarms.fields import Fields
from iotmock.alarms.gathered import Gathered
from iotmock.alarms.listening import listen_at_topics, webhook
from iotmock.broker.place import Place
from iotmock.mqtt import MqttError
from iotmock.soak.scenario.alarms import Alarms


class HearingError(Exception):
    """Alarms can not be heard where the scenario says; one line says why and what to do."""


@define(eq=False)
class Hearing:
    """Takes in what comes at the topics and the port of `[verify.alarms]`.

    `note` is told when the broker is away, and why a message is no alarm, of the first few.
    """

    wanted: Alarms
    broker: Place
    note: Callable[[str], None]
    gathered: Gathered = field(init=False)

    def __attrs_post_init__(self) -> None:
        one = self.wanted
        fields = Fields(one.device_field, one.time_field, one.kind_field, one.each)
        self.gathered = Gathered(fields, self.note)

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Hear alarms until cancelled; started once every source is open.

        Raises:
            HearingError: the port is taken, or the broker refuses.
        """
        found: list[Exception] = []
        try:
            await self._hear(task_status)
        except* (MqttError, OSError) as group:
            found = list(leaves(group))
        if found:
            raise HearingError(self._why(found[0])) from found[0]

    async def _hear(self, task_status: trio.TaskStatus[None]) -> None:
        async with trio.open_nursery() as nursery, AsyncExitStack() as stack:
            if (port := self.wanted.http_port) is not None:
                where = webhook(self.wanted.http_host, port, self.gathered)
                await stack.enter_async_context(where)
            if self.wanted.topics is not None:
                filters = tuple(self.wanted.topics)
                await nursery.start(listen_at_topics, self.broker, filters, self.gathered)
            task_status.started()
            await trio.sleep_forever()

    def _why(self, error: Exception) -> str:
        if isinstance(error, OSError):
            place = f"{self.wanted.http_host}:{self.wanted.http_port}"
            text = f"alarms can not be posted to {place}: {error.strerror}"
            return f"{text}; give another verify.alarms.http_port"
        return f"alarms can not be heard at verify.alarms.topics: {error}"
