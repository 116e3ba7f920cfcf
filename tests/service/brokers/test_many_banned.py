"""A hundred connections that are turned away at once are a few lines of log, with the number."""

from pathlib import Path

import pytest
import trio

from iotmock.mqtt.codec.packets import Connect
from tests.mqtt.scripted_broker import Rules, scripted_broker
from tests.patience import within
from tests.service.process import running_service

pytestmark = pytest.mark.trio

DEVICES = 100


async def test_a_hundred_banned_devices_are_a_few_lines(tmp_path: Path) -> None:
    banned = [False]

    def answer(connect: Connect) -> int:
        return 0x8A if banned[0] and connect.client_id.startswith("cli-") else 0

    environment = {
        "MQTT_CONNECTIONS": "per-device",
        "MQTT_CONNECT_RATE": 0,
        "MQTT_EMBEDDED_BROKER": "off",
        "MQTT_CLIENT_ID": "mock",
        "FLEET": f"hvac={DEVICES}",
        "SIMULATION_INTERVAL": 1,
        "STATE_FILE": ":memory:",
    }
    async with scripted_broker(Rules(connack=answer)) as broker:
        running = running_service(tmp_path, MQTT_BROKER_PORT=broker.port, **environment)
        service = await trio.to_thread.run_sync(running.__enter__)
        try:
            await broker.wait_for(lambda: sum(p.is_open for p in broker.peers) == DEVICES + 1)
            banned[0], before = True, len(broker.connects)
            for peer in [p for p in broker.peers if p.is_open and p.client_id != "mock"]:
                await peer.disconnect(0x8A)
            await broker.wait_for(lambda: len(broker.connects) > before + DEVICES)
            health = (await trio.to_thread.run_sync(service.request, "GET", "/health"))[1]
            lines = [line for line in service.log.splitlines() if "no connection" in line]
            # Of connections that were lost, and that were not made; once more after a minute.
            assert 2 <= len(lines) <= 4, lines
            assert all("the client is banned" in line for line in lines)
            assert any(f"{DEVICES} of {DEVICES} devices" in text for text in health["problems"])
            banned[0] = False
            with within(60):
                await broker.wait_for(lambda: sum(p.is_open for p in broker.peers) == DEVICES + 1)
        finally:
            await trio.to_thread.run_sync(running.__exit__, None, None, None)
        said = service.log
    assert len(said.splitlines()) < 40, said
