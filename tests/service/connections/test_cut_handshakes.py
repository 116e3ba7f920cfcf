"""1,000 devices whose first connections are cut in the handshake: all come back to MQTT 5."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.mosquitto import running_mosquitto
from tests.mqtt.cutting_proxy import (
    CuttingProxy,
    Where,
    at_each_byte,
    at_five_bytes,
    cutting_in_a_thread,
)
from tests.service.process import Service, running_service, wait_until

pytestmark = pytest.mark.long(25)
DEVICES = 1_000
MODELS = [("per-device", at_each_byte), ("pool:500", at_each_byte), ("shared", at_five_bytes)]
_MQTT_5 = "5"
"""How mosquitto's log calls MQTT 5."""


def settings(port: int, model: str) -> dict[str, Any]:
    return {
        "MQTT_BROKER_PORT": port,
        "MQTT_CONNECTIONS": model,
        "MQTT_CONNECT_RATE": 5_000,
        "MQTT_CLIENT_ID": "mock",
        "STATE_FILE": ":memory:",
        "FLEET": f"hvac={DEVICES}",
        "SIMULATION_INTERVAL": 10,
    }


def is_whole(service: Service) -> bool:
    status = service.status()
    mqtt = status["mqtt"]
    return bool(status["devices"]["total"] == DEVICES and mqtt["open"] == mqtt["connections"])


def newest_versions(folder: Path) -> dict[str, str]:
    """Return which version each client has connected in the last time."""
    log = (folder / "mosquitto.log").read_text()
    return dict(re.findall(r"New client connected from \S+ as (\S+) \(p(\d)", log))


@pytest.mark.parametrize(("model", "where"), MODELS)
def test_all_come_back_to_mqtt_5(tmp_path: Path, model: str, where: Where) -> None:
    with running_mosquitto(tmp_path) as broker:
        proxy = CuttingProxy(broker.port, where)
        with (
            cutting_in_a_thread(proxy) as port,
            running_service(tmp_path, **settings(port, model)) as service,
        ):
            wait_until(lambda: is_whole(service), 40, "every connection is open")
            spoken = Counter(newest_versions(tmp_path).values())
            assert set(spoken) == {_MQTT_5}
            assert spoken[_MQTT_5] >= service.status()["mqtt"]["connections"]
            wait_until(lambda: service.status()["ticks"]["done"] > 0, 20, "it ticks")
    if where is at_each_byte:
        assert set(proxy.cut) >= set(range(max(proxy.lengths)))
    else:
        assert proxy.cut.total() >= 3
