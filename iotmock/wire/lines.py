"""A connection for each device: its own client id, will, subscription and credentials."""

from collections.abc import Iterator, Sequence
from functools import partial

import structlog
import trio
from attrs import define, evolve, field

from iotmock.actors.errors import WireDownError
from iotmock.actors.messages import IncomingCommand, Kind, Outgoing
from iotmock.actors.ports import Terms
from iotmock.broker.identities import Identities, Identity
from iotmock.mqtt import (
    ConnectFailed,
    ConnectOptions,
    InvalidMessage,
    MqttError,
    Protocol,
    Session,
    Will,
)
from iotmock.mqtt.codec import topics
from iotmock.mqtt.connection.connection import Connection
from iotmock.mqtt.handshake.versions import Dialogue, Versions, for_a_visit
from iotmock.mqtt.lines.line import Line
from iotmock.mqtt.lines.watch import Watch
from iotmock.mqtt.session.limits import NO_LIMITS, Limits
from iotmock.mqtt.transport.address import Address, look_up
from iotmock.mqtt.transport.layers.tls import Tls
from iotmock.wire.broker.approach import Approach
from iotmock.wire.broker.ours import kinds_and_devices
from iotmock.wire.broker.strikes import LoweredQos
from iotmock.wire.broker.terms import BrokerTerms
from iotmock.wire.shared import MqttWire
from iotmock.wire.stamping import Stamping
from iotmock.wire.translation import as_wire_down, to_incoming, to_message

log = structlog.get_logger()


@define(eq=False)
class MqttLines:
    """What the lines share: where the broker is, how to connect, and the counts of all.

    acknowledged + refused + in_flight are all messages that lines have taken. At QoS 0 a message
    counts as acknowledged once the network has it.
    """

    service: MqttWire
    """The connection of the service itself."""
    identities: Identities
    tls: Tls | None
    sources: tuple[str, ...] = ()
    window: int = 500
    acknowledged: int = 0
    refused: int = 0
    in_flight: int = 0
    watch: "Watch[MqttLine]" = field(factory=Watch)
    _address: Address | None = None
    _looking: trio.Lock = field(factory=trio.Lock)
    _next_source: int = 0

    @property
    def address(self) -> str:
        """See `LineWire.address`."""
        return self.service.address

    @property
    def broker(self) -> BrokerTerms:
        """What the broker takes, and what it has refused."""
        return self.service.broker

    @property
    def terms(self) -> Terms:
        """See `LineWire.terms`."""
        return self.broker.now()

    @property
    def stamping(self) -> Stamping | None:
        """How data messages are stamped."""
        return self.service.stamping

    def line(self, device_id: str) -> "MqttLine":
        """See `LineWire.line`."""
        session = Session(window=self.window)
        session.on_notes = self.broker.note
        if self.stamping is not None:
            session.on_taken = self.stamping.note_taken
        return MqttLine(device_id, self, session, Approach(device_id, self.broker))

    async def wait_ready(self) -> "Sequence[MqttLine]":
        """See `LineWire.wait_ready`."""
        return await self.watch.wait()

    def close(self) -> None:
        """See `LineWire.close`."""
        self.watch.close()

    async def look_up(self) -> Address:
        """Return the broker's address, with the next source address in turn."""
        async with self._looking:
            if self._address is None:
                self._address = await look_up(self.service.host, self.service.port)
        if not self.sources:
            return self._address
        self._next_source = (self._next_source + 1) % len(self.sources)
        return evolve(self._address, source=self.sources[self._next_source])

    def forget_address(self) -> None:
        """Look the broker up again before the next connection: it may have moved."""
        self._address = None

    def prefer(self, line: Line) -> None:
        """Try the address first that has answered a line."""
        if self._address is not None and line.target in self._address.targets:
            self._address = self._address.preferring(line.target)

    def options(self, device_id: str, will: bytes, *, resumes: bool) -> ConnectOptions:
        """Return how a device connects: `will` is the payload of its status after its death."""
        identity = self.identities.of(device_id)
        return evolve(
            self.service.options,
            client_id=device_id,
            username=identity.username,
            password=identity.password,
            clean_start=not resumes,
            will=Will(topics.status_topic(device_id), will, qos=1, retain=True),
            tls=self._tls(identity),
        )

    def _tls(self, identity: Identity) -> Tls | None:
        if self.tls is None or identity.cert is None:
            return self.tls
        return Tls(self.tls.ca_file, identity.cert, identity.key, self.tls.alpn)


