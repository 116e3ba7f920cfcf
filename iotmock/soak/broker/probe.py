"""Whether a broker can be used, and which version of MQTT it speaks."""

from attrs import evolve, frozen

from iotmock.mqtt import BadCredentials, Client, ConnectFailed, ConnectOptions, MqttError, Protocol
from iotmock.mqtt.errors import AnotherProtocol, HandshakeFailed, TlsFailed, WebSocketRefused
from iotmock.mqtt.transport.address import place_of
from iotmock.soak.run.error import SoakError

_ANSWERS_S = 6.0
"""What a broker may take to answer CONNECT; half of it at the first attempt, in MQTT 5."""


@frozen
class Keys:
    """What a user sets where, for sentences about what to do."""

    place: str
    login: str
    words: tuple[tuple[str, str], ...] = ()
    """What stands for settings of the service in sentences of the wire."""


OF_SCENARIO = Keys(
    "host and port of [broker]",
    "username and password_env of [broker]",
    (
        ("MQTT_TLS=on", "tls = true"),
        ("MQTT_TLS=off", "tls = false"),
        ("MQTT_TRANSPORT=websocket", 'transport = "websocket"'),
        ("MQTT_BROKER_HOST", "host"),
        ("MQTT_BROKER_PORT", "port"),
        ("MQTT_TLS_CA", "tls_ca"),
        ("MQTT_TLS_CERT", "tls_cert"),
        ("MQTT_TLS_KEY", "tls_key"),
        ("MQTT_WEBSOCKET_PATH", "websocket_path"),
    ),
)


async def find_protocol(host: str, port: int, options: ConnectOptions, keys: Keys) -> Protocol:
    """Connect, leave, and return the newest version of those in `options` that the broker speaks.

    Raises:
        SoakError: it can not be used: why, and what to do.
    """
    timeout = min(options.connect_timeout, _ANSWERS_S)
    client = Client(host, port, evolve(options, connect_timeout=timeout))
    try:
        async with client:
            return client.protocol
    except MqttError as error:
        raise SoakError(_sentence(error, place_of(host, port), keys)) from error


def _sentence(error: MqttError, place: str, keys: Keys) -> str:
    match error:
        case BadCredentials():
            return f"the login is refused at {place}: {error}; set {keys.login}"
        case HandshakeFailed():
            return (
                f"{error}, though something listens there: it is no MQTT broker, or wants TLS; "
                f"set {keys.place}"
            )
        case AnotherProtocol() | TlsFailed() | WebSocketRefused():
            return _in_words_of(keys, str(error))
        case ConnectFailed():
            return f"{error}; start the broker, or set {keys.place}"
        case _:
            return f"the broker at {place} can not be used: {error}"


def _in_words_of(keys: Keys, text: str) -> str:
    for setting, key in keys.words:
        text = text.replace(setting, key)
    return text
