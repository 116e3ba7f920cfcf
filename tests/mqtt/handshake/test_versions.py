"""Which version a broker is spoken to in, by a client and by a line."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import trio
from attrs import define, evolve, field
from trio.testing import MockClock

from iotmock.mqtt import (
    V5,
    V311,
    BadCredentials,
    Client,
    ConnectOptions,
    HandshakeFailed,
    Protocol,
    Session,
    Will,
)
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import ConnAck
from iotmock.mqtt.connection.connection import Connection
from iotmock.mqtt.handshake.versions import Dialogue, Spoken, Versions, for_a_visit
from iotmock.mqtt.lines.line import Line
from iotmock.mqtt.transport.address import look_up
from tests.patience import within
from tests.simulated_time import simulated_time_at_sockets

pytestmark = simulated_time_at_sockets
OPTIONS = ConnectOptions("v", connect_timeout=0.4)
WELCOME = {V5: encode(ConnAck(False, 0), V5), V311: encode(ConnAck(False, 0), V311)}
REFUSED_BY_5 = encode(ConnAck(False, 0x84), V5)
REFUSED_BY_3 = encode(ConnAck(False, 0x01), V311)
CLOSED, SILENT = b"closed", b"silent"
Connect = Callable[[int, Versions], Awaitable[Protocol]]


@define(eq=False)
class Broker:
    """Answers each CONNECT in 5 with the next of `to_5`, and welcomes when there is none left."""

    to_5: list[bytes]
    to_311: bytes = WELCOME[V311]
    asked: list[Protocol] = field(factory=list)

    async def serve(self, stream: trio.SocketStream) -> None:
        asked = V5 if (await stream.receive_some(1_000))[8] == 5 else V311
        self.asked.append(asked)
        answer = self.to_311
        if asked == V5:
            answer = self.to_5.pop(0) if self.to_5 else WELCOME[V5]
        if answer is CLOSED:
            return
        if answer is not SILENT:
            await stream.send_all(answer)
        await trio.sleep_forever()


@asynccontextmanager
async def serving(broker: Broker) -> AsyncIterator[int]:
    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(trio.serve_tcp, broker.serve, 0)
        with within(20):
            yield listeners[0].socket.getsockname()[1]
        nursery.cancel_scope.cancel()


async def as_client(port: int, versions: Versions) -> Protocol:
    async with Client("127.0.0.1", port, OPTIONS, Session(), versions) as client:
        return client.protocol


async def as_line(port: int, versions: Versions) -> Protocol:
    async def attempt(protocol: Protocol, timeout: float) -> Line:
        connection = Connection(OPTIONS, Session(), protocol)
        line = Line(connection, await look_up("127.0.0.1", port))
        await line.open((), timeout)
        return line

    async def visit(protocol: Protocol, timeout: float) -> None:
        (await attempt(protocol, timeout)).leave()

    line = await versions.connect(OPTIONS, Dialogue(attempt, visit))
    line.leave()
    return line.connection.protocol


both = pytest.mark.parametrize("connect", [as_client, as_line])


@both
@pytest.mark.parametrize("refusal", [REFUSED_BY_5, REFUSED_BY_3])
async def test_a_refusal_is_enough(connect: Connect, refusal: bytes) -> None:
    broker = Broker([refusal])
    async with serving(broker) as port:
        assert await connect(port, Versions()) == V311
    assert broker.asked == [V5, V311]


@both
@pytest.mark.parametrize("way", [CLOSED, SILENT, WELCOME[V311]])
async def test_what_happens_once_is_no_refusal(connect: Connect, way: bytes) -> None:
    broker = Broker([way])
    async with serving(broker) as port:
        assert await connect(port, Versions()) == V5
    assert broker.asked == [V5, V311, V5]


@both
@pytest.mark.parametrize("way", [CLOSED, SILENT])
async def test_5_is_given_up_after_twice_and_tried_once_at_each_connect(
    connect: Connect, way: bytes
) -> None:
    broker, versions = Broker([way] * 3), Versions()
    async with serving(broker) as port:
        assert await connect(port, versions) == V311
        assert broker.asked == [V5, V311, V5, V311]
        assert await connect(port, versions) == V311
        assert broker.asked[4:] == [V5, V311]
        assert await connect(port, versions) == V5
    assert not versions.turned_away


@both
@pytest.mark.parametrize("way", [CLOSED, SILENT])
async def test_silence_is_no_refusal_from_a_broker_that_speaks_5_to_others(
    connect: Connect, way: bytes
) -> None:
    broker, versions = Broker([way] * 2), Versions(Spoken(newer=True))
    async with serving(broker) as port:
        with pytest.raises(HandshakeFailed):
            await connect(port, versions)
        assert await connect(port, versions) == V5


@both
async def test_a_broker_that_no_longer_speaks_5_is_found_out(connect: Connect) -> None:
    broker, spoken = Broker([CLOSED] * 10), Spoken(newer=True)
    versions = Versions(spoken)
    async with serving(broker) as port:
        for _ in range(3):
            with pytest.raises(HandshakeFailed):
                await connect(port, versions)
        assert await connect(port, versions) == V311
        assert not spoken.newer
        assert await connect(port, Versions(spoken)) == V311


@both
async def test_5_is_not_given_up_where_3_1_1_is_not_welcome_either(connect: Connect) -> None:
    broker, versions = Broker([CLOSED, CLOSED], CLOSED), Versions()
    async with serving(broker) as port:
        for _ in range(2):
            with pytest.raises(HandshakeFailed):
                await connect(port, versions)
        assert await connect(port, versions) == V5
    assert broker.asked == [V5, V311, V5, V311, V5]


@both
async def test_what_3_1_1_is_told_is_what_the_user_is_told(connect: Connect) -> None:
    refusal = encode(ConnAck(False, 0x05), V311)
    async with serving(Broker([CLOSED], refusal)) as port:
        with pytest.raises(BadCredentials):
            await connect(port, Versions())


async def test_a_visit_leaves_no_will_behind() -> None:
    assert for_a_visit(evolve(OPTIONS, will=Will("t", b"gone"))).will is None


@pytest.mark.trio
async def test_a_broker_that_has_just_answered_the_older_version_is_not_waited_for_long(
    autojump_clock: MockClock,
) -> None:
    async def attempt(protocol: Protocol, timeout: float) -> Protocol:
        if protocol == V311:
            return protocol
        await trio.sleep(timeout)
        raise HandshakeFailed("silent")

    async def visit(_: Protocol, __: float) -> None:
        await trio.sleep(0.1)

    began = trio.current_time()
    dialogue = Dialogue(attempt, visit)
    assert await Versions().connect(ConnectOptions("x"), dialogue) == V311
    assert trio.current_time() - began == pytest.approx(5.0 + 0.1 + 2.0)
