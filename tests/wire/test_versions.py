"""Devices find their version by themselves, whatever happens to their first connections."""

from collections import Counter
from pathlib import Path

import pytest
import trio
from attrs import evolve

from iotmock.actors.errors import WireDownError
from iotmock.actors.messages import Kind
from iotmock.actors.ports.dialect import Entry
from iotmock.mqtt import V5, V311
from iotmock.mqtt.codec.decoder import Decoder
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import ConnAck, SubAck, Subscribe
from iotmock.settings.reading import read_settings
from iotmock.wire import MqttLine, make_lines, make_wire
from tests.mosquitto import running_mosquitto
from tests.mqtt.cutting_proxy import CuttingProxy, at_each_byte, cutting, read_connect
from tests.outgoing import outgoing
from tests.patience import within

pytestmark = pytest.mark.trio
DEVICES = 1_000
AT_ONCE = 50
ENTRY = Entry(outgoing(Kind.STATUS, "device", b"gone"), ("energy/devices/device/commands",))


async def stand(line: MqttLine) -> None:
    while True:
        try:
            await line.open(ENTRY)
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
            with within(60):
                async with trio.open_nursery() as nursery:
                    for number in range(DEVICES):
                        nursery.start_soon(live, lines.line(f"{number:04d}"))
    assert Counter(spoken) == {V5: DEVICES}


async def speak_only_3_1_1(stream: trio.SocketStream) -> None:
    """Refuse the service's own user, and each version but 3.1.1."""
    connect = read_connect(bytes(await stream.receive_some(4_096)))
    if connect.protocol == V5:
        await stream.send_all(encode(ConnAck(False, 0x01), V311))
        return
    code = 0 if connect.client_id == "device" else 0x05
    await stream.send_all(encode(ConnAck(False, code), V311))
    for packet in Decoder(V311).feed(bytes(await stream.receive_some(4_096))):
        if isinstance(packet, Subscribe):
            await stream.send_all(encode(SubAck(packet.packet_id, (1,)), V311))
    await trio.sleep_forever()


async def test_a_device_finds_3_1_1_although_the_service_itself_is_refused() -> None:
    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(trio.serve_tcp, speak_only_3_1_1, 0)
        port = listeners[0].socket.getsockname()[1]
        settings = read_settings(
            {"MQTT_CONNECTIONS": "per-device", "MQTT_BROKER_PORT": str(port)}, None
        )
        lines = make_lines(settings, 0, embedded=False)
        with within(10):
            with pytest.raises(WireDownError, match="refused user"):
                async with lines.service.connect():
                    pass
            line = lines.line("device")
            await line.open(ENTRY)
            assert line.protocol == V311
        line.abort()
        nursery.cancel_scope.cancel()


@pytest.mark.parametrize("settings", [{}, {"MQTT_PROTOCOL": "3.1.1"}])
async def test_a_connect_that_can_not_be_written_is_no_connection_and_no_more(
    settings: dict[str, str],
) -> None:
    wire = make_wire(read_settings(settings, None), 8090, embedded=False)
    wire.options = evolve(wire.options, username="x" * 65_536)
    with pytest.raises(WireDownError, match="at most 65535 fit"):
        async with wire.connect():
            raise AssertionError("connected")
