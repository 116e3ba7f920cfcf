"""From the settings to the wires that they describe; the embedded broker speaks only 3.1.1."""

from functools import partial
from math import isinf
from secrets import token_hex

import structlog
from attrs import evolve

from iotmock.actors.ports.dialect import Dialect, Node
from iotmock.broker.identities import Identities, read_identities
from iotmock.broker.options import connect_options, service_client_id, tls_of
from iotmock.dialects.native import topics
from iotmock.dialects.native.dialect import Native
from iotmock.mqtt import V311, Session
from iotmock.settings.settings import Settings
from iotmock.verification.stamp import Stamper
from iotmock.wire.broker.doubt import Doubt
from iotmock.wire.broker.hearing import Hearing
from iotmock.wire.broker.terms import BrokerTerms
from iotmock.wire.endpoint import Endpoint
from iotmock.wire.lines import MqttLines
from iotmock.wire.shared import MqttWire
from iotmock.wire.stamping import Stamping

log = structlog.get_logger()

_SESSION_EXPIRY_S = 300
_NATIVE = Native()


def make_wire(
    settings: Settings, http_port: int, *, embedded: bool, dialect: Dialect = _NATIVE
) -> MqttWire:
    """Return the wire that carries the whole fleet.

    Raises:
        SettingsError: a certificate or a file of credentials can not be used.
    """
    return _wire(settings, dialect, http_port, embedded=embedded)


def make_pool(
    settings: Settings, http_port: int, *, embedded: bool, dialect: Dialect = _NATIVE
) -> list[MqttWire]:
    """Return the wires that share a fleet; the first one hears what is for the service itself.

    Raises:
        SettingsError: a certificate or a file of credentials can not be used.
    """
    first = make_wire(settings, http_port, embedded=embedded, dialect=dialect)
    sources, count = settings.mqtt_bind_addresses or (None,), settings.mqtt_connections.count
    pool = []
    for number in range(1, count + 1):
        node = Node(f"{first.node.client_id}-{number}", number - 1, count)
        source = sources[number % len(sources)]
        options = evolve(first.options, client_id=node.client_id, source=source)
        wire = evolve(
            first,
            options=options,
            session=_session(settings, first.stamping, first.broker),
            hearing=first.hearing if number == 1 else Hearing(()),
            node=node,
            doubt=Doubt(),
        )
        pool.append(wire)
    return pool


def make_lines(
    settings: Settings, http_port: int, *, embedded: bool, dialect: Dialect = _NATIVE
) -> MqttLines:
    """Return the wire that gives each device a connection, and the service one of its own.

    Raises:
        SettingsError: a certificate or a file of credentials can not be used.
    """
    service = _wire(settings, dialect, http_port, embedded=embedded)
    service.node = evolve(service.node, carries=False)
    endpoint = Endpoint(
        service.host,
        service.port,
        service.options,
        read_identities(settings),
        tls_of(settings, None, None) if settings.mqtt_tls else None,
        settings.mqtt_bind_addresses,
    )
    return MqttLines(service, endpoint, settings.mqtt_window)


def _service_filters(settings: Settings) -> tuple[str, ...]:
    events = (topics.PLATFORM_EVENTS_FILTER,) if settings.platform_sync else ()
    return (topics.GROUPS_FILTER, *events)


def _wire(settings: Settings, dialect: Dialect, http_port: int, *, embedded: bool) -> MqttWire:
    client_id = service_client_id(settings, http_port)
    options = evolve(connect_options(settings, client_id), session_expiry=_SESSION_EXPIRY_S)
    if embedded:
        options = evolve(options, protocols=(V311,))
    identities = read_identities(settings)
    life_s = identities.life_s(client_id)
    broker, stamping = BrokerTerms(_data_qos(settings, dialect)), _stamping(settings)
    return MqttWire(
        settings.mqtt_broker_host,
        settings.mqtt_broker_port,
        options,
        _session(settings, stamping, broker),
        Hearing(_service_filters(settings)),
        broker,
        dialect,
        Node(client_id),
        stamping,
        None if isinf(life_s) else partial(_password, identities, client_id),
        life_s,
    )


def _password(identities: Identities, client_id: str) -> str:
    return identities.of(client_id).password or ""


def _data_qos(settings: Settings, dialect: Dialect) -> int:
    return settings.mqtt_qos if dialect.qos is None else dialect.qos


def _session(settings: Settings, stamping: Stamping | None, broker: BrokerTerms) -> Session:
    session = Session(window=settings.mqtt_window)
    session.on_notes = broker.note
    if stamping is not None:
        session.on_taken = stamping.note_taken
    return session


def _stamping(settings: Settings) -> Stamping | None:
    if settings.mqtt_stamp == "off":
        return None
    run = settings.mqtt_stamp_run or token_hex(4)
    log.info("data messages are stamped", how=settings.mqtt_stamp, run=run)
    return Stamping(Stamper(run), in_json=settings.mqtt_stamp == "json")
