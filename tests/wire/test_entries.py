"""What a dialect says of a connection at each CONNECT, over a real broker."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import partial
from itertools import count

import pytest
import trio
from msgspec.structs import replace

from iotmock.actors.errors import WireDownError
from iotmock.actors.messages import PLAIN, Incoming, IncomingHost, Kind, Outgoing
from iotmock.actors.ports.dialect import Entry, Heard, Node
from iotmock.dialects.native.dialect import Native
from iotmock.mqtt import Client, ConnectOptions, Subscription
from iotmock.settings.reading import read_settings
from iotmock.settings.settings import Settings
from iotmock.wire import MqttWire, make_lines, make_pool, make_wire
from tests.mosquitto import PASSWORD, USERNAME, Mosquitto, running_mosquitto
from tests.patience import within

pytestmark = pytest.mark.trio
STATE = "state/host"


def said(topic: str, payload: bytes = b"") -> Outgoing:
    return Outgoing(Kind.STATUS, "", payload, topic, manner=PLAIN)


def numbered(numbers: Iterator[int], outgoing: Outgoing) -> Outgoing:
    return replace(outgoing, payload=outgoing.payload + b" %d" % next(numbers))


class Numbering(Native):
    """Numbers what it says, from its first word over each connection to its last."""

    def entry(self, node: Node) -> Entry:
        base = f"n/{node.client_id}"
        return Entry(
            said(f"{base}/dead", b"will %d" % node.attempt),
            (f"{base}/asked",),
            states=(STATE,),
            first=said(f"{base}/born", b"born"),
            last=said(f"{base}/dead", b"dead"),
            resumes=False,
            seal=partial(numbered, count()),
        )

    def hear(self, heard: Heard, device_id: str | None = None) -> Sequence[Incoming]:
        if heard.topic == STATE:
            return (IncomingHost(heard.payload == b"here", int(heard.retained)),)
        return ()


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


def settings(broker: Mosquitto, **more: str) -> Settings:
    found = {"MQTT_BROKER_PORT": str(broker.port), "MQTT_CLIENT_ID": "n1", "MQTT_QOS": "0"}
    return read_settings(found | more, file=None)


@asynccontextmanager
async def listening(broker: Mosquitto) -> AsyncIterator[Client]:
    options = ConnectOptions("listener", USERNAME, PASSWORD)
    async with Client("localhost", broker.port, options) as client:
        await client.subscribe(Subscription("n/#", qos=1))
        yield client
        await client.publish(STATE, b"", retain=True)


async def heard(client: Client, count: int) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    with within(10):
        async for message in client.messages:
            found.append((message.topic, message.payload))
            if len(found) == count:
                break
    return found


def data(*payloads: bytes) -> list[Outgoing]:
    return [Outgoing(Kind.DATA, "d", payload, "n/data") for payload in payloads]


async def test_messages_are_numbered_in_the_order_in_which_they_are_written(
    broker: Mosquitto,
) -> None:
    wire = make_wire(settings(broker), 0, embedded=False, dialect=Numbering())
    async with listening(broker) as client:
        for attempt in range(2):
            async with wire.connect() as connection:
                await connection.introduce()
                assert connection.offer(data(b"a", b"b")) == 2
                await connection.flush()
            assert await heard(client, 4) == [
                ("n/n1/born", b"born 0"),
                ("n/data", b"a 1"),
                ("n/data", b"b 2"),
                ("n/n1/dead", b"dead 3"),
            ], attempt


async def test_what_no_window_takes_has_no_number(broker: Mosquitto) -> None:
    few = settings(broker, MQTT_QOS="1", MQTT_WINDOW="2")
    wire = make_wire(few, 0, embedded=False, dialect=Numbering())
    async with listening(broker) as client, wire.connect() as connection:
        assert connection.offer(data(b"a", b"b", b"c")) == 2
        await connection.flush()
        await connection.wait_settled()
        assert connection.offer(data(b"c")) == 1
        await connection.flush()
        assert [text for _, text in await heard(client, 3)] == [b"a 0", b"b 1", b"c 2"]


async def die(wire: MqttWire) -> None:
    async with wire.connect() as connection:
        wire.drop()
        await connection.wait_settled()


async def test_a_will_is_of_its_attempt(broker: Mosquitto) -> None:
    wire = make_wire(settings(broker), 0, embedded=False, dialect=Numbering())
    async with listening(broker) as client:
        for attempt in range(2):
            with pytest.raises(WireDownError):
                await die(wire)
            assert await heard(client, 1) == [("n/n1/dead", b"will %d" % attempt)]


async def test_a_state_that_is_retained_is_heard_at_each_connect_and_in_a_pool_everywhere(
    broker: Mosquitto,
) -> None:
    pool = make_pool(
        settings(broker, MQTT_CONNECTIONS="pool:2"), 0, embedded=False, dialect=Numbering()
    )
    async with listening(broker) as client:
        await client.publish(STATE, b"here", 1, retain=True)
        for wire in (*pool, *pool):
            async with wire.connect() as connection, aclosing(connection.incoming()) as incoming:
                with within(10):
                    assert await anext(incoming) == IncomingHost(True, 1)


async def test_a_devices_own_connection_numbers_and_hears_what_is_retained(
    broker: Mosquitto,
) -> None:
    own = settings(broker, MQTT_CONNECTIONS="per-device")
    lines = make_lines(own, 0, embedded=False, dialect=Numbering())
    async with listening(broker) as client:
        await client.publish(STATE, b"here", 1, retain=True)
        line = lines.line("d")
        await line.open(Entry(None, (), (STATE,), seal=partial(numbered, count())))
        assert line.take(data(b"a")[0])
        line.flush(trio.current_time())
        assert await heard(client, 1) == [("n/data", b"a 0")]
        found: list[Incoming] = []
        with within(10):
            while not found:
                found += line.read(trio.current_time())
                await trio.lowlevel.checkpoint()
        assert found == [IncomingHost(True, 1)]
        line.leave()
