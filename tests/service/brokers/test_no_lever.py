"""Commands are no lever, and no message is retried for ever: a whole service in each model."""

import json

import pytest
from attrs import evolve

from iotmock.mqtt import Message, Properties
from iotmock.mqtt.codec.packets import Publish
from iotmock.soak.stores.polling import until
from tests.mqtt.scripted_broker import CLOSE, SILENCE, Peer, Rules
from tests.service.brokers.against import DEVICES, Trial, in_each_model, name, trial

pytestmark = pytest.mark.trio

Patch = pytest.MonkeyPatch
RESULT = "/commands/result"


def hearing(running: Trial, device: int) -> Peer | None:
    """The connection that hears a device's commands."""
    wanted = {f"energy/devices/{name(device)}/commands", "energy/devices/+/commands"}
    return next((p for p in running.broker.peers if p.is_open and wanted & set(p.filters)), None)


async def command(running: Trial, device: int, properties: Properties, payload: bytes) -> None:
    await running.broker.wait_for(lambda: hearing(running, device) is not None)
    await running.broker.wait_for(lambda: bool(running.data(device)))
    peer = hearing(running, device)
    assert peer is not None
    if peer.connect.protocol == "3.1.1":
        properties = Properties()
    topic = f"energy/devices/{name(device)}/commands"
    await peer.send(Publish(Message(topic, payload, 1, properties=properties), 1))


def request(id_: str) -> bytes:
    return json.dumps({"command": "reset_energy", "id": id_}).encode()


@in_each_model
async def test_a_refused_response_topic_gets_its_rejection_on_the_usual_topic(
    monkeypatch: Patch, model: str
) -> None:
    async with trial(monkeypatch, Rules(), model) as running:
        asked = Properties(response_topic="energy/devices/x/data", correlation_data=b"7")
        await command(running, 1, asked, request("a"))
        await running.broker.wait_for(lambda: bool(running.broker.at(RESULT)))
        (result,) = running.broker.at(RESULT)
        content = json.loads(result.payload)
        assert (content["id"], content["status"]) == ("a", "rejected")
        assert "below energy/" in content["reason"]
        assert result.properties.correlation_data == b"7"
        assert not running.broker.at("devices/x/data")


@in_each_model
async def test_a_message_that_the_broker_dislikes_is_given_up_and_the_others_flow(
    monkeypatch: Patch, model: str
) -> None:
    """As mosquitto does with a topic of more than 200 levels: it closes without a word."""
    rules = Rules(puback=lambda message: CLOSE if message.topic.startswith("bad/") else 0)
    async with trial(monkeypatch, rules, model) as running:
        await command(running, 1, Properties(response_topic="bad/topic"), request("a"))
        await until(lambda: bool(running.said("a message was given up")))
        (line,) = running.said("a message was given up")
        assert (line["device"], line["topic"]) == (name(1), "bad/topic")
        assert line["size"] > 0
        await running.settles()
        assert running.service.system.publisher.statistics().refused == 1
        assert len([m for m in running.broker.messages if m.topic == "bad/topic"]) == 3


@in_each_model
async def test_what_was_not_delivered_is_said_by_kind_and_device(
    monkeypatch: Patch, model: str
) -> None:
    rules = Rules(puback=lambda message: SILENCE if message.topic.endswith("/data") else 0)
    async with trial(monkeypatch, rules, model, SHUTDOWN_TIMEOUT=0.3) as running:
        await running.flows()
    (line,) = running.said("messages were not delivered")
    assert line["messages"] == line["data"] + line.get("status", 0)
    assert line["data"] >= 3 * DEVICES
    assert set(line["devices"].split(", ")) == {name(n) for n in range(1, DEVICES + 1)}


@in_each_model
async def test_qos_2_that_is_answered_with_puback_becomes_qos_1_and_is_said_once(
    monkeypatch: Patch, model: str
) -> None:
    rules = Rules(answers_qos_2_with_puback=True)
    async with trial(monkeypatch, rules, model, MQTT_QOS=2) as running:
        await running.flows()
        await running.broker.wait_for(lambda: running.data(1)[-1].qos == 1)
        await running.flows()
        assert running.mqtt.qos == 1
        assert len(running.said("knows no higher QoS")) == 1
        clients = {connect.client_id for connect in running.broker.connects}
        assert len(running.broker.connects) == len(clients)


@in_each_model
async def test_a_command_over_the_maximum_size_is_skipped_and_answered(
    monkeypatch: Patch, model: str
) -> None:
    async with trial(monkeypatch, Rules(), model, MQTT_PROTOCOL="3.1.1") as running:
        await command(running, 1, Properties(), b"x" * (1 << 20))
        await until(lambda: bool(running.said("too large to be read")))
        await command(running, 1, Properties(), request("b"))
        await running.broker.wait_for(lambda: bool(running.broker.at(RESULT)))
        clients = {connect.client_id for connect in running.broker.connects}
        assert len(running.broker.connects) == len(clients)


@in_each_model
async def test_a_connection_that_is_lost_with_messages_on_their_way_sends_them_within_new_limits(
    monkeypatch: Patch, model: str
) -> None:
    held: list[bool] = [True]
    rules = Rules(puback=lambda message: CLOSE if held[0] and message.qos else 0)
    async with trial(monkeypatch, rules, model) as running:
        await running.broker.wait_for(lambda: bool(running.broker.messages))
        rules.limits = evolve(rules.limits, maximum_qos=0, retain_available=0)
        held[0] = False
        await running.flows()
        assert not running.said("can not be sent")
        assert running.service.system.publisher.statistics().refused == 0
