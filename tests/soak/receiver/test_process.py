"""The receiver against a real broker: what a proxy does to messages is found out exactly."""

import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from time import time
from typing import Literal

import pytest

from iotmock.soak.account.findings import Defect
from iotmock.soak.receiver.receipts import Receipts
from tests.mosquitto import Mosquitto, running_mosquitto
from tests.service.process import subscribed
from tests.soak.receiver.proxy import Fate, Proxy, running_proxy
from tests.soak.receiver.running import Sender, running_receiver

pytestmark = pytest.mark.trio

DEVICES = [f"home-{n}" for n in range(10)] + [f"pump-{n}" for n in range(10)]
EACH = 40


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path, "sys_interval 1") as broker:
        yield broker


def fates(seed: int) -> dict[tuple[str, int], Fate]:
    """Choose every tenth message, each between two of its device that nothing happens to."""
    source = random.Random(seed)
    numbers = [(device, number) for device in DEVICES for number in range(2, EACH, 2)]
    return {key: source.choice(list(Fate)) for key in source.sample(numbers, len(numbers) // 5)}


def found(receipts: Receipts, kind: Defect) -> set[tuple[str, int]]:
    return {
        (one.device, number)
        for one in receipts.findings[kind].ranges
        for number in range(one.first, one.last + 1)
    }


def suffered(chosen: dict[tuple[str, int], Fate], fate: Fate) -> set[tuple[str, int]]:
    return {key for key, its in chosen.items() if its is fate}


@pytest.mark.parametrize("qos", [0, 1])
@pytest.mark.parametrize("tampers_with", ["client", "broker"])
@pytest.mark.parametrize("stamp", ["properties", "json"])
async def test_what_happened_on_the_way_is_found_out_by_number_and_device(
    broker: Mosquitto, tampers_with: Literal["client", "broker"], qos: int, stamp: str
) -> None:
    chosen = fates(seed=qos)
    async with running_proxy(broker.port, tampers_with, chosen) as proxy:
        ports = {"client": (proxy.port, broker.port), "broker": (broker.port, proxy.port)}
        sending, receiving = ports[tampers_with]
        sender = Sender(sending, stamp)
        groups = {"homes": "home-", "pumps": "pump-"}
        async with running_receiver(receiving, qos=qos, groups=groups) as receiver:
            await sender.send(DEVICES * EACH)
            receipts = await receiver.finish(sender.counts)
    check(receipts, chosen)


def check(receipts: Receipts, chosen: dict[tuple[str, int], Fate]) -> None:
    counts = receipts.counts
    overtaken = suffered(chosen, Fate.SWAPPED) | suffered(chosen, Fate.DELAYED)
    assert found(receipts, "lost") == suffered(chosen, Fate.DROPPED)
    assert found(receipts, "duplicated") == suffered(chosen, Fate.TWICE)
    assert found(receipts, "corrupted") == suffered(chosen, Fate.CHANGED)
    assert found(receipts, "reordered") == overtaken
    assert counts.duplicated == len(suffered(chosen, Fate.TWICE))
    assert counts.corrupted == len(suffered(chosen, Fate.CHANGED))
    assert counts.reordered == len(overtaken)
    assert counts.distinct + counts.lost == len(DEVICES) * EACH
    assert sum(group.received for group in receipts.groups.values()) == counts.received
    assert receipts.groups["homes"].lost == sum(
        device.startswith("home-") for device, _ in suffered(chosen, Fate.DROPPED)
    )
    assert (receipts.receiver_outages, counts.unplaced, receipts.foreign) == (0, 0, 0)


async def test_what_the_way_delayed_is_late(broker: Mosquitto) -> None:
    delayed = {("a", 5): Fate.DELAYED, ("b", 7): Fate.DELAYED}
    async with running_proxy(broker.port, "broker", delayed, delay_s=3.0) as proxy:
        sender = Sender(broker.port)
        async with running_receiver(proxy.port, late_after_s=2.5) as receiver:
            await sender.send(["a", "b"] * 10)
            receipts = await receiver.finish(sender.counts, quiet_s=10.0)
    assert found(receipts, "late") >= set(delayed)  # more where this machine has stood still
    assert (receipts.counts.late >= 2, receipts.counts.lost) == (True, 0)
    assert receipts.latency.max_ms > 2_500


async def test_a_healthy_run_has_no_defect(broker: Mosquitto) -> None:
    sender = Sender(broker.port)
    async with running_receiver(broker.port) as receiver:
        await sender.send(["a", "b"] * 500)
        receipts = await receiver.finish(sender.counts)
    assert (receipts.counts.received, receipts.devices, receipts.missing) == (1_000, 2, 0)
    assert sender.stamping is not None
    assert receipts.latency.count == sender.stamping.acknowledged.quantiles().count == 1_000
    assert 0 < receipts.transit.p50_ms <= receipts.latency.max_ms
    assert not receipts.worst
    assert not any(findings.ranges for findings in receipts.findings.values())


async def test_messages_of_other_runs_and_without_a_stamp_are_foreign(broker: Mosquitto) -> None:
    async with running_receiver(broker.port) as receiver:
        await Sender(broker.port, run="another").send(["a"] * 3)
        await Sender(broker.port, stamp="off").send(["a"] * 4)
        sender = Sender(broker.port)
        await sender.send(["a"] * 5, mark="stuck")
        receipts = await receiver.finish(sender.counts)
    assert (receipts.foreign, receipts.counts.received, receipts.counts.deliberate) == (7, 5, 5)


async def test_latency_is_from_when_a_message_was_due(broker: Mosquitto) -> None:
    sender = Sender(broker.port)
    async with running_receiver(broker.port) as receiver:
        await sender.send(["a"] * 100, due=lambda _: time() - 3_600)
        receipts = await receiver.finish(sender.counts)
    assert sender.stamping is not None
    assert receipts.latency.p50_ms > 3_599_000 > receipts.transit.max_ms
    assert sender.stamping.acknowledged.quantiles().p50_ms > 3_599_000


async def test_a_workers_second_life_counts_from_1_again(broker: Mosquitto) -> None:
    second = Sender(broker.port, run="run1.1")
    async with running_receiver(broker.port) as receiver:
        await Sender(broker.port).send(["a"] * 5)
        await second.send(["a"] * 3)
        receipts = await receiver.finish(second.counts)
    assert (receipts.counts.distinct, receipts.counts.lost, receipts.foreign) == (8, 0, 0)


async def test_what_a_stalled_subscribers_broker_dropped_is_counted_exactly(
    tmp_path: Path,
) -> None:
    with running_mosquitto(tmp_path, "max_queued_messages 10", "sys_interval 1") as broker:
        sender = Sender(broker.port)
        async with running_receiver(broker.port, receive_maximum=20) as receiver:
            os.kill(receiver.pid, signal.SIGSTOP)
            await sender.send(["a", "b"] * 100)
            os.kill(receiver.pid, signal.SIGCONT)
            await sender.send(["a", "b"] * 5)  # the queue has room again
            receipts = await receiver.finish(sender.counts)
        counts = receipts.counts
        assert counts.lost > 0
        with subscribed(broker.port, topic="$SYS/broker/publish/messages/dropped") as subscriber:
            subscriber.wait_for(lambda s: s.messages and int(s.messages[-1][1]) == counts.lost)
        assert counts.distinct + counts.lost == 210
        assert sum(worst.defects.lost for worst in receipts.worst) == counts.lost


async def test_a_lost_connection_of_its_own_loses_nothing_at_qos_1(broker: Mosquitto) -> None:
    async with running_proxy(broker.port, "broker") as proxy:
        receipts, _ = await interrupted(broker, proxy, qos=1)
    assert receipts.receiver_outages == 1
    assert (receipts.counts.lost, receipts.counts.lost_in_outages) == (0, 0)
    assert (receipts.counts.distinct, receipts.counts.duplicated) == (30, 0)


async def test_what_is_lost_while_it_was_away_is_not_the_brokers(broker: Mosquitto) -> None:
    async with running_proxy(broker.port, "broker") as proxy:
        receipts, before_s = await interrupted(broker, proxy, qos=0)
    away, lost = found(receipts, "lost_in_outages"), found(receipts, "lost")
    assert receipts.receiver_outages == 1
    assert away | lost == {("a", number) for number in range(11, 21)}
    assert not lost or before_s > 0.8  # what was due a second before it may have been the broker's


async def interrupted(broker: Mosquitto, proxy: Proxy, qos: int) -> tuple[Receipts, float]:
    """Send ten messages before, in and after an outage of the receiver.

    They are due a millisecond one after the other. Beside the receipts it returns how long it took
    from the first to the outage, s.
    """
    sender = Sender(broker.port)
    async with running_receiver(proxy.port, qos=qos) as receiver:
        began = time()

        async def ten() -> None:
            await sender.send(["a"] * 10, due=lambda number: began + number / 1_000)

        await ten()
        await receiver.receipts(lambda r: r.counts.received == 10)
        before_s = time() - began
        await proxy.cut()
        await receiver.receipts(lambda r: not r.connected and r.problem)
        await ten()
        proxy.away = False
        await receiver.receipts(lambda r: r.connected)
        await ten()
        return await receiver.finish(sender.counts), before_s
