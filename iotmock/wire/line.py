"""The connections of one device: its own client id, will, subscription and credentials."""

import typing
from collections.abc import Iterator, Sequence
from functools import partial
from math import inf

import structlog
import trio
from attrs import define, field

from iotmock.actors.errors import WireDownError
from iotmock.actors.messages import Incoming, Kind, Outgoing
from iotmock.actors.ports.dialect import Dialect, Entry, Seal
from iotmock.mqtt import ConnectFailed, InvalidMessage, MqttError, Protocol, Session
from iotmock.mqtt.handshake.versions import Versions
from iotmock.mqtt.lines.line import Line
from iotmock.mqtt.lines.watch import Watch
from iotmock.mqtt.session.limits import NO_LIMITS, Limits
from iotmock.wire.broker.approach import Approach
from iotmock.wire.broker.ours import kinds_and_devices
from iotmock.wire.broker.strikes import LoweredQos
from iotmock.wire.broker.terms import BrokerTerms
from iotmock.wire.dialling import Dialling
from iotmock.wire.endpoint import Endpoint
from iotmock.wire.sealing import WITH_WILL, says_will, sealed
from iotmock.wire.stamping import Stamping
from iotmock.wire.translation import as_wire_down, to_incoming, to_message

log = structlog.get_logger()


class Lines(typing.Protocol):
    """What a line shares with all others, and counts for them."""

    endpoint: Endpoint
    watch: "Watch[MqttLine]"
    stamping: Stamping | None
    acknowledged: int
    refused: int
    outdated: int
    in_flight: int

    @property
    def address(self) -> str:
        """Where the broker is, for messages."""
        ...

    @property
    def broker(self) -> BrokerTerms:
        """What the broker takes."""
        ...

    @property
    def dialect(self) -> Dialect:
        """What devices understand."""
        ...


