"""How a fleet connects: 2,000 devices over one connection, a pool, and one for each."""

import json
import re
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.mosquitto import Mosquitto, running_mosquitto
from tests.service.process import (
    Service,
    Subscriber,
    command,
    running_service,
    subscribed,
    wait_until,
)

pytestmark = pytest.mark.long(25)
DEVICES = 2_000
FEWER = 1_900
RATE = 500
CLEARED = "(null)"
"""How mosquitto_sub shows an empty payload."""
FLEET = "/api/v1/fleets/cli"
PER_DEVICE = {"MQTT_CONNECTIONS": "per-device", "MQTT_CONNECT_RATE": 5_000}
MODELS = [
    ("shared", 0),
    ("shared", 2),
    ("pool:8", 0),
    ("pool:8", 1),
    ("per-device", 0),
    ("per-device", 1),
    ("per-device", 2),
]


def settings(broker: Mosquitto, devices: int = DEVICES, **more: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "MQTT_BROKER_PORT": broker.port,
        "STATE_FILE": ":memory:",
        "FLEET": f"hvac={devices}",
        "SIMULATION_INTERVAL": 3,  # 2,000 a second at QoS 2 are more than a busy machine has
        "MQTT_CONNECT_RATE": 5_000,
        "MQTT_CLIENT_ID": "mock",
    }
    return usual | more


def name(number: int) -> str:
    return f"cli-hvac-{number:06d}"


def is_whole(service: Service, devices: int = DEVICES) -> None:
    """Wait until every device is there and every connection is open."""

    def whole() -> bool:
        status = service.status()
        mqtt = status["mqtt"]
        return bool(status["devices"]["total"] == devices and mqtt["open"] == mqtt["connections"])

    wait_until(whole, 40, f"{devices} devices are connected")


def stop_and_settle(service: Service) -> Any:
    service.request("POST", "/api/v1/simulation/stop")
    wait_until(lambda: service.status()["messages"]["waiting"] == 0, 40, "all is out")
    return service.status()


def data_of(heard: Subscriber) -> list[tuple[str, str]]:
    return [one for one in heard.messages if one[0].endswith("/data")]


def check_commands(service: Service, broker: Mosquitto, heard: Subscriber) -> None:
    asked = [name(number) for number in range(1, DEVICES, 199)]
    for number, device_id in enumerate(asked):
        command(service, broker.port, device_id, "set_voltage", voltage=220 + number)
    for number, device_id in enumerate(asked):
        heard.wait_for(partial(Subscriber.results, device_id=device_id))
        assert [result["status"] for result in heard.results(device_id)] == ["applied"]
        assert service.device(device_id)["base_voltage"] == 220 + number
    assert service.status()["messages"]["commands"]["received"] == len(asked)


def check_scaling_down(service: Service, heard: Subscriber) -> None:
    service.request("PATCH", FLEET, {"groups": {"hvac": FEWER}})
    is_whole(service, FEWER)
    gone = {name(number) for number in range(FEWER + 1, DEVICES + 1)}
    heard.wait_for(lambda s: gone <= {t.split("/")[2] for t, text in s.messages if text == CLEARED})
    assert stop_and_settle(service)["messages"]["refused"] == 0


@pytest.mark.parametrize(("model", "qos"), MODELS)
def test_nothing_is_lost_or_doubled(tmp_path: Path, model: str, qos: int) -> None:
    with running_mosquitto(tmp_path) as broker:
        environment = settings(broker, MQTT_CONNECTIONS=model, MQTT_QOS=qos)
        with (
            subscribed(broker.port, topic="energy/devices/#") as heard,
            running_service(tmp_path, **environment) as service,
        ):
            is_whole(service)
            check_commands(service, broker, heard)
            heard.wait_for(lambda s: len(data_of(s)) > 2 * DEVICES)
            counts = stop_and_settle(service)
            done = counts["ticks"]["done"]
            heard.wait_for(lambda s: len(data_of(s)) >= done)
            assert Counter(data_of(heard)).most_common(1)[0][1] == 1
            assert len(data_of(heard)) == done
            messages = counts["messages"]
            assert (messages["dropped"], messages["refused"]) == (0, 0)
            assert messages["accepted"] == messages["acknowledged"] + messages["superseded"]
            check_scaling_down(service, heard)
            if model == "per-device":
                assert service.status()["mqtt"]["open"] == FEWER
            assert statuses(heard) == {"online": FEWER}


