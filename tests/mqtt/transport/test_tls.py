"""What can be wrong with TLS: each has its own sentence, and 3.1.1 is not tried after it."""

import os
import shutil
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import trio
import trustme

from iotmock.mqtt import ConnectFailed, ConnectOptions, Tls, TlsFailed
from tests.mosquitto import PASSWORD, USERNAME, Mosquitto, running_mosquitto
from tests.mqtt.transport.ways import Way, both_ways, serving

pytestmark = pytest.mark.trio
PAST = (datetime(2019, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC))
FUTURE = (datetime(2100, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates, each with its key, by what is special about them."""
    folder = tmp_path_factory.mktemp("certificates")
    ours, other = trustme.CA(), trustme.CA()
    ours.cert_pem.write_to_path(folder / "ca.pem")
    other.cert_pem.write_to_path(folder / "other_ca.pem")

    def during(ca: trustme.CA, name: str, period: tuple[datetime, datetime]) -> trustme.LeafCert:
        return ca.issue_cert(name, not_before=period[0], not_after=period[1])

    issued = {
        "server": ours.issue_cert("localhost", "127.0.0.1"),
        "elsewhere": ours.issue_cert("elsewhere.example"),
        "expired": during(ours, "127.0.0.1", PAST),
        "early": during(ours, "127.0.0.1", FUTURE),
        "client": ours.issue_cert("client"),
        "foreign": other.issue_cert("client"),
        "expired_client": during(ours, "client", PAST),
    }
    for name, leaf in issued.items():
        leaf.private_key_and_cert_chain_pem.write_to_path(folder / f"{name}.pem")
    return folder


@contextmanager
def broker(files: Path, tmp_path: Path, server: str, *more: str) -> Iterator[Mosquitto]:
    pem = files / f"{server}.pem"
    lines = (f"cafile {files}/ca.pem", f"certfile {pem}", f"keyfile {pem}", *more)
    with running_mosquitto(tmp_path, *lines) as it:
        yield it


def options(files: Path, certificate: str | None = None, ca: str = "ca") -> ConnectOptions:
    pem = None if certificate is None else str(files / f"{certificate}.pem")
    return ConnectOptions("tls", USERNAME, PASSWORD, tls=Tls(str(files / f"{ca}.pem"), pem, pem))


async def complaint(way: Way, port: int, how: ConnectOptions, host: str = "127.0.0.1") -> str:
    with pytest.raises(TlsFailed) as caught:
        await way(host, port, how, b"")
    assert "\n" not in str(caught.value)
    return str(caught.value)


@both_ways
@pytest.mark.parametrize("version", ["tlsv1.2", "tlsv1.3"])
async def test_a_client_certificate_that_is_wanted(
    way: Way, version: str, files: Path, tmp_path: Path
) -> None:
    more = ("require_certificate true", f"tls_version {version}")
    with broker(files, tmp_path, "server", *more) as it:
        assert await way("127.0.0.1", it.port, options(files, "client"), b"hi") == b"hi"
        told = await complaint(way, it.port, options(files))
        assert "MQTT_TLS_CERT" in told
        told = await complaint(way, it.port, options(files, "foreign"))
        assert "does not know the authority of our client certificate" in told
        told = await complaint(way, it.port, options(files, "expired_client"))
        assert "our client certificate has expired" in told


@both_ways
async def test_an_authority_that_we_do_not_trust(way: Way, files: Path, tmp_path: Path) -> None:
    with broker(files, tmp_path, "server") as it:
        told = await complaint(way, it.port, options(files, ca="other_ca"))
    assert "an authority that we do not trust" in told
    assert "MQTT_TLS_CA" in told


@both_ways
@pytest.mark.parametrize(
    ("server", "sentence"),
    [
        ("elsewhere", r"a certificate for another name: .*127\.0\.0\.1"),
        ("expired", "a certificate that has expired"),
        ("early", "a certificate that is not valid yet"),
    ],
)
async def test_a_server_certificate_that_is_wrong(
    way: Way, server: str, sentence: str, files: Path, tmp_path: Path
) -> None:
    with broker(files, tmp_path, server) as it, pytest.raises(TlsFailed, match=sentence):
        await way("127.0.0.1", it.port, options(files), b"")


@both_ways
async def test_a_plain_listener(way: Way, files: Path, tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as it:
        told = await complaint(way, it.port, options(files))
    assert "is this its plain port?" in told


@both_ways
async def test_a_plain_listener_that_answers(way: Way, files: Path) -> None:
    async def web_server(stream: trio.SocketStream) -> None:
        await stream.receive_some(1_000)
        await stream.send_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with serving(web_server) as port:
        assert "answers, but not with TLS" in await complaint(way, port, options(files))


@both_ways
async def test_a_listener_with_tls_for_us_without(way: Way) -> None:
    async def tls_server(stream: trio.SocketStream) -> None:
        await stream.receive_some(1_000)
        await stream.send_all(b"\x15\x03\x03\x00\x02\x02\x46")  # alert: protocol version

    async with serving(tls_server) as port:
        with pytest.raises(ConnectFailed, match="answered no MQTT but TLS: set MQTT_TLS=on"):
            await way("127.0.0.1", port, ConnectOptions("plain"), b"")


def server_context(files: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files / "server.pem")
    return context


async def shake_hands(context: ssl.SSLContext, stream: trio.SocketStream) -> None:
    """Shake hands as a server, and say with an alert what is wrong."""
    received, to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = context.wrap_bio(received, to_send, server_side=True)
    while data := await stream.receive_some(65_536):
        received.write(data)
        try:
            session.do_handshake()
        except ssl.SSLWantReadError:
            await stream.send_all(to_send.read())
        except ssl.SSLError:
            break
    await stream.send_all(to_send.read())


@both_ways
async def test_3_1_1_is_not_tried_where_tls_is_what_fails(way: Way, files: Path) -> None:
    context, connections = server_context(files), []
    context.load_verify_locations(files / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED

    async def serve(stream: trio.SocketStream) -> None:
        connections.append(stream)
        await shake_hands(context, stream)

    async with serving(serve) as port:
        told = await complaint(way, port, options(files))
    assert "wants a client certificate and we have none" in told
    assert len(connections) == 1


@both_ways
async def test_the_name_is_sent_and_one_that_is_not_known_is_said(way: Way, files: Path) -> None:
    asked: list[str | None] = []

    def refuse(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> int:
        asked.append(name)
        return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    context = server_context(files)
    context.sni_callback = refuse

    async with serving(partial(shake_hands, context)) as port:
        told = await complaint(way, port, options(files), "localhost")
    assert asked == ["localhost"]
    assert "knows no host of the name" in told


@both_ways
async def test_alpn_is_offered_and_a_refusal_of_it_is_said(way: Way, files: Path) -> None:
    async def refuse(stream: trio.SocketStream) -> None:
        hello = await stream.receive_some(4_096)
        assert b"x-amzn-mqtt-ca" in hello
        await stream.send_all(b"\x15\x03\x03\x00\x02\x02\x78")  # alert: no application protocol

    how = ConnectOptions("alpn", tls=Tls(str(files / "ca.pem"), alpn=("x-amzn-mqtt-ca",)))
    async with serving(refuse) as port:
        assert "none of our ALPN protocols: see MQTT_TLS_ALPN" in await complaint(way, port, how)


@both_ways
async def test_a_certificate_that_changes_on_disk_is_used_at_the_next_connect(
    way: Way, files: Path, tmp_path: Path
) -> None:
    mine = str(tmp_path / "mine.pem")
    shutil.copy(files / "foreign.pem", mine)
    how = ConnectOptions("t", USERNAME, PASSWORD, tls=Tls(str(files / "ca.pem"), mine, mine))
    with broker(files, tmp_path, "server", "require_certificate true") as it:
        assert "does not know the authority" in await complaint(way, it.port, how)
        shutil.copy(files / "client.pem", mine)
        assert await way("127.0.0.1", it.port, how, b"hi") == b"hi"
        os.unlink(mine)
        assert "can not be used: No such file" in await complaint(way, it.port, how)


async def test_a_context_is_made_once_for_files_that_do_not_change(files: Path) -> None:
    tls = Tls(str(files / "ca.pem"))
    assert tls.context() is tls.context()