@define(eq=False)
class MqttLine:
    """See `Line` of the actors' ports: one device's connections, one after the other.

    Long because it has an answer to each question of the port, and every one that ends a message
    counts it.
    """

    device_id: str
    wire: Lines
    session: Session
    approach: Approach
    renews_at: float = inf
    """See `Line.renews_at`."""
    _line: Line | None = None
    _entry: Entry = field(factory=partial(Entry, None, ()))
    _seal: Seal | None = None
    """That of the entry: asked for with every message."""
    _limits: Limits = NO_LIMITS
    _qos: int = 0
    """Of data messages."""
    _unwritten: int = 0
    """Messages at QoS 0 that the network has not taken yet."""
    _versions: Versions = field(init=False)
    _lowered: LoweredQos = field(factory=LoweredQos)

    @_versions.default
    def _versions_of_broker(self) -> Versions:
        return Versions(self.wire.broker.spoken)

    @property
    def protocol(self) -> Protocol | None:
        """The version that is spoken, or None while the line is down."""
        return None if self._line is None else self._line.connection.protocol

    async def open(self, entry: Entry) -> None:
        """See `Line.open`."""
        try:
            with as_wire_down():
                await self._open(entry)
        except WireDownError as error:
            if isinstance(error.__cause__, ConnectFailed):
                self.wire.endpoint.forget_address()
            raise

    async def _open(self, entry: Entry) -> None:
        self._lowered.before_connect(self.session)
        self.renews_at = self.wire.endpoint.renewal(self.device_id, trio.current_time())
        dialling = Dialling(self.wire.endpoint, self.session, self.approach, self.wire.stamping)
        try:
            self._begin(await dialling.connect(self._versions, entry))
            self._entry, self._seal = entry, entry.seal
        finally:
            _count_answers(self.wire, self.session)

    def _begin(self, line: Line) -> None:
        self.wire.endpoint.prefer(line)
        self._line = line
        line.be_watched(self.wire.watch, self)
        self._note_limits(line.connection.limits)

    def read(self, now: float) -> Sequence[Incoming]:
        """See `Line.read`."""
        line = self._line
        if line is None:
            raise WireDownError(f"there is no connection to {self.wire.address}")
        try:
            if not line.read_nowait(now) and not line.connection.arrived:
                return ()
        except MqttError as error:
            raise WireDownError(str(error)) from error
        finally:
            _count_answers(self.wire, self.session)
        self._count_written(line)
        if line.connection.limits is not self._limits:
            self._note_limits(line.connection.limits)
        return self._heard(line) if line.connection.arrived else ()

    def _heard(self, line: Line) -> list[Incoming]:
        connection, dialect, found = line.connection, self.wire.dialect, list[Incoming]()
        for _ in range(len(connection.arrived)):
            found += to_incoming(connection.take(), dialect, self.device_id)
        line.write()
        return found

    def _note_limits(self, limits: Limits) -> None:
        self._limits, broker = limits, self.wire.broker
        broker.note_limits(limits)
        self._qos = min(broker.wanted_qos, limits.maximum_qos)

    def take(self, message: Outgoing) -> bool:
        """See `Line.take`."""
        line, wire = self._line, self.wire
        if line is None or line.unsent:
            return False
        stamping = wire.stamping
        if stamping is not None:
            stamping.begin()
        to_send = to_message(message, self._qos, stamping)
        if to_send.qos and not self.session.free:
            return False
        if self._seal is not None:  # after all that may stop it: now it gets its number
            to_say = self._seal(message)
            if to_say is None:
                wire.outdated += 1
                return True
            to_send = to_message(to_say, self._qos, stamping)
        try:
            packet_id = line.connection.publish_one(to_send)
        except InvalidMessage as error:
            log.warning("a message can not be sent", device=self.device_id, reason=str(error))
            wire.refused += 1
            return True
        wire.in_flight += 1
        if packet_id is None:
            self._unwritten += 1
        return True

    def flush(self, now: float) -> None:
        """See `Line.flush`."""
        if (line := self._line) is not None:
            line.write(now)
            self._count_written(line)

    @property
    def blocked(self) -> bool:
        """See `Line.blocked`."""
        return self._line is not None and bool(self._line.unsent)

    async def drain(self) -> None:
        """See `Line.drain`."""
        if (line := self._line) is not None:
            await line.drain()
            self._count_written(line)

    @property
    def settled(self) -> bool:
        """See `Line.settled`."""
        return not (self.session.in_flight or self._unwritten)

    def unanswered(self) -> Iterator[tuple[Kind, str]]:
        """See `Line.unanswered`."""
        return kinds_and_devices(self.session.unanswered())

    def show_life(self, now: float) -> None:
        """See `Line.show_life`."""
        if self._line is not None:
            self._line.show_life(now)

    def oldest_s(self, now: float) -> float:
        """See `Line.oldest_s`."""
        line, unanswered_s = self._line, self.session.oldest_s(now)
        if line is None or not line.unsent:
            return unanswered_s
        return max(unanswered_s, now - line.last_sent)

    def leave(self) -> None:
        """See `Line.leave`."""
        if (line := self._line) is not None:
            last = sealed(self._entry.last, self._entry)
            by_will = last is not None and says_will(self._entry, line.connection.protocol)
            if last is not None and not by_will:
                line.connection.publish_one(last)
            self._count_last(complete=line.leave(WITH_WILL if by_will else 0))
            self._line = None

    def abort(self) -> None:
        """See `Line.abort`."""
        if self._line is not None:
            self._count_last(complete=self._line.abort())
            self._line = None

    def forget(self) -> int:
        """See `Line.forget`."""
        self.abort()
        lost = self.session.in_flight
        self.wire.in_flight -= lost
        return lost

    def _count_written(self, line: Line) -> None:
        if self._unwritten and not line.unsent:
            self._count_last(complete=True)

    def _count_last(self, *, complete: bool) -> None:
        count, self._unwritten = self._unwritten, 0
        self.wire.in_flight -= count
        if complete:
            self.wire.acknowledged += count
        else:
            self.wire.refused += count


def _count_answers(wire: Lines, session: Session) -> None:
    taken, refused = session.acknowledged, session.refused
    if taken or refused:
        session.acknowledged = session.refused = 0
        wire.acknowledged += taken
        wire.refused += refused
        wire.in_flight -= taken + refused
