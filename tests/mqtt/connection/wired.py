"""A connection and the broker at its other end, without a network between."""

from attrs import define, evolve, field

from iotmock.mqtt import (
    NO_PROPERTIES,
    V5,
    ConnectOptions,
    Message,
    Properties,
    Session,
)
from iotmock.mqtt.codec.decoder import Decoder
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import (
    ConnAck,
    Connect,
    Packet,
    Protocol,
)
from iotmock.mqtt.connection.connection import Connection

OPTIONS = ConnectOptions("me", "user", "secret", receive_maximum=3, topic_alias_maximum=2)


@define(eq=False)
class Wired:
    """A connection and the broker's end of it."""

    connection: Connection
    decoder: Decoder = field(factory=lambda: Decoder(V5))

    def sent(self) -> list[Packet]:
        return list(self.decoder.feed(self.connection.drain()))

    def tell(self, *packets: Packet) -> None:
        protocol = self.connection.protocol
        self.connection.receive(b"".join(encode(packet, protocol) for packet in packets))


def wire(
    session: Session | None = None,
    *,
    present: bool = False,
    limits: Properties = NO_PROPERTIES,
    protocol: Protocol = V5,
) -> Wired:
    options = evolve(OPTIONS, clean_start=not present)
    wired = Wired(Connection(options, session or Session(), protocol), Decoder(protocol))
    (connect,) = wired.sent()
    assert isinstance(connect, Connect)
    wired.tell(ConnAck(present, 0, limits))
    return wired


def message(number: int, qos: int = 1) -> Message:
    return Message("t", b"%d" % number, qos)
