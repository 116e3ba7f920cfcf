"""What a broker allows is acted upon, not collided with: each limit in each connection model."""

import re

import pytest

from iotmock.actors.system import System
from iotmock.mqtt import Properties
from iotmock.mqtt.codec.packets import Subscribe
from iotmock.soak.stores.polling import until
from tests.mqtt.scripted_broker import CLOSE, Peer, Rules, limited
from tests.service.brokers.against import DEVICES, Trial, in_each_model, name, trial

pytestmark = [
    pytest.mark.long(50),
    pytest.mark.trio,
]

Patch = pytest.MonkeyPatch


def refused(system: System) -> int:
    return system.publisher.statistics().refused


def reasons(running: Trial) -> str:
    return "\n".join(line["reason"] for line in running.said("no connection"))


def collisions(running: Trial) -> int:
    """Connections beyond one for each client: a limit that was met costs one."""
    clients = {connect.client_id for connect in running.broker.connects}
    return len(running.broker.connects) - len(clients)


@in_each_model
@pytest.mark.parametrize("version", ["5", "3.1.1"])
async def test_a_broker_that_retains_nothing_gets_nothing_retained(
    monkeypatch: Patch, model: str, version: str
) -> None:
    rules = limited(retain_available=0)
    async with trial(monkeypatch, rules, model, MQTT_PROTOCOL=version) as running:
        await running.flows()
        assert {peer.connect.will.retain for peer in running.broker.peers if peer.connect.will} <= {
            False
        }
        assert running.broker.at("/status")
        assert not any(message.retain for message in running.broker.messages)
        assert len(running.said("retains nothing")) == 1
        assert not running.mqtt.retained
        assert running.mqtt.qos == 1


@in_each_model
@pytest.mark.parametrize("version", ["5", "3.1.1"])
@pytest.mark.parametrize("most", [0, 1])
async def test_messages_and_wills_go_out_at_the_highest_qos_there_is(
    monkeypatch: Patch, model: str, version: str, most: int
) -> None:
    rules = limited(maximum_qos=most)
    async with trial(monkeypatch, rules, model, MQTT_PROTOCOL=version, MQTT_QOS=2) as running:
        await running.flows()
        await running.broker.wait_for(
            lambda: all(running.data(number)[-1].qos == most for number in range(1, DEVICES + 1))
        )
        assert running.mqtt.qos == most
        assert len(running.said("knows no higher QoS")) == 1
        wills = [peer.connect.will for peer in running.broker.peers]
        assert {will.qos for will in wills if will} == {most}
        statuses = running.broker.at(f"/{name(1)}/status")
        assert statuses[-1].qos == most
        assert statuses[-1].retain
        await running.settles()
    running.adds_up()


@in_each_model
async def test_limits_that_are_over_are_said_and_used_no_more(
    monkeypatch: Patch, model: str
) -> None:
    rules = limited(maximum_qos=0, retain_available=0)
    async with trial(monkeypatch, rules, model) as running:
        await running.flows()
        rules.limits = Properties()
        for peer in [peer for peer in running.broker.peers if peer.is_open]:
            await peer.disconnect(0x8B)
        await running.broker.wait_for(lambda: running.data(1)[-1].qos == 1)
        await running.broker.wait_for(lambda: running.broker.at(f"/{name(1)}/status")[-1].retain)
        assert running.said("retains messages again")
        assert running.said("knows a higher QoS again")


def retain_at_last(peers: list[Peer]) -> set[bool]:
    """Say whether wills are to be retained, by the newest connection of each client."""
    wills = {peer.connect.client_id: peer.connect.will for peer in peers}
    return {will is not None and will.retain for will in wills.values()}


@in_each_model
@pytest.mark.parametrize("seen", [0, 1, 2, 5])
async def test_connections_that_are_cut_for_a_while_are_not_taken_for_a_limit(
    monkeypatch: Patch, model: str, seen: int
) -> None:
    left = [seen * (DEVICES + 2)]

    def answer(_: object) -> object:
        left[0] -= 1
        return CLOSE if left[0] >= 0 else 0

    rules = Rules(connack=answer)  # type: ignore[arg-type]
    async with trial(monkeypatch, rules, model, MQTT_PROTOCOL="3.1.1") as running:
        await running.flows()
        assert running.mqtt.retained
        # A lesser will that is taken is not the last word: the full one is tried once more.
        await running.broker.wait_for(lambda: retain_at_last(running.broker.peers) == {True})


