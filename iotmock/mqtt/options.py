"""How a client connects."""

from attrs import evolve, field, frozen

from iotmock.mqtt.codec.packets import V5, V311, Connect, Protocol, Will
from iotmock.mqtt.codec.properties import NO_PROPERTIES, Properties
from iotmock.mqtt.traffic import Traffic
from iotmock.mqtt.transport.layers.tls import Tls


@frozen
class ConnectOptions:
    """What CONNECT says, and within which limits. Intervals in s, sizes in bytes.

    `protocols` are tried in order; the next one only when the broker refuses the version.
    """

    client_id: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    keep_alive: int = 30
    protocols: tuple[Protocol, ...] = (V5, V311)
    clean_start: bool = True
    session_expiry: int = 0
    will: Will | None = None
    receive_maximum: int = 1_000
    maximum_packet_size: int = 1 << 20
    topic_alias_maximum: int = 0
    user_properties: tuple[tuple[str, str], ...] = ()
    connect_timeout: float = 10.0
    maximum_qos: int = 2
    """The highest QoS of the will; in MQTT 3.1.1, where a broker can not say it, of all."""
    retain: bool = True
    """Whether the will is retained; in MQTT 3.1.1, where a broker can not say it, anything."""
    tls: Tls | None = None
    websocket: str | None = None
    """The path of a WebSocket (MQTT 5.0, 6), instead of plain TCP or TLS."""
    source: str | None = None
    """The address of this machine to connect from."""
    traffic: Traffic = field(factory=Traffic, eq=False, repr=False)
    """Where the bytes are counted; `evolve` hands it on to the next connection's options."""

    def connect_packet(self, protocol: Protocol) -> Connect:
        """Return the CONNECT of one version."""
        return Connect(
            client_id=self.client_id,
            protocol=protocol,
            clean_start=self.clean_start,
            keep_alive=self.keep_alive,
            username=self.username,
            password=None if self.password is None else self.password.encode(),
            will=self._allowed_will(),
            properties=self._properties() if protocol == V5 else NO_PROPERTIES,
        )

    def _allowed_will(self) -> Will | None:
        if self.will is None:
            return None
        qos, retain = min(self.will.qos, self.maximum_qos), self.will.retain and self.retain
        return evolve(self.will, qos=qos, retain=retain)

    def _properties(self) -> Properties:
        return Properties(
            session_expiry_interval=self.session_expiry or None,
            receive_maximum=self.receive_maximum,
            maximum_packet_size=self.maximum_packet_size,
            topic_alias_maximum=self.topic_alias_maximum or None,
            user_properties=self.user_properties,
        )
