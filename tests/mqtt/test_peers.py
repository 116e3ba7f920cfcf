"""The client against peers that misbehave, on trio and asyncio."""

import socket
from collections.abc import Awaitable, Callable

import anyio
import pytest
from anyio.abc import SocketStream

from iotmock.mqtt import (
    V5,
    Client,
    ConnectFailed,
    ConnectionLost,
    ConnectOptions,
    Message,
    ProtocolError,
    Subscription,
    Unanswered,
)
from iotmock.mqtt.client import answers
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import ConnAck, PingReq, Publish, SubAck
from tests.mqtt.client.test_client import both_backends, options, run

Script = Callable[[SocketStream], Awaitable[None]]


async def against(script: Script, body: Callable[[int], Awaitable[None]]) -> None:
    """Run `body` against a peer that does what `script` says to whoever connects."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = listener.extra(anyio.abc.SocketAttribute.local_port)

    async def serve(stream: SocketStream) -> None:
        async with stream:
            try:
                await stream.receive()
                await script(stream)
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                return

    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, serve)
        await body(port)
        tasks.cancel_scope.cancel()


ACCEPTED = encode(ConnAck(False, 0), V5)


@both_backends
@pytest.mark.parametrize(
    ("bytes_after", "reason"),
    [
        (b"\x00\x00", "does not exist"),
        (b"\x30\xff\xff\xff\x7f", "over"),
        (encode(PingReq(), V5), "PingReq"),
    ],
)
def test_a_peer_that_breaks_the_protocol_ends_the_connection(
    backend: str, bytes_after: bytes, reason: str
) -> None:
    farewell: list[bytes] = []

    async def script(stream: SocketStream) -> None:
        await stream.send(ACCEPTED)
        await stream.receive()
        await stream.send(bytes_after)
        farewell.append(await stream.receive())

    async def body(port: int) -> None:
        async with Client("127.0.0.1", port, options("x")) as client:
            await client.publish("t", b"")
            with pytest.raises(ConnectionLost, match="broke the protocol") as caught:
                await anext(client.messages)
            assert isinstance(caught.value.__cause__, ProtocolError)
            assert reason in str(caught.value)
            for call in (client.flush, client.wait_window):
                with pytest.raises(ConnectionLost):
                    await call()

    run(backend, lambda: against(script, body))
    assert farewell[0][0] == 0xE0


@both_backends
@pytest.mark.parametrize("said", [b"", ACCEPTED[:2], b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_a_peer_that_closes_or_speaks_no_mqtt_is_a_failed_connect(
    backend: str, said: bytes
) -> None:
    async def script(stream: SocketStream) -> None:
        if said:
            await stream.send(said)

    async def body(port: int) -> None:
        with pytest.raises(ConnectFailed):
            async with Client("127.0.0.1", port, options("x")):
                pass

    run(backend, lambda: against(script, body))


@both_backends
def test_a_peer_that_breaks_the_protocol_behind_connack_is_not_taken_for_an_older_one(
    backend: str,
) -> None:
    async def script(stream: SocketStream) -> None:
        await stream.send(ACCEPTED + b"\x00\x00")

    async def body(port: int) -> None:
        with pytest.raises(ConnectFailed, match="broke the protocol"):
            async with Client("127.0.0.1", port, ConnectOptions("x")):
                pass

    run(backend, lambda: against(script, body))


@both_backends
def test_a_peer_that_never_answers_connect_is_given_up(backend: str) -> None:
    async def script(stream: SocketStream) -> None:
        await stream.receive()

    async def body(port: int) -> None:
        with pytest.raises(ConnectFailed, match="does not answer"):
            async with Client("127.0.0.1", port, options("x", connect_timeout=0.1)):
                pass

    run(backend, lambda: against(script, body))


@both_backends
def test_a_request_that_is_never_answered_is_given_up_and_its_late_answer_is_nobody_s(
    backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "ANSWER_S", 0.1)

    async def script(stream: SocketStream) -> None:
        await stream.send(ACCEPTED)
        await stream.receive()  # SUBSCRIBE
        await stream.receive()  # UNSUBSCRIBE
        await stream.send(
            encode(SubAck(1, (1,)), V5) + encode(Publish(Message("t", b""), None), V5)
        )
        await stream.receive()

    async def body(port: int) -> None:
        async with Client("127.0.0.1", port, options("x")) as client:
            with pytest.raises(Unanswered, match=r"has not answered SUBSCRIBE for 0\.1 s"):
                await client.subscribe(Subscription("t"))
            with pytest.raises(Unanswered, match="UNSUBSCRIBE"):
                await client.unsubscribe("t")
            assert (await anext(client.messages)).topic == "t"

    run(backend, lambda: against(script, body))


@both_backends
def test_a_peer_that_answers_no_ping_is_given_up(backend: str) -> None:
    async def script(stream: SocketStream) -> None:
        await stream.send(ACCEPTED)
        while True:
            await stream.receive()

    async def body(port: int) -> None:
        async with Client("127.0.0.1", port, options("x", keep_alive=1)) as client:
            with pytest.raises(ConnectionLost, match="silent"):
                await anext(client.messages)

    run(backend, lambda: against(script, body))


async def keep_publishing(client: Client) -> None:
    while True:
        await client.publish("t", b"")
        with anyio.move_on_after(0.2):
            await anext(client.messages)


@both_backends
def test_a_peer_that_is_deaf_is_given_up_although_we_keep_publishing(backend: str) -> None:
    async def script(stream: SocketStream) -> None:
        await stream.send(ACCEPTED)
        while True:
            await stream.receive()

    async def body(port: int) -> None:
        async with Client("127.0.0.1", port, options("x", keep_alive=1)) as client:
            with pytest.raises(ConnectionLost, match="silent"):
                await keep_publishing(client)

    run(backend, lambda: against(script, body))


@both_backends
def test_a_peer_that_reads_nothing_can_be_left(backend: str) -> None:
    async def script(stream: SocketStream) -> None:
        await stream.send(ACCEPTED)
        await anyio.sleep_forever()

    async def body(port: int) -> None:
        async with Client("127.0.0.1", port, options("x", keep_alive=0)) as client:
            client.publish_nowait([Message("t", b"x" * 1_000_000)] * 50)

    run(backend, lambda: against(script, body))


@both_backends
def test_a_flood_with_nonsense_behind_it_ends_the_connection_alone(backend: str) -> None:
    message, rounds = Message("t", b"", 1), 20
    flood = b"".join(encode(Publish(message, number), V5) for number in range(1, 3_000))

    async def script(stream: SocketStream) -> None:
        buffer = stream.extra(anyio.abc.SocketAttribute.raw_socket)
        buffer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        await stream.send(ACCEPTED)
        await stream.receive()
        await stream.send(flood)
        await stream.send(b"\x00\x00")
        await stream.receive()

    async def body(port: int) -> None:
        for _ in range(rounds):
            async with Client("127.0.0.1", port, options("x")) as client:
                await client.publish("go", b"")
                with pytest.raises(ConnectionLost, match="broke the protocol"):
                    async for _ in client.messages:
                        pass

    run(backend, lambda: against(script, body))
