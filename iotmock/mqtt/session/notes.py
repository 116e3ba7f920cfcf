"""What happens to messages that their sender should hear of; a session hands it on."""

from attrs import frozen

from iotmock.mqtt.codec.packets import Message


@frozen
class Refused:
    """The broker has answered for a message with a refusal (MQTT 5.0, 3.4.2.1)."""

    message: Message
    reason_code: int


@frozen
class GivenUp:
    """A message is sent no more, for a reason."""

    message: Message
    reason: str


@frozen
class Skipped:
    """A message that arrived was not read, because it is over the maximum. `size` in bytes."""

    topic: str
    size: int


Note = Refused | GivenUp | Skipped
