"""Brokers that nobody would think of: limits together and in turn, and habits that are not MQTT."""

import random
from contextlib import suppress
from typing import Any

import pytest
from anyio import BrokenResourceError, ClosedResourceError
from attrs import evolve

from iotmock.mqtt import NO_PROPERTIES, Message, Properties, Subscription
from iotmock.mqtt.codec.packets import ConnAck, Connect, PubAck, PubComp, PubRec
from iotmock.soak.stores.polling import until
from tests.mqtt.scripted_broker import CLOSE, SILENCE, Deed, Rules, limited
from tests.service.brokers.against import DEVICES, MODELS, Trial, in_each_model, name, trial

pytestmark = [
    pytest.mark.long(50),
    pytest.mark.trio,
]

Patch = pytest.MonkeyPatch
UNHEARD = "does not answer a subscription"
EVERYTHING: dict[str, Any] = {
    "maximum_qos": 0,
    "retain_available": 0,
    "wildcard_subscription_available": 0,
    "shared_subscription_available": 0,
    "subscription_identifier_available": 0,
    "maximum_packet_size": 600,
    "receive_maximum": 1,
    "topic_alias_maximum": 1,
    "server_keep_alive": 2,
    "assigned_client_identifier": "the-same-for-all",
    "session_expiry_interval": 0,
    "reason_string": "\x1b[31m" + "r" * 60_000,
}


def collisions(running: Trial) -> int:
    clients = {connect.client_id for connect in running.broker.connects}
    return len(running.broker.connects) - len(clients)


async def cut(running: Trial, code: int = 0x8B, properties: Properties = NO_PROPERTIES) -> None:
    for peer in [peer for peer in running.broker.peers if peer.is_open]:
        with suppress(ClosedResourceError, BrokenResourceError):  # it may hang up meanwhile
            await peer.disconnect(code, properties)


@in_each_model
async def test_all_limits_at_once(monkeypatch: Patch, model: str) -> None:
    async with trial(monkeypatch, limited(**EVERYTHING), model, MQTT_QOS=2) as running:
        await running.flows()
        assert collisions(running) <= 2 * (DEVICES + 2)  # a will is refused for each in turn
        assert not any(message.retain or message.qos for message in running.broker.messages)
        assert not running.mqtt.retained


@in_each_model
async def test_limits_that_are_others_with_each_connection(monkeypatch: Patch, model: str) -> None:
    rules = Rules()
    chosen = random.Random(7)
    async with trial(monkeypatch, rules, model, MQTT_QOS=2) as running:
        for _ in range(6):
            keys = chosen.sample(sorted(EVERYTHING), 6)
            rules.limits = Properties(**{key: EVERYTHING[key] for key in keys})
            await cut(running)
            await running.flows(1)
        rules.limits = Properties()
        await cut(running)
        await running.settles()
        assert not running.said("can not be sent")
        assert not running.said("a message was given up")
    running.adds_up()


@in_each_model
@pytest.mark.parametrize("most", [20, 60])
async def test_packets_too_small_for_anything_leave_the_connection_up(
    monkeypatch: Patch, model: str, most: int
) -> None:
    async with trial(monkeypatch, limited(maximum_packet_size=most), model) as running:
        statistics = running.service.system.publisher.statistics
        await until(lambda: statistics().refused > 3 * DEVICES)
        assert collisions(running) <= DEVICES  # a line has one packet to find it out
        assert running.mqtt.connected
        await until(lambda: any("limits for a client" in text for text in running.problems()))


@in_each_model
async def test_own_topics_fit_into_the_packets_that_the_broker_takes(
    monkeypatch: Patch, model: str
) -> None:
    rules = limited(maximum_packet_size=400, wildcard_subscription_available=0)
    async with trial(monkeypatch, rules, model, FLEET="hvac=30") as running:
        filters = {f"energy/devices/{name(number)}/commands" for number in range(1, 31)}
        await running.broker.wait_for(
            lambda: filters <= {f for peer in running.broker.peers for f in peer.filters}
        )
        assert collisions(running) == 0


