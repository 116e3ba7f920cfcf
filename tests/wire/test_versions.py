"""Devices find their version by themselves, whatever happens to their first connections."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio
from attrs import define, evolve, field

from iotmock.actors.errors import WireDownError
from iotmock.mqtt import V5, V311
from iotmock.mqtt.decoder import Decoder
from iotmock.mqtt.encoder import encode
from iotmock.mqtt.packets import ConnAck, Connect, SubAck, Subscribe
from iotmock.settings import read_settings
from iotmock.wire import MqttLine, make_lines, make_wire
from tests.mosquitto import running_mosquitto
from tests.patience import within

pytestmark = pytest.mark.trio
DEVICES = 1_000
AT_ONCE = 50
CUTS = (1, 2, 5)
ANSWERED = 12
"""The bytes of mosquitto's answer that are let through at most before a cut."""


@define(eq=False)
class Proxy:
    """Cuts the first connections of each client at one byte of its handshake."""

    broker_port: int
    seen: Counter[str] = field(factory=Counter)

    async def serve(self, stream: trio.SocketStream) -> None:
        said = bytes(await stream.receive_some(4_096))
        name = _client_id(said)
        self.seen[name] += 1
        number = int(name)
        broker = await trio.open_tcp_stream("127.0.0.1", self.broker_port)
        async with broker, stream:
            try:
                if self.seen[name] <= CUTS[number % len(CUTS)]:
                    await self._cut(stream, broker, said, number % (len(said) + ANSWERED))
                else:
                    await broker.send_all(said)
                    await _relay_both(stream, broker)
            except trio.BrokenResourceError:
                return

    async def _cut(
        self, stream: trio.SocketStream, broker: trio.SocketStream, said: bytes, place: int
    ) -> None:
        await broker.send_all(said[:place])
        if place > len(said):
            answer = bytes(await broker.receive_some(4_096))
            await stream.send_all(answer[: place - len(said)])


def _client_id(said: bytes) -> str:
    decoder = Decoder(V5 if said[8] == 5 else V311)
    connect = next(iter(decoder.feed(said)))
    assert isinstance(connect, Connect)
    return connect.client_id


async def _relay_both(one: trio.SocketStream, other: trio.SocketStream) -> None:
    async with trio.open_nursery() as nursery:

        async def relay(source: trio.SocketStream, target: trio.SocketStream) -> None:
            async for data in source:
                await target.send_all(data)
            nursery.cancel_scope.cancel()

        nursery.start_soon(relay, one, other)
        nursery.start_soon(relay, other, one)


@asynccontextmanager
async def proxy(broker_port: int) -> AsyncIterator[int]:
    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(trio.serve_tcp, Proxy(broker_port).serve, 0)
        yield listeners[0].socket.getsockname()[1]
        nursery.cancel_scope.cancel()


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
        async with proxy(broker.port) as port:
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
    said = bytes(await stream.receive_some(4_096))
    if said[8] == 5:
        await stream.send_all(encode(ConnAck(False, 0x01), V311))
        return
    code = 0 if _client_id(said) == "device" else 0x05
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
            await line.open(b"gone")
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
