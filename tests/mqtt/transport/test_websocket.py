"""MQTT over WebSocket: against mosquitto's listener, and against peers that are none."""

import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trio
import trustme
from attrs import evolve
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    Pong,
    RejectConnection,
    Request,
    TextMessage,
)

from iotmock.mqtt import (
    V5,
    V311,
    ConnectFailed,
    ConnectionLost,
    ConnectOptions,
    Protocol,
    Tls,
    WebSocketRefused,
)
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import ConnAck, Message, PubAck, Publish, SubAck
from tests.mosquitto import PASSWORD, USERNAME, free_port, running_mosquitto, wait_listening
from tests.mqtt.transport.ways import TOPIC, Way, both_ways, serving

pytestmark = pytest.mark.trio
OPTIONS = ConnectOptions("ws", USERNAME, PASSWORD, websocket="/mqtt")
Serve = Callable[[trio.SocketStream], Awaitable[None]]
ACCEPTED = encode(ConnAck(False, 0), V5)


@contextmanager
def websocket_of_mosquitto(folder: Path, *more: str) -> Iterator[int]:
    """Run a broker with a listener for WebSocket, and yield its port."""
    plain, port = free_port(), free_port()
    # Mosquitto 2.0.11 does not start with listeners for WebSocket alone.
    lines = (f"listener {plain} 127.0.0.1", f"listener {port}", "bind_interface lo")
    with running_mosquitto(folder, *lines, "protocol websockets", *more, port=plain):
        wait_listening(port)
        yield port


@both_ways
@pytest.mark.parametrize("protocol", [V5, V311])
async def test_messages_go_there_and_back_through_mosquittos_websocket(
    way: Way, protocol: Protocol, tmp_path: Path
) -> None:
    payload = bytes(range(256)) * 8  # mosquitto 2.0.11 reads 4 kB in 0.1 s
    with websocket_of_mosquitto(tmp_path) as port:
        options = evolve(OPTIONS, protocols=(protocol,))
        for said in (b"", b"hi", payload):
            assert await way("127.0.0.1", port, options, said) == said


@both_ways
async def test_websocket_over_tls(way: Way, tmp_path: Path) -> None:
    authority = trustme.CA()
    ca, pem = tmp_path / "ca.pem", tmp_path / "server.pem"
    authority.cert_pem.write_to_path(ca)
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(pem)
    with websocket_of_mosquitto(tmp_path, f"certfile {pem}", f"keyfile {pem}") as port:
        options = evolve(OPTIONS, tls=Tls(str(ca)))
        assert await way("127.0.0.1", port, options, b"hi") == b"hi"


@both_ways
async def test_a_listener_of_plain_mqtt(way: Way, tmp_path: Path) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        pytest.raises(WebSocketRefused, match="is this its port for it"),
    ):
        await way("127.0.0.1", broker.port, OPTIONS, b"")


def server(
    *turns: list[Event],
) -> tuple[Callable[[trio.SocketStream], Awaitable[None]], list[Event]]:
    """Return a WebSocket server that says one of `turns` for each message, and what it heard."""
    heard: list[Event] = []

    async def serve(stream: trio.SocketStream) -> None:
        connection, to_say = WSConnection(ConnectionType.SERVER), list(turns)
        while data := await stream.receive_some(65_536):
            connection.receive_data(data)
            for event in connection.events():
                heard.append(event)
                if isinstance(event, Request):
                    await stream.send_all(connection.send(_answer(event)))
                elif isinstance(event, BytesMessage | Pong) and to_say:
                    said = [connection.send(one) for one in to_say.pop(0)]
                    await stream.send_all(b"".join(said))
                elif isinstance(event, CloseConnection):
                    return

    return serve, heard


def _answer(request: Request) -> Event:
    if request.target != "/mqtt":
        return RejectConnection(status_code=404)
    assert request.subprotocols == ["mqtt"]
    return AcceptConnection(subprotocol="mqtt")


@both_ways
async def test_a_path_that_is_not_there(way: Way) -> None:
    serve, _ = server()
    async with serving(serve) as port:
        with pytest.raises(WebSocketRefused, match="answered /elsewhere with HTTP 404"):
            await way("127.0.0.1", port, evolve(OPTIONS, websocket="/elsewhere"), b"")


@both_ways
async def test_a_frame_of_text_breaks_the_protocol(way: Way) -> None:
    serve, _ = server([TextMessage("hello")])
    async with serving(serve) as port:
        with pytest.raises(ConnectFailed, match="a frame of text"):
            await way("127.0.0.1", port, OPTIONS, b"")


@both_ways
async def test_a_ping_is_answered_and_a_close_is_said(way: Way) -> None:
    end = CloseConnection(1001, "going away")
    serve, heard = server([BytesMessage(ACCEPTED)], [Ping(b"there?")], [end])
    async with serving(serve) as port:
        with pytest.raises(ConnectionLost, match="closed the WebSocket: going away"):
            await way("127.0.0.1", port, OPTIONS, b"")
    assert Pong(b"there?") in heard
    assert any(isinstance(event, CloseConnection) for event in heard)


@both_ways
async def test_a_message_may_come_in_many_frames_and_go_in_a_long_one(way: Way) -> None:
    payload = bytes(70_000)  # its frame has a length of eight bytes (RFC 6455, 5.2)
    echo = encode(Publish(Message(TOPIC, payload)), V5)
    suback = encode(SubAck(1, (0,)), V5)
    parts = [BytesMessage(echo[place : place + 999]) for place in range(0, len(echo), 999)]
    puback = BytesMessage(encode(PubAck(2), V5))
    serve, _ = server([BytesMessage(ACCEPTED)], [BytesMessage(suback), *parts], [puback])
    async with serving(serve) as port:
        assert await way("127.0.0.1", port, evolve(OPTIONS, protocols=(V5,)), payload) == payload


@both_ways
async def test_who_leaves_says_so_to_the_websocket_and_to_tls(way: Way, tmp_path: Path) -> None:
    authority = trustme.CA()
    ca = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(ca)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    echo = BytesMessage(encode(Publish(Message(TOPIC, b"hi")), V5))
    answers = [BytesMessage(encode(packet, V5)) for packet in (SubAck(1, (0,)), PubAck(2))]
    serve, heard = server([BytesMessage(ACCEPTED)], [answers[0], echo], [answers[1]])
    ended = trio.Event()

    async def serve_tls(stream: trio.SocketStream) -> None:
        encrypted = trio.SSLStream(stream, context, server_side=True)
        await serve(encrypted)  # type: ignore[arg-type]
        assert await encrypted.receive_some() == b""  # not so without close_notify
        ended.set()

    async with serving(serve_tls) as port:
        options = evolve(OPTIONS, protocols=(V5,), tls=Tls(str(ca)))
        assert await way("127.0.0.1", port, options, b"hi") == b"hi"
        await ended.wait()
    assert heard[-1] == CloseConnection(1000, "")
