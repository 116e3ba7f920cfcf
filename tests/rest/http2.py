"""A client of HTTP/2 with prior knowledge, on h2's own library."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import h2.config
import h2.connection
import h2.events
import trio
from attrs import define, field
from h2.settings import SettingCodes, Settings
from hyperframe.frame import Frame

from tests.patience import within

JSON = (("content-type", "application/json"),)


@define(eq=False)
class Answered:
    """What came over one stream."""

    status: int = 0
    body: bytearray = field(factory=bytearray)
    ended: bool = False
    reset: int | None = None


@define(eq=False)
class Http2Client:
    """One connection; answers are by stream."""

    stream: trio.SocketStream
    connection: h2.connection.H2Connection = field(
        factory=lambda: h2.connection.H2Connection(
            h2.config.H2Configuration(validate_outbound_headers=False)
        )
    )
    answers: dict[int, Answered] = field(factory=dict)
    gone: bool = False
    goodbye: int | None = None
    """What GOAWAY has said."""

    async def begin(self) -> None:
        self.connection.initiate_connection()
        await self.flush()

    async def flush(self) -> None:
        """Send what is to be sent; the server may have gone."""
        try:
            await self.stream.send_all(self.connection.data_to_send())
        except trio.BrokenResourceError:
            self.gone = True

    async def ask(
        self,
        method: str,
        path: str | None,
        *more: tuple[str, str],
        body: bytes = b"",
        ends: bool = True,
    ) -> int:
        """Send a request, with as much of its body as the server takes before it has answered."""
        number = self.connection.get_next_available_stream_id()
        self.answers[number] = Answered()
        paths = [] if path is None else [(":path", path)]
        headers = [(":method", method), *paths, (":scheme", "http"), (":authority", "x"), *more]
        self.connection.send_headers(number, headers, end_stream=ends and not body)
        await self.flush()
        await self._send(number, body)
        if ends and body and not self.answers[number].ended:
            self.connection.end_stream(number)
            await self.flush()
        return number

    async def get(self, path: str) -> int:
        """Return the status of a request's answer."""
        return (await self.wait(await self.ask("GET", path))).status

    async def send_frames(self, *frames: Frame) -> None:
        """Send what h2 would not, or would not yet."""
        await self.stream.send_all(b"".join(frame.serialize() for frame in frames))

    async def wait_gone(self) -> None:
        """Return once the server has ended the connection."""
        with within(10):
            while not self.gone:
                await self.hear()

    async def wait(self, number: int) -> Answered:
        """Return the answer once it is whole."""
        with within(10):
            while not (self.answers[number].ended or self.gone):
                await self.hear()
        return self.answers[number]

    async def hear(self) -> None:
        """Take what comes next."""
        try:
            data = await self.stream.receive_some(65_536)
        except trio.BrokenResourceError:
            data = b""
        self.gone = not data
        for event in self.connection.receive_data(bytes(data)) if data else ():
            self._take(event)
        await self.flush()

    async def _send(self, number: int, body: bytes) -> None:
        while body and not (self.answers[number].ended or self.gone):
            room = self.connection.local_flow_control_window(number)
            if not room:
                await self.hear()
                continue
            size = min(room, self.connection.max_outbound_frame_size)
            self.connection.send_data(number, body[:size])
            body = body[size:]
            await self.flush()

    def _take(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.ResponseReceived(stream_id=number, headers=headers):
                self.answers[number].status = int(dict(headers)[b":status"])
            case h2.events.DataReceived(stream_id=number, data=data):
                self.answers[number].body += data
                self.connection.acknowledge_received_data(event.flow_controlled_length, number)
            case h2.events.StreamEnded(stream_id=number):
                self.answers[number].ended = True
            case h2.events.ConnectionTerminated(error_code=code):
                self.goodbye = int(code or 0)
            case h2.events.StreamReset(stream_id=number, error_code=code):
                self.answers[number].ended, self.answers[number].reset = True, int(code)


@asynccontextmanager
async def http2(port: int, window: int | None = None) -> AsyncIterator[Http2Client]:
    """Connect; `window` is how much of each answer the client takes at first."""
    async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
        client = Http2Client(stream)
        if window is not None:
            sizes = {SettingCodes.INITIAL_WINDOW_SIZE: window}
            client.connection.local_settings = Settings(client=True, initial_values=sizes)
        await client.begin()
        yield client
