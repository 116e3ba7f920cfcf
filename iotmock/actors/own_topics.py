"""Own topics: a subscription for each device, where one for all is not to be had."""

from itertools import islice

import structlog
import trio
from attrs import define, field

from iotmock.actors.ports import Connection
from iotmock.actors.supervisor import Supervisor

log = structlog.get_logger()

MOST_TOPICS = 10_000
"""A broker keeps every subscription in memory, and sends it again after each of our connects."""
_LOOK_S = 1.0


@define(eq=False)
class OwnTopics:
    """Follows the fleet over one connection, up to `MOST_TOPICS` devices."""

    supervisor: Supervisor
    connection: Connection
    _heard: dict[str, None] = field(factory=dict)
    _said: bool = False

    async def run(self) -> None:
        """Subscribe for devices that come and unsubscribe for those that go, until cancelled.

        Raises:
            WireDownError: the connection is gone.
        """
        while True:
            await self._follow()
            await trio.sleep(_LOOK_S)

    async def _follow(self) -> None:
        ids = (device.model.spec.device_id for device in self.supervisor)
        wanted = dict.fromkeys(islice(ids, MOST_TOPICS))
        new = [name for name in wanted if name not in self._heard]
        gone = [name for name in self._heard if name not in wanted]
        self._heard = wanted
        if gone:
            await self.connection.leave(gone)
        if new:
            await self.connection.follow(new)
        self._say_bound()

    def _say_bound(self) -> None:
        devices = len(self.supervisor)
        if devices > MOST_TOPICS and not self._said:
            log.warning(
                "without wildcards only the first devices hear commands over MQTT",
                heard=MOST_TOPICS,
                devices=devices,
            )
        self._said = devices > MOST_TOPICS
