"""Devices find their version by themselves, whatever happens to their first connections."""

from collections import Counter
from pathlib import Path

import pytest
import trio

from iotmock.actors.errors import WireDownError
from iotmock.mqtt import V5
from iotmock.settings import read_settings
from iotmock.wire import MqttLine, make_lines
from tests.mosquitto import running_mosquitto
from tests.mqtt.cutting_proxy import CuttingProxy, at_each_byte, cutting

pytestmark = pytest.mark.trio
DEVICES = 1_000
AT_ONCE = 50


async def stand(line: MqttLine) -> None:
    while True:
        try:
            await line.open(b"gone")
        except WireDownError:
            continue
        return


async def test_a_thousand_devices_come_back_to_5_wherever_their_handshakes_are_cut(
    tmp_path: Path,
) -> None:
    with running_mosquitto(tmp_path) as broker:
        async with cutting(CuttingProxy(broker.port, at_each_byte)) as port:
            settings = read_settings(
                {"MQTT_CONNECTIONS": "per-device", "MQTT_BROKER_PORT": str(port)}
            )
            lines = make_lines(settings, 0, embedded=False)
            limiter = trio.CapacityLimiter(AT_ONCE)

            async def live(line: MqttLine) -> None:
                async with limiter:
                    await stand(line)
                    spoken.append(line.protocol)
                    line.leave()

            spoken: list[str | None] = []
            with trio.fail_after(60):
                async with trio.open_nursery() as nursery:
                    for number in range(DEVICES):
                        nursery.start_soon(live, lines.line(f"{number:04d}"))
    assert Counter(spoken) == {V5: DEVICES}
