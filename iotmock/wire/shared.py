"""One connection for a whole fleet, or for a pool's share of it.

Long because a wire makes connections, and each of them keeps its counts in its wire.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from math import inf

import structlog
import trio
from attrs import define, evolve, field

from iotmock.actors.errors import WireDownError, leaves
from iotmock.actors.messages import Incoming, Kind, Outgoing
from iotmock.actors.ports.dialect import Dialect, Entry, Node
from iotmock.actors.ports.wire import Terms, Whose
from iotmock.mqtt import Client, ConnectOptions, InvalidMessage, Message, MqttError, Session
from iotmock.mqtt.handshake.versions import Versions
from iotmock.mqtt.session.limits import NO_LIMITS, Limits
from iotmock.mqtt.transport.address import place_of
from iotmock.wire.broker.doubt import Doubt
from iotmock.wire.broker.hearing import Hearing
from iotmock.wire.broker.ours import kinds_and_devices
from iotmock.wire.broker.strikes import LoweredQos
from iotmock.wire.broker.terms import BrokerTerms
from iotmock.wire.renewal import renewal
from iotmock.wire.sealing import WITH_WILL, publish_sealed, says_will, sealed
from iotmock.wire.stamping import Stamping
from iotmock.wire.translation import as_wire_down, to_incoming, to_message, to_will

log = structlog.get_logger()

_FAREWELL_S = 1.0


@define(eq=False)
class MqttWire:
    """One connection at a time over one session: what was not acknowledged goes out again."""

    host: str
    port: int
    options: ConnectOptions
    session: Session
    hearing: Hearing
    broker: BrokerTerms
    dialect: Dialect
    node: Node
    """Of the next CONNECT."""
    stamping: Stamping | None = None
    password: Callable[[], str] | None = None
    """Makes one for each CONNECT; None: it is that of the options."""
    password_life_s: float = inf
    renews_at: float = inf
    """See `Wire.renews_at`."""
    written: int = 0
    """Messages at QoS 0 that the network took."""
    unsendable: int = 0
    """Messages that no broker, or not this one, can be sent, or that at QoS 0 were lost with the
    connection; counted as refused."""
    outdated: int = 0
    _resumes: bool = False
    _versions: Versions = field(init=False)
    _client: Client | None = None
    _doubt: Doubt = field(factory=Doubt)
    _lowered: LoweredQos = field(factory=LoweredQos, init=False)
    _dropped: int = 0
    """Of connections that have ended."""

    @_versions.default
    def _versions_of_broker(self) -> Versions:
        return Versions(self.broker.spoken)

    @property
    def address(self) -> str:
        """Where the broker is, for the log."""
        return place_of(self.host, self.port)

    @property
    def terms(self) -> Terms:
        """See `Wire.terms`."""
        return self.broker.now()

    @asynccontextmanager
    async def connect(self) -> AsyncIterator["MqttConnection"]:
        """See `Wire.connect`."""
        self._lowered.before_connect(self.session)
        entry = self.dialect.entry(self.node)
        self.renews_at = renewal(trio.current_time(), self.password_life_s)
        self.node = evolve(self.node, attempt=self.node.attempt + 1)
        client = self._client_with(self._next_options(entry))
        try:
            async with client:
                self._dropped = self.dropped
                self._resumes, self._client = True, client
                self._check(client)
                await self.hearing.begin(client, entry)
                connection = MqttConnection(client, self, entry)
                try:
                    yield connection
                finally:
                    await connection.say_goodbye()
        except* MqttError as group:
            error = next(leaves(group))
            if self._client is not client:
                self.broker.note_refusal(error)
                self._doubt.note_failure(error, client.protocol)
            raise WireDownError(str(error)) from group

    def _next_options(self, entry: Entry) -> ConnectOptions:
        # The first connection of a process begins anew: commands of an earlier life are stale.
        options = evolve(
            self.options,
            password=self.options.password if self.password is None else self.password(),
            clean_start=not (self._resumes and entry.resumes),
            session_expiry=self.options.session_expiry if entry.resumes else 0,
            will=to_will(entry.will),
        )
        return self.broker.options(self._doubt.lowered(options))

    def _check(self, client: Client) -> None:
        self.broker.note_accepted(self._doubt)
        self.broker.note_limits(client.limits)
        if self.stamping is not None:
            self.stamping.check(client.protocol)

    @property
    def is_heard(self) -> bool:
        """See `Wire.is_heard`."""
        return self.hearing.is_answered

    @property
    def dropped(self) -> int:
        """See `Wire.dropped`."""
        now = self._client.statistics().dropped if self._client is not None else 0
        return self._dropped + now

    def _client_with(self, options: ConnectOptions) -> Client:
        return Client(self.host, self.port, options, self.session, self._versions)

    def drop(self) -> None:
        """See `Wire.drop`."""
        if self._client is not None:
            self._client.abort()


@define(eq=False)
class MqttConnection:
    """See `Connection`. Long because it has an answer to each question of that port."""

    client: Client
    wire: MqttWire
    entry: Entry
    _introduced: bool = False
    _limits: Limits = NO_LIMITS
    _qos: int = 0
    """Of data messages."""
    _put: int = 0
    """Messages at QoS 0 that the network has not taken yet."""
    _flushing_since: float | None = None

    @property
    def acknowledged(self) -> int:
        """See `Connection.acknowledged`."""
        return self.wire.session.acknowledged + self.wire.written

    @property
    def refused(self) -> int:
        """See `Connection.refused`."""
        return self.wire.session.refused + self.wire.unsendable

    @property
    def outdated(self) -> int:
        """See `Connection.outdated`."""
        return self.wire.outdated

    @property
    def in_flight(self) -> int:
        """See `Connection.in_flight`."""
        return self.wire.session.in_flight + self._put

    def oldest_s(self, now: float) -> float:
        """See `Connection.oldest_s`."""
        unanswered_s = self.wire.session.oldest_s(now)
        if self._flushing_since is None:
            return unanswered_s
        return max(unanswered_s, now - self._flushing_since)

    def offer(self, messages: Sequence[Outgoing]) -> int:
        """See `Connection.offer`."""
        wire, stamping = self.wire, self.wire.stamping
        if self._limits is not self.client.limits:
            self._note_limits(self.client.limits)
        qos = self._qos
        room = messages[: self.client.window] if qos else messages
        if stamping is not None:
            stamping.begin()
        waiting, seal = wire.session.in_flight, self.entry.seal
        if seal is not None:
            taken, put, unsendable = publish_sealed(self.client, messages, seal, qos, stamping)
            self._put += put - (wire.session.in_flight - waiting)
            wire.unsendable += unsendable
            wire.outdated += taken - put - unsendable
            return taken
        try:
            taken = self.client.publish_nowait([to_message(one, qos, stamping) for one in room])
        except InvalidMessage as error:
            wire.unsendable += 1
            log.warning("a message can not be sent", device=room[0].device_id, reason=str(error))
            return 1
        self._put += taken - (wire.session.in_flight - waiting)
        return taken

    def _note_limits(self, limits: Limits) -> None:
        self._limits = limits
        self.wire.broker.note_limits(limits)
        self._qos = self.wire.broker.qos

    async def flush(self) -> None:
        """See `Connection.flush`."""
        self._flushing_since = trio.current_time()
        try:
            with as_wire_down():
                await self.client.flush()
        except BaseException:
            self.wire.unsendable += self._put
            raise
        else:
            self.wire.written += self._put
        finally:
            self._put, self._flushing_since = 0, None

    async def wait_window(self) -> None:
        """See `Connection.wait_window`."""
        with as_wire_down():
            await self.client.wait_window()

    async def wait_settled(self) -> None:
        """See `Connection.wait_settled`."""
        with as_wire_down():
            await self.client.wait_settled()
            if self._put:
                await self.client.flush()

    def unanswered(self) -> Iterator[tuple[Kind, str]]:
        """See `Connection.unanswered`."""
        return kinds_and_devices(self.wire.session.unanswered())

    @property
    def waits(self) -> bool:
        """See `Connection.waits`."""
        return self.entry.waits

    async def introduce(self) -> None:
        """See `Connection.introduce`."""
        self._introduced = True
        with as_wire_down():
            await self._say_itself(sealed(self.entry.first, self.entry))

    async def say_goodbye(self) -> None:
        """Say what comes before DISCONNECT."""
        message = sealed(self.entry.last, self.entry) if self._introduced else None
        if message is None:
            return
        with trio.move_on_after(_FAREWELL_S, shield=True), suppress(MqttError):
            if says_will(self.entry, self.client.protocol):
                await self.client.disconnect(WITH_WILL)
            else:
                await self._say_itself(message)

    async def _say_itself(self, message: Message | None) -> None:
        # At QoS 0, so that the session counts only the fleet's messages.
        if message is None:
            return
        try:
            await self.client.publish(message.topic, message.payload, retain=message.retain)
        except InvalidMessage as error:  # the broker takes hardly any packet; the others flow
            what = "the service's own status can not be sent"
            log.warning(what, topic=message.topic, reason=str(error))

    async def hear_more(self) -> bool:
        """See `Connection.hear_more`."""
        with as_wire_down():
            return await self.wire.hearing.add(self.client, self.wire.dialect.entry(self.wire.node))

    @property
    def unheard(self) -> Sequence[Whose]:
        """See `Connection.unheard`."""
        return self.wire.hearing.unheard

    async def follow(self, whose: Whose, names: Sequence[str]) -> Sequence[str]:
        """See `Connection.follow`."""
        with as_wire_down():
            return await self.wire.hearing.follow(self.client, whose, names)

    async def leave(self, whose: Whose, names: Sequence[str]) -> None:
        """See `Connection.leave`."""
        with as_wire_down():
            await self.wire.hearing.leave(self.client, whose, names)

    async def incoming(self) -> AsyncGenerator[Incoming, None]:
        """See `Connection.incoming`."""
        dialect, number = self.wire.dialect, self.wire.node.number
        with as_wire_down():
            async for message in self.client.messages:
                for incoming in to_incoming(message, dialect, number=number):
                    yield incoming
