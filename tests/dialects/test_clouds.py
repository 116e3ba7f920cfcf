"""AWS IoT and Azure IoT Hub by a stand-in: their logins, topics, filters and QoS, and no more."""

import json
import re
import time
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from hmac import new as hmac
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest
from attrs import frozen

from iotmock.broker.sas import Hub, hub_of
from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import read_settings
from tests.dialects.front import Front, Login, certificates
from tests.mosquitto import Mosquitto, running_mosquitto
from tests.service.process import Service, Subscriber, publish, running_service, subscribed

pytestmark = pytest.mark.long(20)
DEVICE = "mock-hvac-001"
HOST = "my-hub.azure-devices.net"
KEY = b64encode(b"a key of thirty-two bytes, or so.").decode()
STRING = f"HostName={HOST};SharedAccessKeyName=device;SharedAccessKey={KEY}"


@frozen
class Cloud:
    """A stand-in, what is heard behind it, and the service before it."""

    front: Front
    heard: Subscriber
    service: Service


def left_s(login: Login) -> float:
    """Return for how long a token is still valid."""
    expiry = parse_qs(login.password.removeprefix("SharedAccessSignature "))["se"][0]
    return int(expiry) - time.time()


def is_valid(login: Login) -> bool:
    """Say whether a hub would let a device in."""
    token = parse_qs(login.password.removeprefix("SharedAccessSignature "))
    signed = re.search(r"sr=([^&]*)", login.password)
    assert signed is not None
    text = f"{signed[1]}\n{token['se'][0]}".encode()
    wanted = b64encode(hmac(b64decode(KEY), text, sha256).digest()).decode()
    return (
        login.level == 4
        and not login.has_will
        and login.username == f"{HOST}/{login.client_id}/?api-version=2021-04-12"
        and unquote(signed[1]) == f"{HOST}/devices/{login.client_id}"
        and token["sig"] == [wanted]
        and token["skn"] == ["device"]
        and int(token["se"][0]) > time.time()
    )


def test_each_token_is_for_one_device_and_for_a_day() -> None:
    hub = Hub(HOST, "device", b"key", now=lambda: 1_000_000.0)
    assert "&se=1086400&" in hub.token("a.1")
    assert hub.token("a.1") != hub.token("b")


@pytest.mark.parametrize(
    "text", ["", "HostName=h", f"HostName={HOST};SharedAccessKeyName=p;SharedAccessKey=no base64!"]
)
def test_what_is_no_connection_string_is_refused_and_not_shown(tmp_path: Path, text: str) -> None:
    file = tmp_path / "string"
    file.write_text(text, encoding="utf-8")
    given = {"AZURE_CONNECTION_STRING_FILE": str(file), "MQTT_CONNECTIONS": "per-device"}
    with pytest.raises(SettingsError, match="is no connection string of a hub") as refusal:
        hub_of(read_settings(given, file=None))
    assert not text or text not in str(refusal.value)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


AZURE_SAYS = (
    r"devices/{id}/messages/events/\$\.ct=application%2Fjson&\$\.ce=utf-8",
    r"\$iothub/twin/PATCH/properties/reported/\?\$rid=\w+",
    r"\$iothub/methods/res/\d{3}/\?\$rid=\w+",
)
AZURE_HEARS = {"$iothub/methods/POST/#", "$iothub/twin/PATCH/properties/desired/#"}


def azure_says(client_id: str, topic: str) -> bool:
    name = re.escape(client_id)
    return any(re.fullmatch(one.replace("{id}", name), topic) for one in AZURE_SAYS)


@contextmanager
def behind(
    front: Front, folder: Path, ca: Path, topics: tuple[str, str], **settings: Any
) -> Iterator[Cloud]:
    """Run a cloud and a service that is connected to it; what both say is heard behind it."""
    with (
        front.running(),
        subscribed(front.broker_port, "-t", topics[0], topic=topics[1]) as heard,
        running_service(
            folder,
            MQTT_BROKER_HOST="127.0.0.1",
            MQTT_BROKER_PORT=front.port,
            MQTT_PROTOCOL="3.1.1",
            MQTT_TLS="on",
            MQTT_TLS_CA=ca,
            SIMULATION_INTERVAL=0.5,
            **settings,
        ) as service,
    ):
        yield Cloud(front, heard, service)


