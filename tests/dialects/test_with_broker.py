"""Native words and those of a template, over a real broker in each connection model."""

import json
import signal
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from tests.mosquitto import Mosquitto, running_mosquitto
from tests.service.process import Service, Subscriber, publish, running_service, subscribed

pytestmark = pytest.mark.long(60)

PLANT = Path(__file__).parent / "plant.toml"
MODELS = ("shared", "pool:2", "per-device")
DEVICE = "mock-hvac-001"
_NOTHING = {"", "(null)"}
"""What mosquitto_sub shows of an empty message."""


@frozen
class Words:
    """A dialect, and what is to be seen of it."""

    setting: str
    below: str
    """Where all topics are."""
    births: tuple[str, ...]
    data: tuple[str, ...]
    alive: str
    is_online: Callable[[str], bool]
    call: tuple[str, Any]
    answer: str
    is_applied: Callable[[Any], bool]


NATIVE = Words(
    "native",
    "energy/devices/#",
    (f"energy/devices/{DEVICE}/status",),
    (f"energy/devices/{DEVICE}/data",),
    f"energy/devices/{DEVICE}/status",
    lambda text: json.loads(text)["status"] == "online",
    (
        f"energy/devices/{DEVICE}/commands",
        {"command": "set_power", "parameters": {"power": 12.5}, "id": "7"},
    ),
    f"energy/devices/{DEVICE}/commands/result",
    lambda answer: answer["status"] == "applied" and answer["id"] == "7",
)
OF_PLANT = Words(
    str(PLANT),
    "plant/#",
    (f"plant/{DEVICE}/about", f"plant/{DEVICE}/alive"),
    (f"plant/hall/{DEVICE}/telemetry", f"plant/{DEVICE}/csv"),
    f"plant/{DEVICE}/alive",
    lambda text: text == "true",
    (f"plant/{DEVICE}/call/power", {"number": 7, "value": 12_500}),
    f"plant/{DEVICE}/answer/7",
    lambda answer: answer == {"ok": True, "method": "power"},
)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


def wait_at(heard: Subscriber, topic: str, last: Collection[str] = ()) -> None:
    def is_there(heard: Subscriber) -> bool:
        found = heard.texts(topic)
        return bool(found) and (not last or found[-1] in last)

    heard.wait_for(is_there)


def started(folder: Path, broker: Mosquitto, words: Words, model: str) -> Any:
    return running_service(
        folder,
        MQTT_BROKER_PORT=broker.port,
        MQTT_CONNECTIONS=model,
        DIALECT=words.setting,
        SIMULATION_INTERVAL=0.5,
        MQTT_CLIENT_ID="words",
    )


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("words", [NATIVE, OF_PLANT], ids=["native", "template"])
def test_a_device_speaks_hears_and_dies_in_its_words(
    tmp_path: Path, broker: Mosquitto, words: Words, model: str
) -> None:
    with (
        subscribed(broker.port, topic=words.below) as heard,
        started(tmp_path, broker, words, model) as service,
    ):
        _says_all(heard, words)
        _answers(heard, broker, words, service)
        _dies(heard, words, service, model)


def _says_all(heard: Subscriber, words: Words) -> None:
    for topic in (*words.births, *words.data):
        wait_at(heard, topic)
    first = [topic for topic, _ in heard.messages if topic in {*words.births, *words.data}]
    assert first[: len(words.births)] == list(words.births)
    assert words.is_online(heard.texts(words.alive)[-1])


def _answers(heard: Subscriber, broker: Mosquitto, words: Words, service: Service) -> None:
    service.wait_connected()
    publish(broker.port, *words.call)
    (answer,) = heard.wait_for(lambda it: it.texts(words.answer))
    assert words.is_applied(json.loads(answer))
    assert service.device(DEVICE)["base_power"] == 12.5


def _dies(heard: Subscriber, words: Words, service: Service, model: str) -> None:
    if model != "per-device":  # of those that share a connection no broker can say that they died
        service.end()
    else:
        service.end(signal.SIGKILL)
    heard.wait_for(lambda it: not words.is_online(it.texts(words.alive)[-1]))


@pytest.mark.parametrize("model", MODELS)
def test_after_a_restart_of_the_broker_births_come_again(
    tmp_path: Path, broker: Mosquitto, model: str
) -> None:
    with started(tmp_path, broker, OF_PLANT, model):
        with subscribed(broker.port, topic="plant/#") as heard:
            wait_at(heard, OF_PLANT.data[0])
        broker.kill()  # what it has retained is lost
        broker.start()
        with subscribed(broker.port, topic="plant/#") as heard:
            for topic in (*OF_PLANT.births, OF_PLANT.data[0]):
                wait_at(heard, topic)


def test_a_deleted_device_leaves_nothing_behind(tmp_path: Path, broker: Mosquitto) -> None:
    with (
        started(tmp_path, broker, OF_PLANT, "shared") as service,
        subscribed(broker.port, topic="plant/#") as heard,
    ):
        heard.wait_for(lambda it: it.texts(OF_PLANT.births[0]))
        assert service.request("DELETE", f"/api/v1/devices/{DEVICE}")[0] == 204
        for topic in OF_PLANT.births:
            wait_at(heard, topic, _NOTHING)


def test_a_fault_spoils_what_goes_out_in_a_template(tmp_path: Path, broker: Mosquitto) -> None:
    with (
        subscribed(broker.port, topic="plant/#") as heard,
        started(tmp_path, broker, OF_PLANT, "shared") as service,
    ):
        fault = {
            "fault": "corrupt",
            "parameters": {"how": "truncated"},
            "selector": {"ids": [DEVICE]},
        }
        status, answer = service.request("POST", "/api/v1/faults", fault)
        assert status in {200, 201, 202}, answer
        telemetry = OF_PLANT.data[0]
        heard.wait_for(lambda it: any(not _is_json(one) for one in it.texts(telemetry)))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