@in_each_model
async def test_of_a_group_only_the_topic_that_is_refused_is_given_up(
    monkeypatch: Patch, model: str
) -> None:
    bad = f"energy/devices/{name(2)}/commands"
    rules = limited(wildcard_subscription_available=0)
    rules.suback = lambda one: 0x87 if one.topic_filter == bad else 1
    async with trial(monkeypatch, rules, model) as running:
        await running.flows()
        await until(lambda: bad in {line["filter"] for line in running.said("given up;")})
        assert f"energy/devices/{name(1)}/commands" not in {
            line["filter"] for line in running.said("given up;")
        }


@in_each_model
async def test_data_goes_out_whether_a_subscription_is_answered_or_not(
    monkeypatch: Patch, model: str
) -> None:
    rules = Rules(suback=lambda one: SILENCE if one.topic_filter.startswith("energy") else 1)
    async with trial(monkeypatch, rules, model, patience_s=0.1) as running:
        if model != "per-device":  # there each has 10 s to connect
            await running.flows()
        await until(lambda: any(UNHEARD in problem for problem in running.problems()))
        rules.suback = lambda one: one.qos
        await until(lambda: not running.problems())
        await running.flows()
        assert len(running.said(UNHEARD)) == 1
        assert len(running.said("commands are heard")) == 1


@pytest.mark.parametrize("model", MODELS[:2])
async def test_own_topics_that_nobody_answers_end_no_connection(
    monkeypatch: Patch, model: str
) -> None:
    rules = limited(wildcard_subscription_available=0)
    rules.suback = lambda one: SILENCE if "cli-" in one.topic_filter else one.qos
    async with trial(monkeypatch, rules, model, patience_s=0.1) as running:
        await until(lambda: any(UNHEARD in problem for problem in running.problems()))
        await running.flows(10)
        rules.suback = lambda one: one.qos
        await until(lambda: not running.problems())
        own = {f"energy/devices/{name(number)}/commands" for number in range(1, DEVICES + 1)}
        assert own <= {f for peer in running.broker.peers for f in peer.filters}
        assert collisions(running) == 0


@in_each_model
async def test_one_filter_that_nobody_answers_keeps_no_other_from_being_heard(
    monkeypatch: Patch, model: str
) -> None:
    first = list[str]()

    def answer(one: Subscription) -> int | Deed:
        first.append(one.topic_filter)
        return SILENCE if one.topic_filter == first[0] else one.qos

    async with trial(monkeypatch, Rules(suback=answer), model, patience_s=0.1) as running:
        await running.broker.wait_for(lambda: len({*first}) > 1)
        await until(lambda: any(UNHEARD in problem for problem in running.problems()))


@in_each_model
async def test_a_refusal_that_comes_late_is_one(monkeypatch: Patch, model: str) -> None:
    rules = Rules(suback=lambda _: SILENCE)
    everyone = "energy/devices/+/commands"
    async with trial(monkeypatch, rules, model, patience_s=0.1) as running:
        rules.suback = lambda one: 0x87 if one.topic_filter == everyone else one.qos
        own = {f"energy/devices/{name(number)}/commands" for number in range(1, DEVICES + 1)}
        await running.broker.wait_for(
            lambda: own <= {f for peer in running.broker.peers for f in peer.filters}
        )
        await until(lambda: not running.problems())


@in_each_model
async def test_receive_maximum_1_at_qos_2(monkeypatch: Patch, model: str) -> None:
    rules = limited(receive_maximum=1)
    async with trial(monkeypatch, rules, model, MQTT_QOS=2, SIMULATION_INTERVAL=0.5) as running:
        await running.flows(5)
        assert {message.qos for message in running.data(1)} == {2}
        assert collisions(running) == 0