def statuses(heard: Subscriber) -> Counter[str]:
    """Count what the newest status of each device says."""
    newest = {topic: text for topic, text in heard.messages if topic.endswith("/status")}
    return Counter(json.loads(text)["status"] for text in newest.values() if text != CLEARED)


@pytest.mark.parametrize(("model", "devices"), [("shared", 800), ("pool:2", 1_200)])
def test_mosquittos_own_defaults_carry_the_fleet(tmp_path: Path, model: str, devices: int) -> None:
    """A window of 20 and Nagle's algorithm, which made 40 ms of each window: 500 messages a second
    and connection (docs/decisions.md)."""
    lines = ("set_tcp_nodelay false", "max_inflight_messages 20")
    with (
        running_mosquitto(tmp_path, *lines) as broker,
        running_service(
            tmp_path, **settings(broker, devices, MQTT_CONNECTIONS=model, SIMULATION_INTERVAL=1)
        ) as service,
    ):
        is_whole(service, devices)
        wait_until(lambda: service.status()["ticks"]["done"] > 5 * devices, 30, "it ticks")
        wait_until(lambda: service.status()["messages"]["backlog"] < devices, 30, "it keeps up")


def offline(heard: Subscriber) -> set[str]:
    last = {topic: text for topic, text in heard.messages if topic.endswith("/status")}
    return {topic.split("/")[2] for topic, text in last.items() if '"offline"' in text}


def times_offline(heard: Subscriber, device_id: str) -> int:
    return [status["status"] for status in heard.statuses(device_id)].count("offline")


def test_wills_fire_when_links_die(tmp_path: Path) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        subscribed(broker.port, topic="energy/devices/+/status") as heard,
        running_service(tmp_path, **settings(broker) | PER_DEVICE) as service,
    ):
        is_whole(service)
        victim, faults = name(7), f"/api/v1/devices/{name(7)}/faults"
        fault = service.request("POST", faults, {"fault": "outage", "duration": 3600})[1]
        heard.wait_for(lambda s: offline(s) == {victim})
        is_whole(service)  # a link that is cut on purpose is not missing
        assert f"Client {victim} closed its connection" in broker_log(tmp_path)
        assert service.status()["mqtt"]["open"] == DEVICES - 1
        service.request("DELETE", f"{faults}/{fault['fault_id']}")
        heard.wait_for(lambda s: not offline(s))
        before = times_offline(heard, victim)
        command(service, broker.port, victim, "reboot")
        heard.wait_for(lambda s: times_offline(s, victim) > before)
        heard.wait_for(lambda s: not offline(s))
        assert service.process is not None
        service.process.kill()
        heard.wait_for(lambda s: len(offline(s)) == DEVICES)


def broker_log(folder: Path) -> str:
    return (folder / "mosquitto.log").read_text()


def connects_by_second(folder: Path) -> Counter[str]:
    return Counter(
        re.findall(
            r"^(\d+): New client connected from .* as cli-", broker_log(folder), re.MULTILINE
        )
    )


def test_a_broker_that_restarts_is_not_run_over(tmp_path: Path) -> None:
    lines = ("persistence true", f"persistence_location {tmp_path}/")
    with running_mosquitto(tmp_path, *lines) as broker:
        environment = settings(broker) | PER_DEVICE | {"MQTT_CONNECT_RATE": RATE}
        session = ("-c", "-i", "watcher")
        with (
            running_service(tmp_path, **environment) as service,
            subscribed(broker.port, *session, topic="energy/devices/+/data") as heard,
        ):
            is_whole(service)
            heard.wait_for(lambda s: len(s.messages) > DEVICES)
            service.request("POST", "/api/v1/simulation/stop")  # what came before the watcher
            before = service.status()["ticks"]["done"]
            heard_before = len(set(heard.messages))
            service.request("POST", "/api/v1/simulation/start")
            heard.wait_for(lambda s: len(s.messages) > 2 * DEVICES)
            broker.stop()
            wait_until(lambda: service.status()["mqtt"]["open"] == 0, 20, "all links are down")
            (tmp_path / "mosquitto.log").unlink()
            began = int(time.time())
            broker.start()
            is_whole(service)
            counts = stop_and_settle(service)
            due = counts["ticks"]["done"] - before
            heard.wait_for(lambda s: len(set(s.messages)) - heard_before >= due, 40)
            assert counts["messages"]["dropped"] == 0
        took_s = max(map(int, connects_by_second(tmp_path))) + 1 - began
        assert took_s > DEVICES / (1.5 * RATE)  # a storm would be all of them in a second


