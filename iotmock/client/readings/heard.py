"""Readings by listening at the broker."""

import re
from collections.abc import Callable, Sequence
from secrets import token_hex

import trio
from attrs import evolve, frozen

from iotmock.broker.options import connect_options
from iotmock.client.place import Place, is_here
from iotmock.client.readings.reading import Reading, of_message
from iotmock.dialects.native import topics
from iotmock.mqtt import V311, Client, ConnectOptions, MqttError, Subscription
from iotmock.settings.settings import Settings

_RETRY_S = 1.0
_ALL = topics.data_topic("+")
_PORT = re.compile(r"[0-9]{1,5}")


class BrokerError(Exception):
    """The broker can not be listened at, and why."""


@frozen
class Listener:
    """Hears the data messages of a broker, with the login of the settings."""

    host: str
    port: int
    options: ConnectOptions
    filters: tuple[str, ...]

    @classmethod
    def of(
        cls, settings: Settings, place: Place, broker: str, device_ids: Sequence[str]
    ) -> "Listener":
        """Return one for the broker that a service names, as host:port; no ids are every device.

        Raises:
            BrokerError: the service names no such thing.
            SettingsError: a certificate or a file of credentials can not be used.
        """
        host, port = _place_of(broker)
        # The service's localhost is not ours, unless it is on this machine.
        host = place.host if is_here(host) and not place.is_here else host
        options = connect_options(settings, f"iotmock-watch-{token_hex(4)}")
        filters = tuple(map(topics.data_topic, device_ids)) or (_ALL,)
        # All that listening takes, and understood by every broker, the embedded one included.
        options = evolve(options, protocols=(V311,))
        return cls(host, port, options, filters)

    async def listen(self, hear: Callable[[Reading], bool], note: Callable[[str], None]) -> None:
        """Hand on every reading until `hear` wants no more.

        `note` is told when the broker goes and when it comes back.

        Raises:
            BrokerError: the first connection did not come about.
        """
        was_up, is_up = False, True
        while True:
            problem = ""
            try:
                async with Client(self.host, self.port, self.options) as client:
                    await client.subscribe(*[Subscription(one, qos=0) for one in self.filters])
                    if not is_up:
                        note("the broker is back")
                    was_up = is_up = True
                    if await _hand_on(client, hear):
                        return
            except* MqttError as group:
                problem = str(group.exceptions[0])
            if not was_up:
                raise BrokerError(problem)
            if is_up:
                note(f"{problem}; waiting for the broker")
            is_up = False
            await trio.sleep(_RETRY_S)


def _place_of(broker: str) -> tuple[str, int]:
    host, _, port = broker.rpartition(":")
    if not host or not _PORT.fullmatch(port):
        raise BrokerError(f"the service names {broker[:100]!a} as its broker")
    return host.strip("[]"), int(port)


async def _hand_on(client: Client, hear: Callable[[Reading], bool]) -> bool:
    async for message in client.messages:
        _, _, device_id, *_ = *message.topic.split("/"), "", "", ""
        if hear(of_message(device_id, bytes(message.payload))):
            return True
    return False
