"""The client on trio and asyncio, against real brokers and against peers that misbehave."""

import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
import trustme

from iotmock.mqtt import (
    V5,
    V311,
    BadCredentials,
    Client,
    ConnectFailed,
    ConnectionLost,
    ConnectOptions,
    Message,
    Properties,
    Protocol,
    Session,
    Subscription,
    Tls,
    Will,
)
from iotmock.mqtt.embedded.embedded import embedded_broker
from tests.mosquitto import PASSWORD, USERNAME, Mosquitto, running_mosquitto
from tests.patience import SLACK

BACKENDS = ("trio", "asyncio")
both_backends = pytest.mark.parametrize("backend", BACKENDS)
both_protocols = pytest.mark.parametrize("protocol", [V311, V5])


def run(backend: str, test: Callable[[], Awaitable[None]]) -> None:
    async def in_time() -> None:
        with anyio.fail_after(30 * SLACK):
            await test()

    anyio.run(in_time, backend=backend)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("mosquitto")) as mosquitto:
        yield mosquitto


def options(client_id: str, protocol: Protocol = V5, **more: Any) -> ConnectOptions:
    return ConnectOptions(client_id, USERNAME, PASSWORD, protocols=(protocol,), **more)


@both_backends
@both_protocols
def test_messages_go_there_and_back_at_every_qos(
    backend: str, protocol: Protocol, broker: Mosquitto
) -> None:
    async def test() -> None:
        async with Client(broker.host, broker.port, options("a", protocol)) as client:
            assert client.protocol == protocol
            assert await client.subscribe(Subscription("there/#", qos=2)) == (2,)
            for qos in (0, 1, 2):
                await client.publish(f"there/{qos}", b"x" * 200 * qos, qos)
            for qos in (0, 1, 2):
                message = await anext(client.messages)
                assert (message.topic, message.qos) == (f"there/{qos}", qos)
            await client.unsubscribe("there/#")
            assert client.statistics().acknowledged == 2

    run(backend, test)


@both_backends
def test_properties_come_with_the_message(backend: str, broker: Mosquitto) -> None:
    chosen = Properties(
        response_topic="re/ply",
        correlation_data=b"\x00\x01",
        content_type="text",
        user_properties=(("seq", "7"), ("seq", "8")),
    )

    async def test() -> None:
        async with Client(broker.host, broker.port, options("p")) as client:
            await client.subscribe(Subscription("props"))
            await client.publish("props", b"", 1, properties=chosen)
            assert (await anext(client.messages)).properties == chosen

    run(backend, test)


@both_backends
@both_protocols
def test_many_messages_in_one_write_keep_their_order(
    backend: str, protocol: Protocol, broker: Mosquitto
) -> None:
    count = 2_000

    async def publish(client: Client) -> None:
        messages = [Message("many", b"%d" % number, 1) for number in range(count)]
        while messages:
            await client.wait_window()
            del messages[: client.publish_nowait(messages[:200])]
            await client.flush()
        await client.wait_settled()

    async def test() -> None:
        async with Client(broker.host, broker.port, options("m", protocol)) as client:
            await client.subscribe(Subscription("many"))
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(publish, client)
                for number in range(count):
                    assert (await anext(client.messages)).payload == b"%d" % number

    run(backend, test)


@both_backends
@both_protocols
def test_the_will_is_sent_when_the_connection_dies(
    backend: str, protocol: Protocol, broker: Mosquitto
) -> None:
    will = Will("wills/w", b"gone", 1)

    async def test() -> None:
        async with Client(broker.host, broker.port, options("watch", protocol)) as watcher:
            await watcher.subscribe(Subscription("wills/#"))
            async with Client(broker.host, broker.port, options("w", protocol, will=will)):
                pass
            async with Client(broker.host, broker.port, options("w", protocol, will=will)) as dying:
                await anyio.aclose_forcefully(dying._driver.channel.stream)
                message = await anext(watcher.messages)
            assert (message.topic, message.payload) == ("wills/w", b"gone")
            assert not watcher._connection.arrived  # the orderly end had sent none

    run(backend, test)


@both_backends
def test_a_cancelled_client_says_goodbye(backend: str, broker: Mosquitto) -> None:
    will = Will("wills/c", b"gone", 1)

    async def test() -> None:
        async with Client(broker.host, broker.port, options("watch2")) as watcher:
            await watcher.subscribe(Subscription("wills/c"))
            with anyio.CancelScope() as scope:
                async with Client(broker.host, broker.port, options("c", will=will)) as client:
                    scope.cancel()
                    await anext(client.messages)
            await watcher.publish("wills/c", b"no will came before", 1)
            assert (await anext(watcher.messages)).payload == b"no will came before"

    run(backend, test)


@both_backends
def test_a_wrong_password_is_told_without_telling_it(backend: str, broker: Mosquitto) -> None:
    async def test() -> None:
        with pytest.raises(BadCredentials, match="iot_user") as caught:
            async with Client(broker.host, broker.port, ConnectOptions("a", USERNAME, "hunter2")):
                pass
        assert "hunter2" not in f"{caught.value!r}{caught.value}"

    run(backend, test)


