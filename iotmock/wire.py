"""The adapter between the actors' ports and `iotmock.mqtt`: kinds become topics, and back."""

import ssl
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from secrets import token_hex
from socket import gethostname

import structlog
import trio
from attrs import define, evolve, field

from iotmock.actors.errors import WireDownError
from iotmock.actors.messages import Incoming, IncomingCommand, IncomingEvent, Kind, Outgoing
from iotmock.latency import Latency
from iotmock.mqtt import (
    NO_PROPERTIES,
    V5,
    V311,
    Client,
    ConnectOptions,
    InvalidMessage,
    Message,
    MqttError,
    Properties,
    Protocol,
    Session,
    Subscription,
    Will,
    make_tls_context,
    topics,
)
from iotmock.mqtt.properties import user_property
from iotmock.settings import Settings, SettingsError
from iotmock.stamp import LONGEST, PROPERTY, Stamper

log = structlog.get_logger()

_FAREWELL_S = 1.0
_SESSION_EXPIRY_S = 300
_TOPIC_OF = {
    Kind.DATA: topics.data_topic,
    Kind.STATUS: topics.status_topic,
    Kind.RESULT: topics.result_topic,
    Kind.FAULT: topics.faults_topic,
}


_HEADS = [user_property(PROPERTY) + size.to_bytes(2, "big") for size in range(LONGEST + 1)]
"""What stands before a stamp, by its length."""


@define(eq=False)
class Stamping:
    """How data messages are stamped: as JSON, or as an MQTT 5 user property."""

    stamper: Stamper
    in_json: bool
    acknowledged: Latency = field(factory=Latency)
    """From when a message was due until the broker took it."""

    def begin(self) -> None:
        """Note that a batch goes out now."""
        self.stamper.begin(time.time())

    def message(self, outgoing: Outgoing) -> Message:
        """Return a message, with its stamp if it is data."""
        payload, stamp = outgoing.payload, outgoing.stamp
        if stamp is None:
            return _message(outgoing)
        topic = topics.data_topic(outgoing.device_id)
        if self.in_json:
            return Message(topic, self.stamper.with_field(stamp, payload), qos=1, due=stamp.due)
        text = self.stamper.text(stamp, payload)
        return Message(topic, payload, qos=1, written=_HEADS[len(text)] + text, due=stamp.due)

    def note_taken(self, messages: Sequence[Message]) -> None:
        """Record how long data messages took until their PUBACKs, which came in one read."""
        now = time.time()
        for due, count in Counter([message.due for message in messages]).items():
            if due:
                self.acknowledged.record(int((now - due) * 1e6), count)

    def check(self, protocol: Protocol) -> None:
        """Check that the stamps arrive.

        Raises:
            WireDownError: the broker speaks no MQTT 5, which alone knows user properties.
        """
        if not self.in_json and protocol != V5:
            raise WireDownError(
                "MQTT_STAMP=properties needs MQTT 5, which the broker refused; use MQTT_STAMP=json"
            )


@define(eq=False)
class MqttWire:
    """One connection at a time over one session: what was not acknowledged goes out again."""

    host: str
    port: int
    options: ConnectOptions
    session: Session
    subscriptions: tuple[Subscription, ...]
    unsendable: int = 0
    """Messages that no broker, or not this one, can be sent; counted as refused."""
    stamping: Stamping | None = None
    _resumes: bool = False

    @property
    def address(self) -> str:
        """Where the broker is, for the log."""
        return f"{self.host}:{self.port}"

    @asynccontextmanager
    async def connect(self) -> AsyncIterator["MqttConnection"]:
        """See `Wire.connect`."""
        # The first connection of a process begins anew: commands of an earlier life are stale.
        options = evolve(self.options, clean_start=not self._resumes)
        try:
            async with Client(self.host, self.port, options, self.session) as client:
                self._resumes = True
                self._try_first(client.protocol)
                if self.stamping is not None:
                    self.stamping.check(client.protocol)
                await client.subscribe(*self.subscriptions)
                async with self._introduced(client):
                    yield MqttConnection(client, self)
        except* MqttError as group:
            raise WireDownError(str(group.exceptions[0])) from group

    def _try_first(self, accepted: Protocol) -> None:
        # A broker that knows only 3.1.1 may take its time to say so; once is enough.
        others = tuple(name for name in self.options.protocols if name != accepted)
        self.options = evolve(self.options, protocols=(accepted, *others))

    @asynccontextmanager
    async def _introduced(self, client: Client) -> AsyncIterator[None]:
        # What the will says when the connection dies, this says while it lives and at its end; at
        # QoS 0, so that the session counts only the fleet's messages.
        topic = topics.mock_status_topic(self.options.client_id)
        await client.publish(topic, b"online", retain=True)
        try:
            yield
        finally:
            with trio.move_on_after(_FAREWELL_S, shield=True), suppress(MqttError):
                await client.publish(topic, b"offline", retain=True)