ACL = "pattern readwrite energy/devices/%u/#\npattern write energy/mock/%u/#\n"


def test_each_device_has_credentials_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "acl").write_text(ACL)
    (tmp_path / "users.csv").write_text(
        f"device_id,username,password\n{name(1)},,other\n{name(2)},{name(2)},\n"
    )
    with running_mosquitto(tmp_path, f"acl_file {tmp_path}/acl") as broker:
        for user, password in ((name(1), "other"), (name(2), "pw-" + name(2)), ("mock", "pw-mock")):
            broker.username, broker.password = user, password
            broker.configure()
        broker.end_and_start()
        environment = settings(broker, 2, PLATFORM_SYNC="off") | PER_DEVICE
        environment |= {
            "MQTT_USERNAME": "{device_id}",
            "MQTT_PASSWORD": "pw-{device_id}",
            "MQTT_CREDENTIALS": tmp_path / "users.csv",
        }
        with running_service(tmp_path, **environment) as service:
            is_whole(service, 2)
            assert "other" not in service.log
            assert f"u'{name(1)}'" in broker_log(tmp_path)


def test_source_addresses_are_taken_in_turn(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker:
        environment = settings(broker, 10) | PER_DEVICE
        environment["MQTT_BIND_ADDRESSES"] = "127.0.0.2,127.0.0.3"
        with running_service(tmp_path, **environment) as service:
            is_whole(service, 10)
        sources = re.findall(
            r"New client connected from ([\d.]+):\d+ as cli-", broker_log(tmp_path)
        )
        assert Counter(sources) == {"127.0.0.2": 5, "127.0.0.3": 5}


def test_a_device_that_is_refused_does_not_hold_up_the_others(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker:
        users = tmp_path / "users.csv"
        users.write_text(f"device_id,username,password\n{name(2)},nobody,wrong-secret\n")
        environment = settings(broker, 3) | PER_DEVICE | {"MQTT_CREDENTIALS": users}
        with running_service(tmp_path, **environment) as service:
            wait_until(lambda: service.status()["mqtt"]["open"] == 2, 20, "two are connected")
            wait_until(lambda: service.status()["mqtt"]["connect_failures"] > 0, 20, "it tried")
            refused = "the broker refused user 'nobody'"
            wait_until(lambda: refused in service.log, 20, "it says who is refused")
            assert "wrong-secret" not in service.log
            problems = service.request("GET", "/health")[1]["problems"]
            assert problems[0].startswith("1 of 3 devices' connections")


def test_each_device_has_a_certificate_of_its_own(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    for who in ("localhost", "mock", name(1), name(2)):
        issued = authority.issue_cert(who, common_name=who)
        issued.private_key_and_cert_chain_pem.write_to_path(tmp_path / f"{who}.pem")
    tls = [
        f"cafile {tmp_path}/ca.pem",
        f"certfile {tmp_path}/localhost.pem",
        f"keyfile {tmp_path}/localhost.pem",
        "require_certificate true",
        "use_identity_as_username true",
    ]
    with running_mosquitto(tmp_path, *tls) as broker:
        environment = settings(broker, 2, MQTT_BROKER_HOST="localhost") | PER_DEVICE
        environment |= {
            "MQTT_TLS": "on",
            "MQTT_TLS_CA": tmp_path / "ca.pem",
            "MQTT_TLS_CERT": tmp_path / "{device_id}.pem",
            "MQTT_TLS_KEY": tmp_path / "{device_id}.pem",
        }
        with running_service(tmp_path, **environment) as service:
            is_whole(service, 2)
            messages = stop_and_settle(service)["messages"]
            assert messages["acknowledged"] + messages["superseded"] == messages["accepted"]
        for who in (name(1), name(2)):
            assert re.search(rf"as {who} .*u'{who}'", broker_log(tmp_path))
