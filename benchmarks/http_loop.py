"""A load loop on trio and h11, for machines without `wrk`; it costs more CPU than the service."""

import time

import h11
import trio
from attrs import define, field

_READ_SIZE = 65_536
_REFUSALS = 400


@define(eq=False)
class HttpLoop:
    """Repeats one request over connections that stay open, each waiting for its answer."""

    host: str
    port: int
    request: h11.Request
    body: bytes
    took_s: list[float] = field(factory=list)
    errors: int = 0

    async def run(self, connections: int, seconds: float) -> None:
        """Ask over all connections until the time is up."""
        with trio.move_on_after(seconds):
            async with trio.open_nursery() as nursery:
                for _ in range(connections):
                    nursery.start_soon(self._connection)

    async def _connection(self) -> None:
        stream, http = await trio.open_tcp_stream(self.host, self.port), h11.Connection(h11.CLIENT)
        async with stream:
            while True:
                began = time.perf_counter()
                await self._ask(stream, http)
                self.took_s.append(time.perf_counter() - began)
                http.start_next_cycle()

    async def _ask(self, stream: trio.SocketStream, http: h11.Connection) -> None:
        events = (self.request, h11.Data(self.body), h11.EndOfMessage())
        await stream.send_all(b"".join(http.send(event) or b"" for event in events))
        while not isinstance(event := http.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                http.receive_data(await stream.receive_some(_READ_SIZE))
            elif isinstance(event, h11.Response):
                self.errors += event.status_code >= _REFUSALS