@in_each_model
async def test_without_wildcards_each_device_hears_commands_on_its_own_topic(
    monkeypatch: Patch, model: str
) -> None:
    rules = limited(wildcard_subscription_available=0, shared_subscription_available=0)
    async with trial(monkeypatch, rules, model) as running:
        await running.flows()
        filters = {f"energy/devices/{name(number)}/commands" for number in range(1, DEVICES + 1)}
        await running.broker.wait_for(
            lambda: filters <= {f for peer in running.broker.peers for f in peer.filters}
        )
        assert collisions(running) == 0
        given_up = {line["filter"] for line in running.said("a subscription is given up")}
        assert "energy/events/devices/+/+" in given_up


@in_each_model
@pytest.mark.parametrize("refused", [0x80, 0x87, 0x8F, 0xA2])
async def test_a_subscription_that_is_refused_is_named_and_data_flows(
    monkeypatch: Patch, model: str, refused: int
) -> None:
    rules = Rules(suback=lambda _: refused)
    async with trial(monkeypatch, rules, model) as running:
        await running.flows()
        filters = {line["filter"] for line in running.said("a subscription is given up")}
        assert "energy/events/devices/+/+" in filters
        assert {f for f in filters if f.endswith("/commands")}


@in_each_model
async def test_a_subscription_that_ends_the_connection_is_given_up_and_data_flows(
    monkeypatch: Patch, model: str
) -> None:
    rules = Rules(takes=lambda packet: not isinstance(packet, Subscribe))
    async with trial(monkeypatch, rules, model) as running:
        await running.flows()
        assert running.said("a subscription is given up")
        await running.settles()


@in_each_model
async def test_what_a_broker_kept_before_it_keeps(monkeypatch: Patch, model: str) -> None:
    rules = limited(
        maximum_packet_size=150,
        receive_maximum=1,
        topic_alias_maximum=0,
        server_keep_alive=20,
        assigned_client_identifier="another",
    )
    async with trial(monkeypatch, rules, model) as running:
        await running.broker.wait_for(lambda: len(running.broker.at("/status")) >= DEVICES)
        system = running.service.system
        await until(lambda: bool(running.said("can not be sent") and refused(system)))
        assert collisions(running) == 0
    running.adds_up()


@in_each_model
@pytest.mark.parametrize(
    ("code", "said", "words"),
    [
        (0x8E, Properties(), "another client with the same client id"),
        (0x9C, Properties(server_reference="b2:1883"), "use another server, to 'b2:1883'"),
        (0x9D, Properties(server_reference="b3"), "the server has moved, to 'b3'"),
        (0x97, Properties(reason_string="too much"), "quota.*the broker says 'too much'"),
        (0x8A, Properties(), "banned"),
        (0x87, Properties(), "not authorized"),
    ],
)
async def test_a_broker_that_ends_the_connection_says_why(
    monkeypatch: Patch, model: str, code: int, said: Properties, words: str
) -> None:
    async with trial(monkeypatch, Rules(), model) as running:
        await running.flows(1)
        for peer in [peer for peer in running.broker.peers if peer.is_open]:
            await peer.disconnect(code, said)
        await until(lambda: bool(re.search(words, reasons(running))))
        await running.flows(1)


@in_each_model
@pytest.mark.parametrize("code", [0x87, 0x97, 0x99])
async def test_refused_messages_are_counted_by_reason(
    monkeypatch: Patch, model: str, code: int
) -> None:
    rules = Rules(puback=lambda message: code if message.topic.endswith("/data") else 0)
    async with trial(monkeypatch, rules, model) as running:
        await running.flows()
        (reason,) = running.mqtt.refusals
        assert reason.startswith(f"0x{code:02x} ")
        assert running.said("the broker refused messages")[0]["reason"] == reason
        await until(lambda: any(reason in text for text in running.problems()))
