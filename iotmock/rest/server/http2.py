"""HTTP/2 as it is spoken here: with prior knowledge, without websockets."""

from typing import Any

import h2.events
import trio
from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes
from hypercorn.protocol.events import Body, Event, StreamClosed
from hypercorn.protocol.h2 import H2Protocol

from iotmock.rest.server.limits import Limits

_MOST_WAITING = 64 * 1024
"""Bytes of an answer without an end that wait until the peer takes them."""
_PSEUDO = {b":method", b":path"}


class Http2(H2Protocol):
    """Hypercorn's, which fails at what comes for a stream that has its answer already."""

    def __init__(self, limits: Limits, *args: Any) -> None:
        super().__init__(*args)
        self._limits = limits
        self._thrown_away = 0
        self._moved = trio.Event()
        self.connection.local_settings.pop(SettingCodes.ENABLE_CONNECT_PROTOCOL)

    async def stream_send(self, event: Event) -> None:
        """Say what the application says; a stream that it left unfinished is reset."""
        if isinstance(event, StreamClosed):
            self._reset_unfinished(event.stream_id)
        await super().stream_send(event)
        if isinstance(event, Body):
            await self._wait_for_room(event.stream_id)

    async def _wait_for_room(self, stream_id: int) -> None:
        # Hypercorn takes a peer that takes nothing for one that has taken all.
        while self._waiting(stream_id) > _MOST_WAITING:
            await self._moved.wait()

    def _waiting(self, stream_id: int) -> int:
        buffer = self.stream_buffers.get(stream_id)
        return 0 if buffer is None else len(buffer.buffer)

    async def _send_data(self, stream_id: int) -> None:
        await super()._send_data(stream_id)
        self._moved.set()
        self._moved = trio.Event()

    async def _handle_events(self, events: list[h2.events.Event]) -> None:
        # One by one, for each may wait, and a stream may have ended meanwhile.
        for event in events:
            if isinstance(event, h2.events.DataReceived) and event.stream_id not in self.streams:
                self._throw_away(event)
            elif isinstance(event, h2.events.RequestReceived) and not _is_served(event):
                self._reset(event.stream_id, ErrorCodes.REFUSED_STREAM)
            elif isinstance(event, h2.events.PriorityUpdated):
                continue  # RFC 9113, 5.3.2: deprecated; and each costs as much as a request.
            else:
                await super()._handle_events([event])
        await self._flush()

    def _throw_away(self, event: h2.events.DataReceived) -> None:
        # RFC 9113, 8.1: a client may go on with a body that is answered; it wants room for it.
        self._thrown_away += event.flow_controlled_length
        self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        if self._thrown_away > self._limits.farewell_bytes:
            self._reset(event.stream_id, ErrorCodes.NO_ERROR)

    def _reset_unfinished(self, stream_id: int) -> None:
        buffer = self.stream_buffers.get(stream_id)
        if buffer is not None and not buffer.complete:
            self._reset(stream_id, ErrorCodes.INTERNAL_ERROR)

    def _reset(self, stream_id: int, reason: ErrorCodes) -> None:
        try:
            self.connection.reset_stream(stream_id, reason)
        except ProtocolError:
            return  # It is closed already, or the connection is.


def _is_served(request: h2.events.RequestReceived) -> bool:
    # CONNECT has no path; a path that is not ASCII is no path (RFC 3986, 2).
    pseudo = {name: value for name, value in request.headers if name in _PSEUDO}
    path = pseudo.get(b":path")
    return path is not None and path.isascii() and pseudo.get(b":method") != b"CONNECT"
