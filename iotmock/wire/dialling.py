"""How a device's next connection comes about: in which version, with which will."""

from functools import partial

from attrs import frozen

from iotmock.actors.errors import WireDownError
from iotmock.actors.ports.dialect import Entry
from iotmock.mqtt import ConnectOptions, MqttError, Protocol, Session
from iotmock.mqtt.connection.connection import Connection
from iotmock.mqtt.handshake.versions import Dialogue, Versions, for_a_visit
from iotmock.mqtt.lines.line import Line
from iotmock.wire.broker.approach import Approach
from iotmock.wire.endpoint import Endpoint
from iotmock.wire.stamping import Stamping


@frozen
class Dialling:
    """Whom to call, for which session, and what earlier attempts have shown."""

    endpoint: Endpoint
    session: Session
    approach: Approach
    stamping: Stamping | None

    async def connect(self, versions: Versions, entry: Entry) -> Line:
        """Return a line that is open, in one of the `versions`.

        Raises:
            MqttError: it does not come about.
            WireDownError: it does, and is not what is wanted.
        """
        approach = self.approach
        usual = self.endpoint.options(approach.device_id, entry, resumes=approach.resumes)
        options = approach.options(usual)
        attempt = partial(self._attempt, options, entry)
        dialogue = Dialogue(attempt, partial(self._visit, options))
        line = await versions.connect(options, dialogue)
        self._look_over(line)
        return line

    def _look_over(self, line: Line) -> None:
        try:
            self.approach.note_up()
            if self.stamping is not None:
                self.stamping.check(line.connection.protocol)
        except WireDownError:
            line.leave()
            raise

    async def _attempt(
        self, options: ConnectOptions, entry: Entry, protocol: Protocol, timeout: float
    ) -> Line:
        line = Line(Connection(options, self.session, protocol), await self.endpoint.look_up())
        try:
            await line.open(self.approach.subscriptions(entry), timeout)
        except MqttError as error:
            self.approach.note_failure(line.connection, error, entry)
            raise
        return line

    async def _visit(self, options: ConnectOptions, protocol: Protocol, timeout: float) -> None:
        connection = Connection(for_a_visit(options), Session(), protocol)
        line = Line(connection, await self.endpoint.look_up())
        await line.open((), timeout)
        line.leave()
