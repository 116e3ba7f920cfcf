"""A device whose model raises, in a whole service on a real broker."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import trio

from iotmock.actors.messages import CommandRequest
from iotmock.model.families import built_in
from iotmock.service.run import run_service
from iotmock.settings.reading import read_settings
from tests.actors.rig import plain_type
from tests.mosquitto import running_mosquitto
from tests.service.process import Subscriber, missing_ticks, subscribed


async def hear(
    heard: Subscriber, condition: Callable[[Subscriber], object], seconds: float = 20.0
) -> None:
    await trio.to_thread.run_sync(heard.wait_for, condition, seconds)


@pytest.mark.trio
async def test_it_goes_to_error_after_the_limit_and_the_others_show_no_gap(tmp_path: Path) -> None:
    failing: list[Exception] = []
    catalogue = built_in()
    catalogue.add(plain_type(failing))
    with running_mosquitto(tmp_path) as broker, subscribed(broker.port) as heard:
        settings = read_settings(
            {
                "PORT": "0",
                "HOST": "127.0.0.1",
                "MQTT_BROKER_PORT": str(broker.port),
                "SIMULATION_INTERVAL": "0.5",
                "STATE_FILE": ":memory:",
            }
        )
        async with run_service(settings, catalogue) as service:
            supervisor = service.system.supervisor
            await supervisor.create("plain", name="P", device_id="p")
            await hear(heard, lambda s: s.data("p"))
            failing.append(RuntimeError("broken bearing"))
            await hear(heard, lambda s: s.statuses("p")[-1]["status"] == "error")
            failing.clear()
            await supervisor.command("p", CommandRequest("reboot"))
            seen = len(heard.data("p"))
            await hear(heard, lambda s: len(s.data("p")) > seen)
            assert heard.statuses("p")[-1]["status"] == "online"
        statistics = service.system.pacer.statistics()
        await hear(heard, lambda s: s.statuses("mock-hvac-001")[-1]["status"] == "offline")
    stamps = [reading["timestamp"] for reading in heard.data("mock-hvac-001")]
    moments = [datetime.fromisoformat(stamp).timestamp() for stamp in stamps]
    assert missing_ticks(moments, 0.5) <= statistics.coalesced
    assert statistics.done > len(stamps) >= 3
