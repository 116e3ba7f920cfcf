"""What an independent client (paho) sees of a fleet: it is subscribed before anything is sent."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from attrs import define, field
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from tests.mosquitto import PASSWORD, USERNAME
from tests.patience import SLACK

WAIT_S = 40.0


@define(eq=False)
class Witness:
    """Every message, in order."""

    client: Client
    messages: list[MQTTMessage] = field(factory=list)
    told: threading.Condition = field(factory=threading.Condition)
    subscribed: bool = False

    def hear(self, message: MQTTMessage) -> None:
        with self.told:
            self.messages.append(message)
            self.told.notify_all()

    def note_subscribed(self) -> None:
        with self.told:
            self.subscribed = True
            self.told.notify_all()

    def wait(self, condition: Callable[[], Any], what: str) -> None:
        with self.told:
            assert self.told.wait_for(condition, WAIT_S * SLACK), f"{what}: {self._latest()}"

    def _latest(self) -> list[str]:
        return [f"{one.topic} {one.payload[:60]!r} q{one.qos}" for one in self.messages[-5:]]

    def at(self, topic: str) -> list[MQTTMessage]:
        return [one for one in self.messages if one.topic == topic]

    def below(self, beginning: str) -> list[MQTTMessage]:
        return [one for one in self.messages if one.topic.startswith(beginning)]

    def values(self, topic: str) -> list[Any]:
        return [json.loads(one.payload or b"null") for one in self.at(topic)]

    def command(self, device_id: str, **parameters: object) -> None:
        text = json.dumps({"command": "set_voltage", "parameters": parameters})
        self.client.publish(f"energy/devices/{device_id}/commands", text, 1).wait_for_publish(
            10 * SLACK
        )


@contextmanager
def witness(port: int, topic: str, qos: int = 2) -> Iterator[Witness]:
    """Subscribe to a topic during the block."""
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(USERNAME, PASSWORD)
    seen = Witness(client)

    @client.connect_callback()
    def subscribe(*_: object) -> None:
        client.subscribe(topic, qos)

    client.on_message = lambda _client, _data, message: seen.hear(message)
    client.on_subscribe = lambda *_: seen.note_subscribed()
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        seen.wait(lambda: seen.subscribed, "the subscription is acknowledged")
        yield seen
    finally:
        client.disconnect()
        client.loop_stop()
