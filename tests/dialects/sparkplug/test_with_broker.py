"""A fleet in Sparkplug over a real broker, in each connection model, as a host sees it."""

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from iotmock.dialects.sparkplug.payload import DataType, Metric
from tests.dialects.sparkplug.host import GROUP, Host, ask_rebirth, listening, say_state, write
from tests.mosquitto import Mosquitto, running_mosquitto
from tests.service.process import Service, running_service, wait_until

pytestmark = pytest.mark.long(60)

MODELS = ("shared", "pool:2", "per-device")
DEVICE = "mock-hvac-001"
DEVICES = {
    "mock-hvac-001",
    "mock-lighting-001",
    "mock-server-001",
    "mock-industrial-001",
    "mock-appliance-001",
}
in_each_model = pytest.mark.parametrize("model", MODELS)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


def started(folder: Path, broker: Mosquitto, model: str, **more: object) -> Any:
    return running_service(
        folder,
        MQTT_BROKER_PORT=broker.port,
        MQTT_CONNECTIONS=model,
        **{"DIALECT": "sparkplug", "SIMULATION_INTERVAL": 0.5, "MQTT_CLIENT_ID": "edge", **more},
    )


def all_alive(host: Host) -> bool:
    return {name for edge in host.edges.values() for name in edge.alive} == DEVICES


def wait_all_speak(host: Host, since: int = 0) -> None:
    """Wait until each device is alive and has said something since."""

    def each(host: Host) -> bool:
        return (
            all_alive(host)
            and {one.device for one in host.messages[since:] if one.verb == "DDATA"} == DEVICES
        )

    host.wait_for(each)


@in_each_model
def test_a_fleet_is_born_speaks_obeys_and_is_declared_dead_by_its_wills(
    tmp_path: Path, broker: Mosquitto, model: str
) -> None:
    with listening(broker.port) as host, started(tmp_path, broker, model) as service:
        wait_all_speak(host)
        assert service.status()["messages"]["refused"] == 0  # nothing was said before its birth
        _obeys(host, broker, service)
        _is_reborn(host, broker)
        service.end(signal.SIGKILL)
        host.wait_for(lambda host: not host.edges)
        assert all(set(one.values) == {"bdSeq"} for one in host.said("NDEATH"))
        assert host.faults == []


def _node_of(host: Host, device: str) -> str:
    return next(name for name, edge in host.edges.items() if device in edge.alive)


def _obeys(host: Host, broker: Mosquitto, service: Service) -> None:
    topic = f"spBv1.0/{GROUP}/DCMD/{_node_of(host, DEVICE)}/{DEVICE}"
    power = Metric("Commands/set_power", DataType.FLOAT, 30.1)
    setpoint = Metric("Commands/set_setpoint", DataType.DOUBLE, 19.5)
    write(broker.port, topic, power, setpoint)
    now = {"Commands/set_power": 30.1, "Commands/set_setpoint": 19.5}
    host.wait_said("DDATA", DEVICE, values=now)
    results = [json.loads(one) for one in _results(host, 2)]
    assert [(one["command"], one["status"]) for one in results] == [
        ("set_power", "applied"),
        ("set_setpoint", "applied"),
    ]
    assert service.device(DEVICE)["base_power"] == 30.1


def _results(host: Host, count: int) -> list[str]:
    def found(host: Host) -> list[str] | None:
        texts = [one.values.get("Commands/result") for one in host.said("DDATA")]
        results = [text for text in texts if text]
        return results if len(results) >= count else None

    results: list[str] = host.wait_for(found)
    return results


def _is_reborn(host: Host, broker: Mosquitto) -> None:
    node, before = _node_of(host, DEVICE), len(host.look())
    bd_seq = host.edges[node].bd_seq
    ask_rebirth(broker.port, node)
    host.wait_said("NBIRTH", since=before, values={"bdSeq": bd_seq})
    host.wait_said("DBIRTH", DEVICE, since=before)
    assert host.said("NDEATH") == []
    wait_all_speak(host, len(host.messages))


@in_each_model
def test_after_a_restart_of_the_broker_a_new_session_begins_with_births(
    tmp_path: Path, broker: Mosquitto, model: str
) -> None:
    # With a primary host, so that nothing is said before there is somebody who hears it all.
    name = f"scada-2-{model.partition(':')[0]}"
    with started(tmp_path, broker, model, SPARKPLUG_PRIMARY_HOST=name):
        before = _born_for_host(broker, name)
        broker.kill()  # and with it what it had retained
        broker.start()
        after = _born_for_host(broker, name)
        assert after.keys() == before.keys()
        assert all(after[name] > bd_seq for name, bd_seq in before.items())


def _born_for_host(broker: Mosquitto, name: str) -> dict[str, int]:
    """Have a host come up; return the bdSeq of each edge node that is born for it."""
    with listening(broker.port) as host:
        say_state(broker.port, name, time.time_ns() // 1_000_000, online=True)
        wait_all_speak(host)
        assert host.faults == []
        return {name: edge.bd_seq for name, edge in host.edges.items()}


@in_each_model
def test_nothing_is_said_while_the_primary_host_is_away(
    tmp_path: Path, broker: Mosquitto, model: str
) -> None:
    name = f"scada-{model.partition(':')[0]}"
    say_state(broker.port, name, 10, online=False)
    with (
        listening(broker.port) as host,
        started(tmp_path, broker, model, SPARKPLUG_PRIMARY_HOST=name) as service,
    ):
        _says_nothing_for_a_while(host, service)
        say_state(broker.port, name, 20, online=True)
        wait_all_speak(host)
        say_state(broker.port, name, 15, online=False)  # of an earlier session of the host
        wait_all_speak(host, len(host.look()))
        say_state(broker.port, name, 20, online=False)
        host.wait_for(lambda host: not host.edges)
        silent = len(host.messages)
        _says_nothing_for_a_while(host, service)
        say_state(broker.port, name, 30, online=True)
        wait_all_speak(host, silent)
        history = [one for one in host.messages[silent:] if one.is_historical]
        assert {one.device for one in history} == DEVICES
        assert host.faults == []


def _says_nothing_for_a_while(host: Host, service: Service) -> None:
    """Until the devices have had several readings more."""
    before, said = _accepted(service), len(host.look())
    more = 2 * len(DEVICES)
    wait_until(lambda: _accepted(service) > before + more, 20.0, "the devices have readings")
    assert len(host.look()) == said


def _accepted(service: Service) -> int:
    return int(service.status()["messages"]["accepted"])
