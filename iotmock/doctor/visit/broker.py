"""Whether the broker can be reached as the settings say, and what it can."""

from attrs import evolve

from iotmock.broker.options import connect_options, service_client_id
from iotmock.dialects.native import topics
from iotmock.doctor.finding import Finding, ok, problem
from iotmock.doctor.visit.terms import Terms, terms_of
from iotmock.mqtt import (
    BadCredentials,
    Client,
    ConnectFailed,
    ConnectOptions,
    ConnectRefused,
    HandshakeFailed,
    MqttError,
    SubscribeRefused,
    Subscription,
    TlsFailed,
    UnsupportedProtocol,
    WebSocketRefused,
)
from iotmock.mqtt.transport.address import place_of
from iotmock.service.ground.local_broker import is_wanted
from iotmock.settings.errors import SettingsError
from iotmock.settings.settings import Settings

_CHECK = "broker"
_TIMEOUT_S = 3.0
"""In each version of MQTT; a broker answers in milliseconds, and one of 3.1.1 may say nothing to 5.
"""


async def broker(settings: Settings, *, runs: bool) -> list[Finding]:
    """Return what became of a visit: it leaves nothing, and takes nobody's client id.

    `runs` says that a service runs already, whose broker is to be there.
    """
    place = place_of(settings.mqtt_broker_host, settings.mqtt_broker_port)
    if not runs and await is_wanted(settings):
        text = f"`iotmock serve` starts a broker of its own at {place}"
        return [ok(_CHECK, text)]
    try:
        return list(terms_of(settings, place, await _visit(settings)))
    except MqttError as error:
        return [problem(_CHECK, *_why(place, error))]
    except SettingsError as error:
        return [problem(_CHECK, str(error), "set them to files that this user can read")]


async def _visit(settings: Settings) -> Terms:
    """Visit in the newest version that it answers in.

    The service is more patient: it asks twice, since it will speak that version from then on.
    """
    options = _options(settings)
    newest, *older = options.protocols
    try:
        return await _speak(settings, evolve(options, protocols=(newest,)))
    except (HandshakeFailed, UnsupportedProtocol):
        if not older:
            raise
    return await _speak(settings, evolve(options, protocols=(older[0],)))


async def _speak(settings: Settings, options: ConnectOptions) -> Terms:
    client = Client(settings.mqtt_broker_host, settings.mqtt_broker_port, options)
    try:
        async with client:
            refused = await _try_to_hear(client)
            return Terms(client.protocol, client.limits, client.connack.properties, refused)
    except* MqttError as group:
        [error, *_] = group.exceptions
    raise error


def _options(settings: Settings) -> ConnectOptions:
    client_id = service_client_id(settings, settings.port)
    options = connect_options(settings, client_id)
    return evolve(options, client_id=f"{client_id}-doctor", connect_timeout=_TIMEOUT_S)


async def _try_to_hear(client: Client) -> bool:
    """Subscribe to commands; return whether that was refused."""
    if not client.limits.wildcards:
        return False
    try:
        await client.subscribe(Subscription(topics.COMMANDS_FILTER, qos=0))
    except SubscribeRefused:
        return True
    return False


def _why(place: str, error: MqttError) -> tuple[str, str]:
    """Return what is wrong, and what to do."""
    match error:
        case BadCredentials():
            return str(error), "set MQTT_USERNAME and MQTT_PASSWORD to a login that it knows"
        case ConnectRefused():
            return str(error), "its log says more; see docs/reference/brokers.md"
        case TlsFailed() | WebSocketRefused():
            return str(error), f"see {_page_of(error)}"
        case HandshakeFailed():
            return _of_handshake(place, str(error))
        case ConnectFailed():
            return str(error), _of_network(str(error))
    return str(error), "try again; see docs/how-to/troubleshooting.md if it stays so"


def _page_of(error: MqttError) -> str:
    is_tls = isinstance(error, TlsFailed)
    return "docs/how-to/tls.md" if is_tls else "docs/reference/configuration.md, WebSocket"


def _of_handshake(place: str, text: str) -> tuple[str, str]:
    if text.endswith("does not answer"):
        text = f"{place} takes the connection and says nothing to MQTT"
    return text, "it may be another service's port, or the broker hangs: check MQTT_BROKER_PORT"


def _of_network(text: str) -> str:
    if "looked up" in text:
        return "set MQTT_BROKER_HOST to a name or an address that there is"
    if "answered no MQTT" in text:
        return "set MQTT_BROKER_PORT to the broker's MQTT port, or the transport as it says"
    if "does not answer" in text:
        return "is there a firewall between, and is MQTT_BROKER_HOST right?"
    return "start the broker, or set MQTT_BROKER_HOST and MQTT_BROKER_PORT to where it is"
