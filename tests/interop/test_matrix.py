"""The same fleet at every broker, in each version, QoS and connection model.

`pytest tests/interop` ends with the table that `docs/reference/brokers.md` shows.
"""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest
from attrs import astuple, frozen

from tests.interop.debian_mosquitto import running_mosquitto_peer
from tests.interop.ejabberd import running_ejabberd
from tests.interop.javascript import running_aedes
from tests.interop.peer import Peer
from tests.interop.python import running_amqtt
from tests.interop.rabbitmq import running_rabbitmq
from tests.interop.table import ROW, Row
from tests.interop.witness import Witness, witness
from tests.patience import SLACK
from tests.service.process import Service, running_service

pytestmark = pytest.mark.long(100)
MODELS = ("shared", "pool:2", "per-device")
BROKERS: dict[str, Callable[[Path], AbstractContextManager[Peer]]] = {
    "mosquitto": running_mosquitto_peer,
    "rabbitmq": running_rabbitmq,
    "ejabberd": running_ejabberd,
    "amqtt": running_amqtt,
    "aedes": running_aedes,
}
SPEAK_5 = {"mosquitto", "ejabberd"}
CELLS = [
    pytest.param(broker, version, model, id=f"{broker}-{version}-{model}")
    for broker in BROKERS
    for version in ("5", "3.1.1")
    for model in MODELS
    if version == "3.1.1" or broker in SPEAK_5
]
HIGHEST_QOS = {"rabbitmq": 1}
"""Of 3.10, which answers QoS 2 with PUBACK."""
OF_SUBSCRIBER = {"amqtt"}
"""amqtt 0.12 delivers at the QoS of the subscription, whatever a message had."""


@frozen
class Fleet:
    """A service with one device, which publishes at a QoS."""

    qos: int
    service: Service

    @property
    def device(self) -> str:
        return f"q{self.qos}"

    def topic(self, end: str) -> str:
        return f"energy/devices/{self.device}/{end}"

    def last_words(self, model: str) -> str:
        """Return how the topic of its will begins; a pool's connections have numbers."""
        own = model == "per-device"
        return self.topic("status") if own else f"energy/mock/mock-{self.device}"


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Peer]]:
    """Run each broker once, when it is asked for."""
    running: dict[str, Peer] = {}
    with ExitStack() as stack:

        def peer(name: str) -> Peer:
            if name not in running:
                folder = tmp_path_factory.mktemp(name)
                running[name] = stack.enter_context(BROKERS[name](folder))
            return running[name]

        yield peer


@contextmanager
def fleets(peer: Peer, folder: Path, version: str, model: str) -> Iterator[Sequence[Fleet]]:
    """Run a service for each QoS, side by side."""
    with ExitStack() as stack:
        found = []
        for qos in (0, 1, 2):
            (own := folder / str(qos)).mkdir()
            service = running_service(
                own,
                MQTT_BROKER_PORT=peer.port,
                MQTT_EMBEDDED_BROKER="off",
                MQTT_PROTOCOL=version,
                MQTT_CONNECTIONS=model,
                MQTT_QOS=qos,
                MQTT_CLIENT_ID=f"mock-q{qos}",
                SIMULATION_INTERVAL=0.5,
                DEFAULT_DEVICES="off",
                STATE_FILE=":memory:",
            )
            fleet = Fleet(qos, stack.enter_context(service))
            found.append(fleet)
            body = {"device_type": "hvac", "name": "one", "device_id": fleet.device}
            assert fleet.service.request("POST", "/api/v1/devices", body)[0] == 201
        yield found


@pytest.mark.timeout(240 * SLACK)
@pytest.mark.parametrize(("broker", "version", "model"), CELLS)
def test_a_fleet_is_whole(
    peers: Callable[[str], Peer],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    broker: str,
    version: str,
    model: str,
) -> None:
    peer = peers(broker)
    row = Row(broker, version, model)
    with fleets(peer, tmp_path, version, model) as three:
        with witness(peer.port, "energy/#") as seen:
            row.qos = " ".join(str(check_data(seen, fleet)) for fleet in three)
            for fleet in three:
                check_command(seen, fleet)
            row.commands = "yes"
        check_retained(peer, three)
        row.retained = "yes"
        peer.restart()
        for fleet in three:
            fleet.service.wait_connected()
        with witness(peer.port, "energy/#") as seen:
            for fleet in three:
                check_data(seen, fleet)
            row.restart = "yes"
            for fleet in three:
                check_last_words(seen, fleet, model)
            row.will = "yes"
    expected = min(2, HIGHEST_QOS.get(broker, 2))
    assert row.qos == ("2 2 2" if broker in OF_SUBSCRIBER else f"0 1 {expected}")
    record_property(ROW, astuple(row))


def check_data(seen: Witness, fleet: Fleet) -> int:
    """Wait for readings that this witness was there for, and return their QoS."""
    topic = fleet.topic("data")

    def fresh() -> list[int]:
        return [one.qos for one in seen.at(topic) if not one.retain]

    seen.wait(lambda: len(fresh()) >= 2, f"readings at QoS {fleet.qos}")
    return fresh()[-1]


def check_command(seen: Witness, fleet: Fleet) -> None:
    fleet.service.wait_connected()
    seen.command(fleet.device, voltage=231)
    topic = fleet.topic("commands/result")
    seen.wait(lambda: seen.at(topic), f"the result of {fleet.device}")
    assert [result["status"] for result in seen.values(topic)] == ["applied"]


def check_retained(peer: Peer, three: Sequence[Fleet]) -> None:
    for fleet in three:
        # RabbitMQ 3.10 keeps what is retained from whoever subscribes with a wildcard.
        topic = fleet.topic("status")
        with witness(peer.port, topic) as seen:
            seen.wait(partial(seen.at, topic), f"the retained {topic}")
            assert seen.at(topic)[0].retain
            assert seen.values(topic)[0]["status"] == "online"


def check_last_words(seen: Witness, fleet: Fleet, model: str) -> None:
    topic = fleet.last_words(model)
    fleet.service.end(signal.SIGKILL)

    def spoken() -> bool:
        return any(b"offline" in one.payload for one in seen.below(topic))

    seen.wait(spoken, f"the will {topic}")
