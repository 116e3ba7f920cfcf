"""Each dialect in each connection model: it is born, speaks, obeys, and leaves nothing behind.

Those that stand beside others are fleets of one service. Those that do not have tests of their own:
Sparkplug in connections that devices share, the gateway, the clouds.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from iotmock.dialects.sparkplug.payload import DataType, Metric, encode
from tests.dialects.place import Place
from tests.dialects.sparkplug.host import send
from tests.mosquitto import Mosquitto, running_mosquitto
from tests.service.process import (
    running_service,
    subscribed,
    wait_until,
)

pytestmark = pytest.mark.long(40)

_NOTHING = {"", "(null)"}
"""What mosquitto_sub shows of an empty message."""
MODELS = ("shared", "pool:2", "per-device")


@frozen
class Words:
    """What a device says and hears; `@` stands for its id. `call` None: it hears nothing."""

    birth: str | None
    data: str
    call: tuple[str, Any] | None
    left: tuple[str, ...] = ()
    """Where something is retained until it is deleted."""
    models: tuple[str, ...] = MODELS


_NATIVE = (
    "energy/devices/@/commands",
    {"command": "set_enabled", "parameters": {"enabled": False}},
)
_STATUS = "energy/devices/@/status"
_OFF = encode(0, [Metric("Commands/set_enabled", DataType.BOOLEAN, value=False)])
EACH = {
    "native": Words(_STATUS, "energy/devices/@/data", _NATIVE, (_STATUS,)),
    "homeassistant": Words(
        "homeassistant/device/@/config",
        "energy/devices/@/data",
        _NATIVE,
        ("homeassistant/device/@/config", _STATUS, "energy/devices/@/settings"),
    ),
    "sparkplug": Words(
        "spBv1.0/iotmock/DBIRTH/@/@",
        "spBv1.0/iotmock/DDATA/@/@",
        ("spBv1.0/iotmock/DCMD/@/@", _OFF),
        models=("per-device",),
    ),
    "tasmota": Words("tele/@/LWT", "tele/@/SENSOR", ("cmnd/@/Power", b"OFF"), ("tele/@/LWT",)),
    "thingsboard": Words(
        "v1/devices/me/attributes",
        "v1/devices/me/telemetry",
        ("v1/devices/me/rpc/request/7", {"method": "set_enabled", "params": {"enabled": False}}),
        models=("per-device",),
    ),
    "influx": Words("telegraf/status/@", "telegraf/energy/@", None),
    "openwb": Words(None, "openWB/set/mqtt/counter/@/get/power", None),
    "evcc": Words(
        "evcc-meters/@/enabled",
        "evcc-meters/@/power",
        ("evcc-meters/@/enable", b"false"),
        ("evcc-meters/@/enabled",),
    ),
    "shelly-status": Words(
        "@/online", "@/status/switch:0", ("@/command/switch:0", b"off"), ("@/online",)
    ),
    "zigbee2mqtt": Words(
        "zigbee2mqtt/@/availability",
        "zigbee2mqtt/@",
        ("zigbee2mqtt/@/set", {"state": "OFF"}),
        ("zigbee2mqtt/@/availability",),
    ),
}
WAYS = [(model, name) for model in MODELS for name, one in EACH.items() if model in one.models]


@pytest.fixture(scope="module")
def place_of(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], Place]]:
    """Each service is started once, for whichever of the tests wants it first."""
    with ExitStack() as stack:
        broker = stack.enter_context(running_mosquitto(tmp_path_factory.mktemp("broker")))

        @cache
        def place_of(model: str) -> Place:
            return stack.enter_context(placed(tmp_path_factory.mktemp("service"), broker, model))

        yield place_of


@contextmanager
def placed(folder: Path, broker: Mosquitto, model: str) -> Iterator[Place]:
    with (
        subscribed(broker.port, "-F", "%t %x", topic="#") as heard,
        running_service(
            folder,
            MQTT_BROKER_PORT=broker.port,
            MQTT_CONNECTIONS=model,
            MQTT_CLIENT_ID=f"each-{MODELS.index(model)}",
            MQTT_QOS=0,  # as Sparkplug wants it
            SIMULATION_INTERVAL=0.5,
            DEFAULT_DEVICES="false",
        ) as service,
    ):
        place = Place(service, heard, broker.port)
        for name, words in EACH.items():
            if model in words.models:
                assert place.fleet(fleet_of(name, model), "hvac", name, count=1)[0] == 202
        yield place


def fleet_of(dialect: str, model: str) -> str:
    return f"{dialect}-{MODELS.index(model)}"


@pytest.mark.parametrize(("model", "name"), WAYS)
def test_a_device_is_born_speaks_obeys_and_leaves_nothing(
    place_of: Callable[[str], Place], model: str, name: str
) -> None:
    place = place_of(model)
    words, device = EACH[name], f"{fleet_of(name, model)}-hvac-000001"
    data = place.first(words.data.replace("@", device))
    if words.birth is not None:
        assert place.first(words.birth.replace("@", device)) < data
    if words.call is not None:
        _obeys(place, device, *words.call)
    _leaves_nothing(place, device, [topic.replace("@", device) for topic in words.left])


def _obeys(place: Place, device: str, topic: str, content: Any) -> None:
    payload = content if isinstance(content, bytes) else json.dumps(content).encode()

    def is_off() -> bool:
        # At QoS 0 one that comes before the device's last filter is nobody's.
        send(place.port, topic.replace("@", device), payload)
        return not place.service.device(device)["enabled"]

    wait_until(is_off, 10, f"{device} is off")


def _leaves_nothing(place: Place, device: str, left: list[str]) -> None:
    assert all(place.at(topic)[-1] for topic in left)
    assert place.service.request("DELETE", f"/api/v1/devices/{device}")[0] == 204
    place.heard.wait_for(lambda _: all(place.at(topic)[-1] in _NOTHING for topic in left))