@both_backends
def test_a_session_outlives_the_brokers_death_without_loss(backend: str, tmp_path: Path) -> None:
    session = Session(window=50)

    async def burst(client: Client, first: int) -> None:
        messages = [Message("kept", b"%d" % number, 1) for number in range(first, first + 50)]
        assert client.publish_nowait(messages) == 50
        await client.flush()

    async def test(broker: Mosquitto) -> None:
        kept = options("s", clean_start=False, session_expiry=300)
        watch = options("watcher", clean_start=False, session_expiry=300)
        async with Client(broker.host, broker.port, watch) as watcher:
            await watcher.subscribe(Subscription("kept"))
        async with Client(broker.host, broker.port, kept, session) as client:
            await burst(client, 0)
            broker.stop()
            with pytest.raises(ConnectionLost):
                await anext(client.messages)
        broker.start()
        async with Client(broker.host, broker.port, kept, session) as client:
            await client.wait_settled()
            await burst(client, 50)
            await client.wait_settled()
        assert session.acknowledged == 100
        async with Client(broker.host, broker.port, watch) as watcher:
            received: dict[int, int] = {}
            while 99 not in received:
                number = int((await anext(watcher.messages)).payload)
                received[number] = received.get(number, 0) + 1
        assert list(received) == list(range(100))
        assert all(received[number] == 1 for number in range(50, 100))

    with running_mosquitto(tmp_path, "persistence true", f"persistence_location {tmp_path}/") as it:
        run(backend, lambda: test(it))


@both_backends
def test_the_embedded_broker_lets_only_its_user_in(backend: str) -> None:
    async def test() -> None:
        async with embedded_broker("127.0.0.1", 0, USERNAME, PASSWORD) as running:
            right = options("a", V311)
            async with Client(running.host, running.port, right) as client:
                await client.subscribe(Subscription("e"))
                await client.publish("e", b"1", 1)
                assert (await anext(client.messages)).payload == b"1"
            for user, password in ((USERNAME, "wrong"), ("root", PASSWORD), (None, None)):
                wrong = ConnectOptions("b", user, password, protocols=(V311,))
                with pytest.raises((BadCredentials, ConnectFailed)):
                    async with Client(running.host, running.port, wrong):
                        pass

    run(backend, test)


@both_backends
def test_a_broker_that_knows_only_3_1_1_is_spoken_to_in_it(backend: str) -> None:
    async def test() -> None:
        async with embedded_broker("127.0.0.1", 0, USERNAME, PASSWORD) as running:
            any_version = ConnectOptions("a", USERNAME, PASSWORD, connect_timeout=2.0 * SLACK)
            async with Client(running.host, running.port, any_version) as client:
                assert client.protocol == V311

    run(backend, test)


@both_backends
def test_tls_is_verified_both_ways(backend: str, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
        tmp_path / "server.pem"
    )
    authority.issue_cert("client").private_key_and_cert_chain_pem.write_to_path(
        tmp_path / "client.pem"
    )
    lines = (
        f"cafile {tmp_path}/ca.pem",
        f"certfile {tmp_path}/server.pem",
        f"keyfile {tmp_path}/server.pem",
        "require_certificate true",
    )
    ca, client_pem = str(tmp_path / "ca.pem"), str(tmp_path / "client.pem")

    async def connect(port: int, tls: Tls) -> None:
        async with Client("127.0.0.1", port, options("tls", tls=tls)) as client:
            await client.publish("t", b"", 1)

    async def test(broker: Mosquitto) -> None:
        await connect(broker.port, Tls(ca, client_pem, client_pem))
        with pytest.raises(ConnectFailed, match="TLS"):
            await connect(broker.port, Tls(None, client_pem, client_pem))
        with pytest.raises((ConnectFailed, ConnectionLost)):
            await connect(broker.port, Tls(ca))

    with running_mosquitto(tmp_path, *lines) as it:
        run(backend, lambda: test(it))


@both_backends
def test_a_publisher_that_gives_up_leaves_the_connection_whole(
    backend: str, broker: Mosquitto
) -> None:
    async def test() -> None:
        async with Client(broker.host, broker.port, options("c")) as client:
            await client.subscribe(Subscription("c"))
            for number in range(20):
                with anyio.CancelScope() as scope:
                    scope.cancel()
                    await client.publish("c", b"x" * 100_000, number % 3)
            await client.publish("c", b"last", 1)
            async for message in client.messages:
                if message.payload == b"last":
                    break
            assert client.statistics().in_flight == 0

    run(backend, test)


@both_backends
def test_an_error_in_the_block_comes_out_as_it_is(backend: str, broker: Mosquitto) -> None:
    async def test() -> None:
        with pytest.raises(ZeroDivisionError):
            async with Client(broker.host, broker.port, options("z")):
                raise ZeroDivisionError

    run(backend, test)


@both_backends
def test_nobody_listening_is_a_failed_connect(backend: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        async def test() -> None:
            with pytest.raises(ConnectFailed, match=f"127.0.0.1:{port}"):
                async with Client("127.0.0.1", port, options("x")):
                    pass

        run(backend, test)
