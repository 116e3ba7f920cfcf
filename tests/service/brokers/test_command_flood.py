"""A flood of commands at a broker that takes no results: memory is bounded, and losses are counted.

Seen once: 892 MB in 12 s.
"""

import re
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio
from attrs import define, field, frozen

from iotmock.mqtt import V5, Message, Properties
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import Packet, PubAck, Publish
from tests.mqtt.scripted_broker import SILENCE, Peer, Rules, ScriptedBroker, scripted_broker
from tests.patience import within
from tests.service.process import Service, running_service

pytestmark = pytest.mark.trio

DEVICES = 4
BACKLOG = 2 << 20
GROWTH = 2 * BACKLOG + (6 << 20)
"""By how many bytes the process may grow: what waits, what Python needs to hold it, what comes."""
COMMANDS = 8 * BACKLOG // 2_700
"""Their results, two of more than 1,350 bytes each, are eight times what may wait."""
AT_ONCE = 100
LOOKS = 20
"""How often a service is looked at that takes no command meanwhile, to say that it takes none."""
TOPIC = "/".join(["answers"] * 16)
RESULTS = ("result", "answers")


def name(number: int) -> str:
    return f"cli-hvac-{number:06d}"


def correlation(number: int) -> bytes:
    return b"%01024d" % number


def command(number: int) -> bytes:
    """A command with correlation data of its own, as the broker sends it."""
    topic = f"energy/devices/{name(number % DEVICES + 1)}/commands"
    payload = b'{"command": "reset_energy"}'
    request = Properties(response_topic=TOPIC, correlation_data=correlation(number))
    message = Message(topic, payload, 1, properties=request)
    return encode(Publish(message, number + 1), V5)


@define(eq=False)
class Heard:
    """What the broker has heard, without keeping it."""

    commands: set[bytes] = field(factory=set)
    """That the service has acknowledged, and the broker has heard of it."""
    results: dict[str, set[bytes]] = field(factory=lambda: defaultdict(set))
    """Which came, by the end of their topics."""

    @property
    def missing(self) -> int:
        """How many results of what was acknowledged have not come."""
        return sum(len(self.commands - self.results[end]) for end in RESULTS)

    def take(self, packet: Packet) -> bool:
        match packet:
            case PubAck(packet_id=packet_id):
                self.commands.add(correlation(packet_id - 1))
            case Publish(message=message) if message.topic.endswith(RESULTS):
                end = message.topic.rpartition("/")[2]
                self.results[end].add(message.properties.correlation_data or b"")
        return True


@frozen
class Trial:
    """A service, and a broker that may not take its results."""

    service: Service
    broker: ScriptedBroker
    heard: Heard

    def hearing(self, device: int) -> Peer | None:
        wanted = {f"energy/devices/{name(device)}/commands", "energy/devices/+/commands"}
        return next((p for p in self.broker.peers if p.is_open and wanted & set(p.filters)), None)

    async def messages(self) -> dict[str, int]:
        """The counts; they add up whenever one looks."""
        counts: dict[str, int] = (await trio.to_thread.run_sync(self.service.status))["messages"]
        ends = ("acknowledged", "refused", "waiting", "dropped", "superseded")
        assert counts["accepted"] == sum(counts[end] for end in ends), counts
        return counts

    async def devices(self) -> int:
        """How many devices there are."""
        status = await trio.to_thread.run_sync(self.service.status)
        return int(status["devices"]["total"])

    async def all_are_answered(self) -> bool:
        """Whether each result of what was acknowledged has come, or was dropped and counted."""
        return self.heard.missing <= (await self.messages())["dropped"]

    def most_resident(self) -> int:
        """The most memory that the process has had, in bytes."""
        assert self.service.process is not None
        text = Path(f"/proc/{self.service.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", text)
        assert found
        return int(found[1]) << 10

    async def flood(self) -> None:
        """Send commands, until all are acknowledged or no more are."""
        while (
            await self.devices() < DEVICES
        ):  # a command to a device that is not there has no result
            await trio.lowlevel.checkpoint()
        await self.broker.wait_for(lambda: all(self.hearing(n + 1) for n in range(DEVICES)))
        for first in range(0, COMMANDS, AT_ONCE):
            for number in range(first, first + AT_ONCE):
                peer = self.hearing(number % DEVICES + 1)
                assert peer is not None
                await peer.write(command(number))
            if not await self.takes(first + AT_ONCE):
                return

    async def takes(self, commands: int) -> bool:
        """Wait until so many are acknowledged; return whether they are, or no more will be."""
        looks, before = 0, len(self.heard.commands)
        while len(self.heard.commands) < commands and looks < LOOKS:
            await self.messages()
            looks = looks + 1 if len(self.heard.commands) == before else 0
            before = len(self.heard.commands)
        return len(self.heard.commands) >= commands


@asynccontextmanager
async def trial(folder: Path, model: str, rules: Rules) -> AsyncIterator[Trial]:
    heard = Heard()
    rules.takes = heard.take
    environment = {
        "MQTT_CONNECTIONS": model,
        "MQTT_CONNECT_RATE": 0,
        "MQTT_EMBEDDED_BROKER": "off",
        "MQTT_BACKLOG_BYTES": BACKLOG,
        "FLEET": f"hvac={DEVICES}",
        "SIMULATION_INTERVAL": 60,
        "STATE_FILE": ":memory:",
    }
    async with scripted_broker(rules) as broker:
        running = running_service(folder, MQTT_BROKER_PORT=broker.port, **environment)
        service = await trio.to_thread.run_sync(running.__enter__)
        try:
            yield Trial(service, broker, heard)
        finally:
            await trio.to_thread.run_sync(running.__exit__, None, None, None)


@pytest.mark.parametrize("model", ["shared", "pool:2", "per-device"])
async def test_memory_is_bounded_and_every_loss_is_counted(tmp_path: Path, model: str) -> None:
    rules = Rules(puback=lambda message: SILENCE if message.topic.endswith(RESULTS) else 0)
    async with trial(tmp_path, model, rules) as flooded:
        before = flooded.most_resident()
        with within(60):
            await flooded.flood()
        grown = flooded.most_resident() - before
        counts = await flooded.messages()
        assert grown < GROWTH, f"{grown >> 20} MiB"
        # Over a shared connection commands wait at the broker; over its own a device has no other
        # way to hear of the broker's answers, so that the oldest results go.
        assert bool(counts["dropped"]) == (model == "per-device"), counts
        assert (len(flooded.heard.commands) < COMMANDS) == (model != "per-device")

        rules.puback = lambda _: 0
        for peer in [peer for peer in flooded.broker.peers if peer.is_open]:
            await peer.stream.aclose()
        # What has been acknowledged may be with a device, or wait for the disk, before it waits.
        with within(30):
            while not await flooded.all_are_answered():
                await trio.lowlevel.checkpoint()
