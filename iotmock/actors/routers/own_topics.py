"""Own topics: a subscription for each device or location, where one for all is not to be had."""

from collections.abc import Iterator
from itertools import islice

import structlog
import trio
from attrs import define, field

from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.ports.wire import Connection, Whose
from iotmock.wording.topics import can_be_level

log = structlog.get_logger()

MOST_TOPICS = 10_000
"""A broker keeps every subscription in memory, and sends it again after each of our connects."""
_LOOK_S = 1.0


@define(eq=False)
class OwnTopics:
    """Follows the fleet over one connection, up to `MOST_TOPICS` devices."""

    supervisor: Supervisor
    connection: Connection
    whose: Whose = Whose.DEVICE
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
        wanted = dict.fromkeys(self._names())
        new = [name for name in wanted if name not in self._heard]
        gone = [name for name in self._heard if name not in wanted]
        for name in gone:
            del self._heard[name]
        if gone:
            await self.connection.leave(self.whose, gone)
        # Also of nobody: those that had no answer may be gone.
        self._heard |= dict.fromkeys(await self.connection.follow(self.whose, new))
        self._say_bound()

    def _names(self) -> Iterator[str]:
        for device in islice(self.supervisor, MOST_TOPICS):
            spec = device.model.spec
            if self.whose is Whose.DEVICE:
                yield spec.device_id
            elif can_be_level(spec.location):
                yield spec.location

    def _say_bound(self) -> None:
        devices = len(self.supervisor)
        if devices > MOST_TOPICS and not self._said and self.whose is Whose.DEVICE:
            log.warning(
                "without wildcards only the first devices hear commands over MQTT",
                heard=MOST_TOPICS,
                devices=devices,
            )
        self._said = devices > MOST_TOPICS
