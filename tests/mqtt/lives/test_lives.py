"""Whole lives of client, line and session over real sockets, against a broker out of its mind."""

import os
import socket
import ssl
import time
from collections.abc import Iterator
from functools import partial
from itertools import count
from random import Random
from typing import Any

import pytest
import trio
import trustme
from attrs import define, field
from structlog.testing import capture_logs

from iotmock.mqtt import V5, Client, ConnectOptions, Session, Tls
from tests.mqtt.lives.dress import DRESSES, TlsStream, WebSocketStream
from tests.mqtt.lives.owner import Owner
from tests.mqtt.lives.peer import Peer
from tests.patience import SLACK, within

pytestmark = pytest.mark.long(10)
SECONDS = float(os.environ.get("IOTMOCK_FUZZ_SECONDS", "10"))
FIRST = int(os.environ.get("IOTMOCK_FUZZ_SEED", "0")) or time.time_ns() // 1_000
AT_ONCE = 8
LIFE_S = 30.0


@define(eq=False)
class Certificates:
    """The server's side of TLS, and the client's."""

    server: ssl.SSLContext
    client: Tls


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    authority = trustme.CA()
    file = tmp_path_factory.mktemp("certificates") / "ca.pem"
    authority.cert_pem.write_to_path(file)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    return Certificates(server, Tls(str(file)))


@pytest.mark.timeout(SECONDS + 2 * LIFE_S * SLACK)
def test_no_peer_ends_more_than_its_own_connection(certificates: Certificates) -> None:
    with capture_logs() as log:
        trio.run(_lives, certificates)
    assert not log, "an error of ours was met on the way"


async def _lives(certificates: Certificates) -> None:
    numbers, deadline = count(FIRST), trio.current_time() + SECONDS
    async with trio.open_nursery() as nursery:
        for _ in range(AT_ONCE):
            nursery.start_soon(_one_after_the_other, numbers, deadline, certificates)


async def _one_after_the_other(
    numbers: Iterator[int], deadline: float, certificates: Certificates
) -> None:
    while trio.current_time() < deadline:
        seed = next(numbers)
        try:
            with within(LIFE_S):
                await Life(Random(seed), certificates).run()
        except BaseException as error:
            error.add_note(f"this life again: IOTMOCK_FUZZ_SEED={seed}")
            raise


@define(eq=False)
class Life:
    """One session over some connections, to a broker that comes to its senses at the end."""

    random: Random
    certificates: Certificates
    dress: str = field(init=False)
    honest: bool = False

    def __attrs_post_init__(self) -> None:
        self.dress = self.random.choice(DRESSES)

    async def run(self) -> None:
        chance = self.random
        session = Session(window=chance.choice([1, 20, 500]))
        async with trio.open_nursery() as nursery:
            serve = partial(trio.serve_tcp, self._serve, 0, host="127.0.0.1")
            listeners = await nursery.start(serve)
            port = listeners[0].socket.getsockname()[1]
            owner = Owner(chance, session, port, self._options())
            for _ in range(chance.randint(1, 4)):
                await owner.live()
            self.honest = True
            await self._settles(port, session)
            nursery.cancel_scope.cancel()

    def _options(self) -> dict[str, Any]:
        match self.dress:
            case "tls":
                return {"tls": self.certificates.client}
            case "websocket":
                return {"websocket": "/mqtt"}
        return {}

    async def _serve(self, stream: trio.SocketStream) -> None:
        chance, size = self.random, self.random.choice([4_096, 1 << 20])
        stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size)
        await Peer(chance, self._dressed(stream), stream.socket, self.honest).live()

    def _dressed(
        self, stream: trio.SocketStream
    ) -> trio.SocketStream | TlsStream | WebSocketStream:
        match self.dress:
            case "tls":
                server = self.certificates.server
                return TlsStream.over(self.random, stream, server, honest=self.honest)
            case "websocket":
                return WebSocketStream(self.random, stream, self.honest)
        return stream

    async def _settles(self, port: int, session: Session) -> None:
        """Whatever was met: a broker in its right mind gets all that was kept, and answers it."""
        options = ConnectOptions(
            "owner", protocols=(V5,), connect_timeout=5.0 * SLACK, **self._options()
        )
        async with Client("127.0.0.1", port, options, session) as client:
            await client.wait_settled()
        assert session.in_flight == 0
