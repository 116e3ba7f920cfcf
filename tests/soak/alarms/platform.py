"""A platform under test: it looks at every reading, and publishes alarms with the reading's time.

So it finds the same, however busy the machine is: nothing in it waits.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from tests.mosquitto import PASSWORD, USERNAME
from tests.patience import SLACK
from tests.service.process import wait_until

Rule = Callable[[dict[str, Any]], str | None]
"""Which fault a reading shows, if it shows one."""


def trips(reading: dict[str, Any]) -> str | None:
    return "trip" if reading["status"] == "error" else None


def trips_and_false_zeros(reading: dict[str, Any]) -> str | None:
    is_false = reading["power"] == 0 and reading["current"] > 0
    return "false_zero" if is_false else trips(reading)


def everything(reading: dict[str, Any]) -> str | None:
    return trips_and_false_zeros(reading) or "gap"


def nothing(_reading: dict[str, Any]) -> str | None:
    return None


def _nothing(_client: Client) -> None:
    pass


@contextmanager
def running_platform(
    port: int, rule: Rule, at_first: Callable[[Client], None] = _nothing
) -> Iterator[Client]:
    """Raise alarms on `alarms/<device>` during the block, by a rule; `at_first` at one reading."""
    subscribed: list[bool] = []
    first = [at_first]

    def hear(client: Client, _data: Any, message: MQTTMessage) -> None:
        while first:
            first.pop()(client)
        reading = json.loads(message.payload)
        kind = rule(reading)
        if kind is not None:
            told = {name: reading[name] for name in ("device_id", "timestamp")}
            client.publish(f"alarms/{told['device_id']}", json.dumps(told | {"kind": kind}), qos=1)

    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(USERNAME, PASSWORD)
    client.on_subscribe = lambda *_: subscribed.append(True)
    client.on_message = hear
    client.connect("127.0.0.1", port)
    client.subscribe("energy/devices/+/data", qos=1)
    client.loop_start()
    try:
        wait_until(lambda: bool(subscribed), 20 * SLACK, "the platform has subscribed")
        yield client
    finally:
        client.disconnect()
        client.loop_stop()
