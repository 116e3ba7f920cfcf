"""Whether a broker can be used, and which version of MQTT it speaks."""

import trio
from attrs import evolve, frozen

from iotmock.mqtt import (
    BadCredentials,
    Client,
    ConnectFailed,
    ConnectOptions,
    Message,
    MqttError,
    Protocol,
    Subscription,
)
from iotmock.mqtt.errors import AnotherProtocol, HandshakeFailed, TlsFailed, WebSocketRefused
from iotmock.mqtt.transport.address import place_of
from iotmock.soak.run.error import SoakError

_ANSWERS_S = 20.0
"""What a broker may take to answer CONNECT, half of it at the first attempt, in MQTT 5: one on this
machine is as slow as it."""
_SAYS_S = 1.0
"""What it may take to tell its version; some never do."""
_MOST_LETTERS = 80


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
    client = Client(host, port, evolve(options, connect_timeout=_ANSWERS_S))
    try:
        async with client:
            return client.protocol
    except MqttError as error:
        raise SoakError(_sentence(error, place_of(host, port), keys)) from error


async def software_of(host: str, port: int, options: ConnectOptions) -> str:
    """Return what the broker calls itself, with its version; nothing if it does not say.

    Source: the topics of mosquitto(8), "Broker status", and of EMQX, "System topic".
    """
    said = ""
    try:
        with trio.move_on_after(_SAYS_S):
            async with Client(host, port, options) as client:
                await client.subscribe(*_versions(client))
                said = _version(await anext(client.messages))
    except* MqttError:  # it need not tell, and the run will show whether it works
        said = ""
    return said


def _versions(client: Client) -> list[Subscription]:
    named = ["$SYS/broker/version"]
    if client.limits.wildcards:
        named.append("$SYS/brokers/+/version")
    return [Subscription(name, qos=0) for name in named]


def _version(message: Message) -> str:
    text = message.payload.decode(errors="replace")[:_MOST_LETTERS]
    return f"EMQX {text}" if message.topic.startswith("$SYS/brokers/") else text


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
            return in_words_of(keys, str(error))
        case ConnectFailed():
            return f"{error}; start the broker, or set {keys.place}"
        case _:
            return f"the broker at {place} can not be used: {error}"


def in_words_of(keys: Keys, text: str) -> str:
    """Return a sentence about settings with what stands for them."""
    for setting, key in keys.words:
        text = text.replace(setting, key)
    return text
