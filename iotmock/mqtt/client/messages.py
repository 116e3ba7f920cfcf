"""What arrives over a connection, as a stream."""

import anyio
from attrs import define

from iotmock.mqtt.client.driver import Driver
from iotmock.mqtt.codec.packets import Message
from iotmock.mqtt.connection.connection import Connection


@define(eq=False)
class Messages:
    """The messages that arrive; taking one acknowledges it."""

    _connection: Connection
    _driver: Driver

    def __aiter__(self) -> "Messages":
        return self

    async def __anext__(self) -> Message:
        """Return the next message.

        Raises:
            ConnectionLost: the connection has ended and all that arrived is taken.
        """
        await anyio.lowlevel.checkpoint()
        while not self._connection.arrived:
            self._driver.check()
            await self._driver.received.wait()
        message = self._connection.take()
        self._driver.write_soon()
        return message

    async def take_arrived(self) -> list[Message]:
        """Return all that has arrived, at least one message: what one read brought is together.

        Raises:
            ConnectionLost: the connection has ended and all that arrived is taken.
        """
        first = await anext(self)
        return [first, *(self._connection.take() for _ in range(len(self._connection.arrived)))]
