"""How edge nodes connect, subscribe and leave, as the log of a broker has it."""

import re
import signal
from pathlib import Path

import pytest

from tests.dialects.sparkplug.host import listening
from tests.dialects.sparkplug.test_with_broker import DEVICES, all_alive, started
from tests.mosquitto import Mosquitto, running_mosquitto
from tests.service.process import wait_until

pytestmark = pytest.mark.long(15)
_DEVICE = "mock-hvac-001"
_CLIENTS = {
    "shared": ("edge", "iotmock", "+"),
    "per-device": (_DEVICE, _DEVICE, _DEVICE),
}
"""Client id and edge node, and whose commands it hears."""


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
@pytest.mark.parametrize("model", _CLIENTS)
def test_each_connection_begins_anew_with_a_will_and_hears_at_qos_1(
    tmp_path: Path, model: str, protocol: str
) -> None:
    client, node, devices = _CLIENTS[model]
    nodes = 1 if model == "shared" else len(DEVICES)
    with (
        running_mosquitto(tmp_path, "log_type all") as broker,
        started(
            tmp_path, broker, model, MQTT_PROTOCOL=protocol, SPARKPLUG_PRIMARY_HOST="scada"
        ) as service,
    ):
        wait_until(lambda: _sessions(broker) >= nodes, 20.0, "each has subscribed")
        broker.kill()
        broker.start()
        wait_until(lambda: _sessions(broker) >= 2 * nodes, 20.0, "each has again")
        assert service.end(signal.SIGTERM) == 0
    log = _log(broker)
    begun = re.findall(rf" as {client} \(p(\d), c(\d),.*\n.*Will message specified.*\((.*)\)", log)
    assert begun == [("5" if protocol == "5" else "2", "1", "r0, q1")] * len(begun)
    assert len(begun) >= 2
    assert f"\tspBv1.0/iotmock/NDEATH/{node}\n" in log
    for topic in (f"NCMD/{node}", f"DCMD/{node}/{devices}"):
        assert f"\tspBv1.0/iotmock/{topic} (QoS 1)" in log
    assert "\tspBv1.0/STATE/scada (QoS 1)" in log


def _log(broker: Mosquitto) -> str:
    text = (broker.folder / "mosquitto.log").read_text()
    return re.sub(r"^\d+: ", "", text, flags=re.MULTILINE)


def _sessions(broker: Mosquitto) -> int:
    return _log(broker).count("\tspBv1.0/STATE/scada (QoS 1)\n")


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_an_end_is_said_by_the_will_in_mqtt_5_and_published_in_3_1_1(
    tmp_path: Path, protocol: str
) -> None:
    with running_mosquitto(tmp_path, "log_type all") as broker:
        with (
            listening(broker.port) as host,
            started(tmp_path, broker, "shared", MQTT_PROTOCOL=protocol) as service,
        ):
            host.wait_for(all_alive)
            assert service.end(signal.SIGTERM) == 0
            host.wait_for(lambda host: not host.edges)
        published = "Received PUBLISH from edge (d0, q0, r0, m0, 'spBv1.0/iotmock/NDEATH/iotmock'"
        assert (published in _log(broker)) == (protocol == "3.1.1")
        goodbye = "Received DISCONNECT from edge"
        wait_until(lambda: goodbye in _log(broker), 10, "it has said goodbye")
