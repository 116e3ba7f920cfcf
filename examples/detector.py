"""A small detector: says on alarms/silence which device has said nothing for a while.

    python examples/detector.py --port 1883 --patience 15

It knows MQTT and nothing of iotmock. How good it is, `iotmock alarms listen` says
(docs/reference/faults.md). It needs paho-mqtt.
"""

import argparse
import json
import os
import time
from datetime import UTC, datetime
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

DATA = "energy/devices/+/data"
ALARMS = "alarms/silence"
LOOK_EVERY_S = 0.1


class Detector:
    """Knows when each device was heard last, and which is silent."""

    def __init__(self, patience_s: float) -> None:
        self.patience_s = patience_s
        self.heard: dict[str, float] = {}
        self.silent: set[str] = set()

    def hear(self, device_id: str) -> None:
        """Note that a device has said something."""
        self.heard[device_id] = time.monotonic()
        self.silent.discard(device_id)

    def newly_silent(self) -> list[str]:
        """Return whose patience has run out since this was last asked for."""
        long_ago = time.monotonic() - self.patience_s
        found = [one for one, at in list(self.heard.items()) if at < long_ago]
        found = [one for one in found if one not in self.silent]
        self.silent.update(found)
        return found


def run(detector: Detector, host: str, port: int) -> None:
    """Watch until Ctrl-C."""

    def subscribe(client: Client, *_: Any) -> None:
        client.subscribe(DATA)

    def hear(_client: Client, _data: Any, message: MQTTMessage) -> None:
        detector.hear(message.topic.split("/")[2])

    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(os.environ.get("MQTT_USERNAME"), os.environ.get("MQTT_PASSWORD"))
    client.on_connect, client.on_message = subscribe, hear
    client.connect(host, port)
    client.loop_start()
    while True:
        for device_id in detector.newly_silent():
            now = datetime.now(UTC).isoformat()
            alarm = {"device_id": device_id, "timestamp": now, "kind": "gap"}
            client.publish(ALARMS, json.dumps(alarm), qos=1)
        time.sleep(LOOK_EVERY_S)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="localhost")
    parser.add_argument("--port", type=int, default=1883)
    parser.add_argument("--patience", type=float, default=15.0, help="s of silence")
    given = parser.parse_args()
    run(Detector(given.patience), given.host, given.port)