@define(eq=False)
class MqttLine:
    """See `Line` of the actors' ports: one device's connections, one after the other."""

    device_id: str
    wire: MqttLines
    session: Session
    approach: Approach
    _line: Line | None = None
    _limits: Limits = NO_LIMITS
    _qos: int = 0
    """Of data messages."""
    _unwritten: int = 0
    """Messages at QoS 0 that the network has not taken yet."""
    _versions: Versions = field(factory=Versions)
    _lowered: LoweredQos = field(factory=LoweredQos)

    @property
    def protocol(self) -> Protocol | None:
        """The version that is spoken, or None while the line is down."""
        return None if self._line is None else self._line.connection.protocol

    async def open(self, will: bytes) -> None:
        """See `Line.open`."""
        try:
            with as_wire_down():
                await self._open(will)
        except WireDownError as error:
            if isinstance(error.__cause__, ConnectFailed):
                self.wire.forget_address()
            raise

    async def _open(self, will: bytes) -> None:
        self._lowered.before_connect(self.session)
        options = self.wire.options(self.device_id, will, resumes=self.approach.resumes)
        options = self.approach.options(options)
        dialogue = Dialogue(partial(self._attempt, options), partial(self._visit, options))
        try:
            self._begin(await self._versions.connect(options, dialogue))
        finally:
            self._count_answers()

    async def _attempt(self, options: ConnectOptions, protocol: Protocol, timeout: float) -> Line:
        line = Line(Connection(options, self.session, protocol), await self.wire.look_up())
        try:
            await line.open(self.approach.subscriptions(), timeout)
        except MqttError as error:
            self.approach.note_failure(line.connection, error)
            raise
        return line

    async def _visit(self, options: ConnectOptions, protocol: Protocol, timeout: float) -> None:
        connection = Connection(for_a_visit(options), Session(), protocol)
        line = Line(connection, await self.wire.look_up())
        await line.open((), timeout)
        line.leave()

    def _begin(self, line: Line) -> None:
        try:
            self.approach.note_up()
            if self.wire.stamping is not None:
                self.wire.stamping.check(line.connection.protocol)
        except WireDownError:
            line.leave()
            raise
        self.wire.prefer(line)
        self._line = line
        line.be_watched(self.wire.watch, self)
        self._note_limits(line.connection.limits)

    def read(self, now: float) -> Sequence[IncomingCommand]:
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
            self._count_answers()
        self._count_written(line)
        if line.connection.limits is not self._limits:
            self._note_limits(line.connection.limits)
        return self._commands(line) if line.connection.arrived else ()

    def _note_limits(self, limits: Limits) -> None:
        self._limits, broker = limits, self.wire.broker
        broker.note_limits(limits)
        self._qos = min(broker.wanted_qos, limits.maximum_qos)

    def _commands(self, line: Line) -> list[IncomingCommand]:
        connection = line.connection
        found = [to_incoming(connection.take()) for _ in range(len(connection.arrived))]
        line.write()
        return [one for one in found if isinstance(one, IncomingCommand)]

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
            if self._unwritten and not line.unsent:
                self._count_last(complete=True)

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
        if self._line is not None:
            self._count_last(complete=self._line.leave())
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

    def _count_answers(self) -> None:
        wire, session = self.wire, self.session
        taken, refused = session.acknowledged, session.refused
        if taken or refused:
            session.acknowledged = session.refused = 0
            wire.acknowledged += taken
            wire.refused += refused
            wire.in_flight -= taken + refused

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