def make_wire(settings: Settings, http_port: int, *, embedded: bool) -> MqttWire:
    """Return the wire that the settings describe; the embedded broker speaks only 3.1.1.

    Raises:
        SettingsError: a certificate file can not be used.
    """
    client_id = settings.mqtt_client_id or f"iotmock-{gethostname()}-{http_port}"
    options = ConnectOptions(
        client_id=client_id,
        username=settings.mqtt_username,
        password=settings.mqtt_password,
        keep_alive=settings.mqtt_keep_alive,
        protocols=(V5, V311) if settings.mqtt_protocol == "5" and not embedded else (V311,),
        session_expiry=_SESSION_EXPIRY_S,
        will=Will(topics.mock_status_topic(client_id), b"offline", qos=1, retain=True),
        tls=_tls(settings) if settings.mqtt_tls else None,
    )
    filters = [topics.COMMANDS_FILTER]
    if settings.platform_sync:
        filters.append(topics.PLATFORM_EVENTS_FILTER)
    subscriptions = tuple(Subscription(name, qos=1, retain_handling=2) for name in filters)
    session, stamping = Session(window=settings.mqtt_window), _stamping(settings)
    if stamping is not None:
        session.on_taken = stamping.note_taken
    host, port = settings.mqtt_broker_host, settings.mqtt_broker_port
    return MqttWire(host, port, options, session, subscriptions, stamping=stamping)


def _stamping(settings: Settings) -> Stamping | None:
    if settings.mqtt_stamp == "off":
        return None
    run = settings.mqtt_stamp_run or token_hex(4)
    log.info("data messages are stamped", how=settings.mqtt_stamp, run=run)
    return Stamping(Stamper(run), in_json=settings.mqtt_stamp == "json")


def _tls(settings: Settings) -> ssl.SSLContext:
    files = (settings.mqtt_tls_ca, settings.mqtt_tls_cert, settings.mqtt_tls_key)
    try:
        return make_tls_context(*files)
    except OSError as error:
        names = "MQTT_TLS_CA, MQTT_TLS_CERT or MQTT_TLS_KEY"
        raise SettingsError(f"{names} can not be used ({files}): {error}") from error


@define(eq=False)
class MqttConnection:
    """See `Connection`."""

    client: Client
    wire: MqttWire

    @property
    def acknowledged(self) -> int:
        """See `Connection.acknowledged`."""
        return self.wire.session.acknowledged

    @property
    def refused(self) -> int:
        """See `Connection.refused`."""
        return self.wire.session.refused + self.wire.unsendable

    @property
    def in_flight(self) -> int:
        """See `Connection.in_flight`."""
        return self.wire.session.in_flight

    def offer(self, messages: Sequence[Outgoing]) -> int:
        """See `Connection.offer`."""
        room, stamping, message = messages[: self.client.window], self.wire.stamping, _message
        if stamping is not None:
            stamping.begin()
            message = stamping.message
        try:
            return self.client.publish_nowait([message(one) for one in room])
        except InvalidMessage as error:
            self.wire.unsendable += 1
            log.warning("not sent", device=room[0].device_id, reason=str(error))
            return 1

    async def flush(self) -> None:
        """See `Connection.flush`."""
        with _as_wire_down():
            await self.client.flush()

    async def wait_window(self) -> None:
        """See `Connection.wait_window`."""
        with _as_wire_down():
            await self.client.wait_window()

    async def wait_settled(self) -> None:
        """See `Connection.wait_settled`."""
        with _as_wire_down():
            await self.client.wait_settled()

    async def incoming(self) -> AsyncIterator[Incoming]:
        """See `Connection.incoming`."""
        with _as_wire_down():
            async for message in self.client.messages:
                if (incoming := _incoming(message)) is not None:
                    yield incoming


@contextmanager
def _as_wire_down() -> Iterator[None]:
    try:
        yield
    except MqttError as error:
        raise WireDownError(str(error)) from error


def _message(outgoing: Outgoing) -> Message:
    topic = outgoing.reply_topic or _TOPIC_OF[outgoing.kind](outgoing.device_id)
    properties = NO_PROPERTIES
    if outgoing.correlation is not None:
        properties = Properties(correlation_data=outgoing.correlation)
    retain = outgoing.kind is Kind.STATUS
    return Message(topic, outgoing.payload, qos=1, retain=retain, properties=properties)


def _incoming(message: Message) -> Incoming | None:
    if message.retain:
        # A retained command would be carried out again at every connect.
        log.warning("a retained message was ignored", topic=message.topic)
        return None
    match message.topic.split("/"):
        case ["energy", "devices", device_id, "commands"]:
            return _incoming_command(device_id, message)
        case ["energy", "events", "devices", device_id, action]:
            return IncomingEvent(action, device_id, message.payload)
    return None


def _incoming_command(device_id: str, message: Message) -> IncomingCommand:
    reply_topic = message.properties.response_topic
    if reply_topic is not None and not topics.is_topic_name(reply_topic):
        log.warning("a response topic was ignored", topic=reply_topic)
        reply_topic = None
    return IncomingCommand(
        device_id, message.payload, reply_topic, message.properties.correlation_data
    )