@contextmanager
def hub(folder: Path, broker: Mosquitto, **settings: Any) -> Iterator[Cloud]:
    """Run a hub that ends what its token does not let in any more."""
    tls, ca, _ = certificates(folder)
    string = folder / "string"
    string.write_text(STRING + "\n", encoding="utf-8")
    hears = lambda _, name: name in AZURE_HEARS  # noqa: E731
    front = Front(broker.port, tls, is_valid, azure_says, hears, valid_for=left_s)
    settings |= {
        "DIALECT": "azure-iot",
        "MQTT_CONNECTIONS": "per-device",
        "MQTT_CLIENT_ID": "service",
        "AZURE_CONNECTION_STRING_FILE": string,
    }
    with behind(front, folder, ca, ("devices/#", "$iothub/#"), **settings) as cloud:
        yield cloud


def test_devices_of_a_hub_show_tokens_and_answer_methods(tmp_path: Path, broker: Mosquitto) -> None:
    with hub(tmp_path, broker) as cloud:
        front, heard, service = cloud.front, cloud.heard, cloud.service
        events = f"devices/{DEVICE}/messages/events/$.ct=application%2Fjson&$.ce=utf-8"
        heard.wait_for(lambda it: it.texts(events))
        publish(broker.port, "$iothub/methods/POST/set_power/?$rid=1f", {"power": 12.5})
        heard.wait_for(lambda it: it.texts("$iothub/methods/res/200/?$rid=1f"))
        publish(broker.port, "$iothub/methods/POST/set_power/?$rid=20", {"power": -1})
        heard.wait_for(lambda it: it.texts("$iothub/methods/res/400/?$rid=20"))
        before = len(front.logins)
        front.end_all()
        heard.wait_for(lambda it: len(front.logins) >= before + 5, 30)
        assert front.offences == []
        assert KEY not in service.log
        assert "SharedAccessSignature" not in service.log


def test_connections_are_made_anew_before_their_tokens_expire(
    tmp_path: Path, broker: Mosquitto
) -> None:
    with hub(tmp_path, broker, AZURE_TOKEN_LIFE=30, MQTT_STAMP="json") as cloud:
        front, heard = cloud.front, cloud.heard
        events = f"devices/{DEVICE}/messages/events/$.ct=application%2Fjson&$.ce=utf-8"
        heard.wait_for(lambda it: min(tries(front).values(), default=0) >= 2, 60)
        renewed = len(heard.texts(events))
        heard.wait_for(lambda it: len(it.texts(events)) > renewed)
        assert front.offences == []
        assert len(tries(front)) == 6
        stamps = [json.loads(text)["stamp"] for text in heard.texts(events)]
        # What was not answered as a connection ended comes again over the next one.
        numbers = list(dict.fromkeys(int(stamp.split(";")[3]) for stamp in stamps))
        assert numbers == list(range(1, len(numbers) + 1))
        assert "no connection to the broker" not in cloud.service.log
        assert cloud.service.status()["mqtt"]["connected"]


def tries(front: Front) -> Counter[str]:
    return Counter(login.client_id for login in front.logins)


def aws_says(client_id: str, topic: str) -> bool:
    allowed = r"dt/iotmock/[^/]+/telemetry|\$aws/things/[^/]+/shadow/update|cmd/iotmock/.+/response"
    return re.fullmatch(allowed, topic) is not None and topic.count("/") <= 7


def aws_hears(client_id: str, name: str) -> bool:
    return name in {"$aws/things/+/shadow/update/delta", "cmd/iotmock/+/+"}


@pytest.mark.parametrize("model", ["shared", "pool:2", "per-device"])
def test_shadows_report_and_their_deltas_are_commands(
    tmp_path: Path, broker: Mosquitto, model: str
) -> None:
    tls, ca, mine = certificates(tmp_path, of_clients=True)
    hears = aws_hears if model != "per-device" else lambda *_: True
    front = Front(broker.port, tls, lambda login: not login.has_will, aws_says, hears)
    shadow = f"$aws/things/{DEVICE}/shadow/update"
    settings = {"MQTT_CONNECTIONS": model, "MQTT_TLS_CERT": mine, "MQTT_TLS_KEY": mine}
    with behind(front, tmp_path, ca, ("$aws/#", "dt/#"), DIALECT="aws-iot", **settings) as cloud:
        heard, service = cloud.heard, cloud.service
        heard.wait_for(lambda it: it.texts(f"dt/iotmock/{DEVICE}/telemetry"))
        service.wait_connected()
        delta = {"version": 2, "state": {"base_power": 12.5}, "metadata": {}}
        publish(broker.port, f"{shadow}/delta", delta)
        heard.wait_for(lambda it: 12.5 in [one.get("base_power") for one in reported(it, shadow)])
        assert service.device(DEVICE)["base_power"] == 12.5
        assert front.offences == []


def reported(heard: Subscriber, topic: str) -> list[dict[str, object]]:
    return [json.loads(text)["state"]["reported"] for text in heard.texts(topic)]
