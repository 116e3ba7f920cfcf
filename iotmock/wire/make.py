"""From the settings to the wires that they describe; the embedded broker speaks only 3.1.1."""

from secrets import token_hex
from socket import gethostname

import structlog
from attrs import evolve

from iotmock.mqtt import (
    V5,
    V311,
    ConnectOptions,
    Session,
    Tls,
    Will,
    topics,
)
from iotmock.settings import Settings, SettingsError
from iotmock.stamp import Stamper
from iotmock.wire.broker.doubt import Doubt
from iotmock.wire.broker.hearing import Hearing
from iotmock.wire.broker.terms import BrokerTerms
from iotmock.wire.identities import read_identities
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
    identities = read_identities(settings)
    return MqttLines(
        service,
        identities,
        _tls(settings, None, None) if settings.mqtt_tls else None,
        settings.mqtt_bind_addresses,
        settings.mqtt_window,
    )


def _service_filters(settings: Settings) -> list[str]:
    events = [topics.PLATFORM_EVENTS_FILTER] if settings.platform_sync else []
    return [topics.GROUPS_FILTER, *events]


def _wire(settings: Settings, http_port: int, filters: list[str], *, embedded: bool) -> MqttWire:
    client_id = settings.mqtt_client_id or f"iotmock-{gethostname()}-{http_port}"
    identity = read_identities(settings).of(client_id)
    options = ConnectOptions(
        client_id=client_id,
        username=identity.username,
        password=identity.password,
        keep_alive=settings.mqtt_keep_alive,
        protocols=(V5, V311) if settings.mqtt_protocol == "5" and not embedded else (V311,),
        session_expiry=_SESSION_EXPIRY_S,
        tls=_tls(settings, identity.cert, identity.key) if settings.mqtt_tls else None,
        websocket=settings.mqtt_websocket_path if settings.mqtt_transport == "websocket" else None,
        source=next(iter(settings.mqtt_bind_addresses), None),
    )
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


def _tls(settings: Settings, cert: str | None, key: str | None) -> Tls:
    tls = Tls(settings.mqtt_tls_ca, cert, key, settings.mqtt_tls_alpn)
    try:
        tls.context()
    except OSError as error:
        names = "MQTT_TLS_CA, MQTT_TLS_CERT or MQTT_TLS_KEY"
        files = (settings.mqtt_tls_ca, cert, key)
        raise SettingsError(f"{names} can not be used ({files}): {error}") from error
    return tls
