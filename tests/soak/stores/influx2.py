"""A small HTTP server that answers as InfluxDB 2.x does, for `/api/v2/query`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import h11
import msgspec
import trio
from attrs import define, field

TOKEN = "token-of-ours"


@define(eq=False)
class Influx2:
    """Answers with `body` and `status` to whoever has the token, and keeps what was asked."""

    body: str
    status: int = 200
    token: str | None = TOKEN
    before: list[tuple[int, str]] = field(factory=list)
    """What is answered first, once each."""
    contents: list[bytes] = field(factory=list)
    targets: list[str] = field(factory=list)
    url: str = ""

    @property
    def query(self) -> str:
        return str(msgspec.json.decode(self.contents[-1])["query"])

    async def handle(self, stream: trio.SocketStream) -> None:
        connection = h11.Connection(h11.SERVER)
        request, content = await self._receive(connection, stream)
        self.targets.append(request.target.decode())
        self.contents.append(content)
        given = dict(request.headers).get(b"authorization")
        allowed = self.token is None or given == f"Token {self.token}".encode()
        status, body = self.before.pop(0) if self.before else (self.status, self.body)
        if not allowed:
            status, body = 401, '{"code":"unauthorized"}'
        head = [("Content-Length", str(len(body))), ("Connection", "close")]
        for event in (
            h11.Response(status_code=status, headers=head),
            h11.Data(data=body.encode()),
            h11.EndOfMessage(),
        ):
            await stream.send_all(connection.send(event) or b"")

    async def _receive(
        self, connection: h11.Connection, stream: trio.SocketStream
    ) -> tuple[h11.Request, bytes]:
        request, content = None, b""
        while True:
            match event := connection.next_event():
                case h11.NEED_DATA:
                    connection.receive_data(await stream.receive_some())
                case h11.Request():
                    request = event
                case h11.Data():
                    content += event.data
                case _:
                    assert request is not None
                    return request, content


@asynccontextmanager
async def running_influx2(
    body: str, status: int = 200, token: str | None = TOKEN
) -> AsyncIterator[Influx2]:
    server = Influx2(body, status, token)
    serve = partial(trio.serve_tcp, server.handle, 0, host="127.0.0.1")
    async with trio.open_nursery() as nursery:
        (listener,) = await nursery.start(serve)
        server.url = f"http://127.0.0.1:{listener.socket.getsockname()[1]}"
        yield server
        nursery.cancel_scope.cancel()
