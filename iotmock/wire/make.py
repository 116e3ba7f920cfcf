"""From the settings to the wires that they describe; the embedded broker speaks only 3.1.1."""

from secrets import token_hex

import structlog
from attrs import evolve

from iotmock.broker.identities import read_identities
from iotmock.broker.options import connect_options, service_client_id, tls_of
from iotmock.mqtt import V311, ConnectOptions, Session, Will
from iotmock.mqtt.codec import topics
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


def make_wire(settings: Settings, http_port: int, *, embedded: bool) -> MqttWire:
    """Return the wire that carries the whole fleet.

    Raises:
        SettingsError: a certificate or a file of credentials can not be used.
    """
    filters = [topics.COMMANDS_FILTER, *_service_filters(settings)]
    return _wire(settings, http_port, filters, embedded=embedded)


def make_pool(settings: Settings, http_port: int, *, embedded: bool) -> list[MqttWire]:
    """Return the wires that share a fleet; the first one hears commands and events for all.

    Raises:
        SettingsError: a certificate or a file of credentials can not be used.
    """
    first = make_wire(settings, http_port, embedded=embedded)
    sources = settings.mqtt_bind_addresses or (None,)
    pool = []
    for number in range(1, settings.mqtt_connections.count + 1):
        options = _named(first.options, f"{first.options.client_id}-{number}")
        options = evolve(options, source=sources[number % len(sources)])
        session = _session(settings, first.stamping, first.broker)
        hearing = first.hearing if number == 1 else Hearing(())
        pool.append(evolve(first, options=options, session=session, hearing=hearing, doubt=Doubt()))
    return pool


def make_lines(settings: Settings, http_port: int, *, embedded: bool) -> MqttLines:
    """Return the wire that gives each device a connection, and the service one of its own.

    Raises:
        SettingsError: a certificate or a file of credentials can not be used.
    """
    service = _wire(settings, http_port, _service_filters(settings), embedded=embedded)
    endpoint = Endpoint(
        service.host,
        service.port,
        service.options,
        read_identities(settings),
        tls_of(settings, None, None) if settings.mqtt_tls else None,
        settings.mqtt_bind_addresses,
    )
    return MqttLines(service, endpoint, settings.mqtt_window)


def _service_filters(settings: Settings) -> list[str]:
    events = [topics.PLATFORM_EVENTS_FILTER] if settings.platform_sync else []
    return [topics.GROUPS_FILTER, *events]


def _wire(settings: Settings, http_port: int, filters: list[str], *, embedded: bool) -> MqttWire:
    client_id = service_client_id(settings, http_port)
    options = evolve(connect_options(settings, client_id), session_expiry=_SESSION_EXPIRY_S)
    if embedded:
        options = evolve(options, protocols=(V311,))
    broker, stamping = BrokerTerms(settings.mqtt_qos), _stamping(settings)
    return MqttWire(
        settings.mqtt_broker_host,
        settings.mqtt_broker_port,
        _named(options, client_id),
        _session(settings, stamping, broker),
        Hearing(tuple(filters)),
        broker,
        stamping,
    )


def _session(settings: Settings, stamping: Stamping | None, broker: BrokerTerms) -> Session:
    session = Session(window=settings.mqtt_window)
    session.on_notes = broker.note
    if stamping is not None:
        session.on_taken = stamping.note_taken
    return session


def _named(options: ConnectOptions, client_id: str) -> ConnectOptions:
    will = Will(topics.mock_status_topic(client_id), b"offline", qos=1, retain=True)
    return evolve(options, client_id=client_id, will=will)


def _stamping(settings: Settings) -> Stamping | None:
    if settings.mqtt_stamp == "off":
        return None
    run = settings.mqtt_stamp_run or token_hex(4)
    log.info("data messages are stamped", how=settings.mqtt_stamp, run=run)
    return Stamping(Stamper(run), in_json=settings.mqtt_stamp == "json")