@in_each_model
async def test_a_quota_that_ends_connections_gives_no_message_up(
    monkeypatch: Patch, model: str
) -> None:
    taken, closed = [0], set[tuple[str, bytes]]()

    def answer(message: Message) -> object:
        taken[0] += 1
        which = message.topic, bytes(message.payload)
        if taken[0] % 7 or which in closed:  # of which the same three times is another matter
            return 0
        closed.add(which)
        return CLOSE

    async with trial(monkeypatch, Rules(puback=answer), model) as running:  # type: ignore[arg-type]
        await running.broker.wait_for(lambda: len(running.broker.connects) > 30)
        await running.flows()
        assert not running.said("a message was given up")


@in_each_model
@pytest.mark.parametrize("text", ["\x1b[2J\r\n\x07\u202e", "é" * 30_000])
async def test_what_a_broker_says_is_shown_on_one_line_and_short(
    monkeypatch: Patch, model: str, text: str
) -> None:
    said = Properties(reason_string=text, server_reference=text, user_properties=((text, text),))
    refuses = [True]

    def answer(_: Connect) -> int:
        return 0x9D if refuses[0] else 0

    rules = Rules(connack=answer, connack_properties=said)
    async with trial(monkeypatch, rules, model) as running:
        await until(lambda: bool(running.said("no connection")))
        refuses[0] = False
        await running.flows(1)
        said = evolve(said, server_reference=None)
        await cut(running, 0x9C, said)
        await running.flows(1)
        for line in running.said("no connection"):
            assert line["reason"].isprintable()
            assert len(line["reason"]) < 700


@in_each_model
async def test_answers_to_what_was_never_sent_end_nothing(monkeypatch: Patch, model: str) -> None:
    packets = PubAck(60_000), PubRec(60_001), PubRec(60_001, 0x87), PubComp(60_002)
    async with trial(monkeypatch, Rules(), model) as running:
        await running.flows(1)
        for peer in [peer for peer in running.broker.peers if peer.is_open]:
            await peer.send(*packets, *[PubAck(60_000, 0x97)] * 50)
        await running.flows()
        assert collisions(running) == 0
        assert running.service.system.publisher.statistics().refused == 0


@in_each_model
async def test_connack_twice_ends_the_connection_and_is_said(
    monkeypatch: Patch, model: str
) -> None:
    async with trial(monkeypatch, Rules(), model) as running:
        await running.flows(1)
        for peer in [peer for peer in running.broker.peers if peer.is_open]:
            await peer.send(ConnAck(False, 0))
        await until(lambda: any("ConnAck" in x["reason"] for x in running.said("no connection")))
        await running.flows()
        running.adds_up()


@in_each_model
@pytest.mark.parametrize("qos", [0, 1])
async def test_a_broker_that_answers_no_ping(monkeypatch: Patch, model: str, qos: int) -> None:
    rules = limited(server_keep_alive=1)
    rules.answers_pings = False
    async with trial(monkeypatch, rules, model, MQTT_QOS=qos) as running:
        await running.flows(12)
        running.adds_up()


@in_each_model
async def test_a_broker_that_takes_only_some_connections_a_second(
    monkeypatch: Patch, model: str
) -> None:
    turn = [0]

    def answer(_: Connect) -> int:
        turn[0] += 1
        return 0 if turn[0] % 4 == 0 else 0x9F

    async with trial(monkeypatch, Rules(connack=answer), model, FLEET="hvac=10") as running:
        await until(lambda: running.mqtt.open == running.mqtt.connections)
        await running.flows(1)


@in_each_model
async def test_a_session_that_the_broker_says_it_has_at_every_connect(
    monkeypatch: Patch, model: str
) -> None:
    async with trial(monkeypatch, Rules(), model) as running:
        await running.flows(1)
        running.broker._sessions.clear()
        await cut(running)
        await running.flows(1)
        await cut(running)
        await running.flows(1)
        running.adds_up()
        assert not running.said("given up")


async def test_a_pool_says_once_that_it_is_up(monkeypatch: Patch) -> None:
    async with trial(monkeypatch, Rules(), "pool:5") as running:
        await running.flows(1)
        await until(lambda: bool(running.said("every connection to the broker is up")))
        assert running.said("every connection to the broker is up")[0]["count"] == 5
        assert len(running.said("every connection")) == 1
        assert not running.said("connected to the broker")
