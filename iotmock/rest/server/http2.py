"""HTTP/2 as it is spoken here: with prior knowledge, without websockets."""

from typing import Any

import h2.events
from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes
from hypercorn.events import Closed
from hypercorn.protocol.events import Body, EndBody, Event, StreamClosed
from hypercorn.protocol.h2 import H2Protocol

from iotmock.rest.server.bounds import bound, forget_unknown_settings
from iotmock.rest.server.limits import Limits
from iotmock.rest.server.outflow import Outflow

_PIECE = 32 * 1024
"""Bytes of an answer that are copied at a time, while no more of it wait for the peer."""
_PSEUDO = {b":method", b":path"}


class Http2(H2Protocol):
    """Hypercorn's, with an end to what waits; it fails at what comes for an answered stream."""

    def __init__(self, limits: Limits, *args: Any) -> None:
        super().__init__(*args)
        self._limits = limits
        self._thrown_away = 0
        self._outflows: dict[int, Outflow] = {}
        self._peer_leaves = False
        self._blocks = bound(self.connection)
        self.connection.local_settings.pop(SettingCodes.ENABLE_CONNECT_PROTOCOL)

    @property
    def begun_at(self) -> float | None:
        """When the request began that is not at the end of its headers."""
        return self._blocks.begun_at

    async def say_goodbye(self) -> None:
        """Tell the peer which requests were heard."""
        self.connection.close_connection()
        await self._flush()

    async def stream_send(self, event: Event) -> None:
        """Say what the application says; a stream that it left unfinished is reset."""
        if isinstance(event, Body | EndBody):
            await self._send_in_time(event)
        elif isinstance(event, StreamClosed):
            await self._end_stream(event.stream_id)
        else:
            await super().stream_send(event)

    async def _send_in_time(self, event: Body | EndBody) -> None:
        number = event.stream_id
        self._outflows[number] = outflow = Outflow(self._limits.write_s)
        try:
            with outflow.scope:
                await self._send_pieces(event, outflow)
        finally:
            del self._outflows[number]
        if outflow.scope.cancelled_caught:
            await self._give_up(number, ErrorCodes.CANCEL)
            await self._close_stream(number)

    async def _send_pieces(self, event: Body | EndBody, outflow: Outflow) -> None:
        if isinstance(event, EndBody):
            await super().stream_send(event)
            return
        number, data = event.stream_id, event.data
        for begin in range(0, len(data), _PIECE):
            # Hypercorn takes a peer that takes nothing for one that has taken all.
            while self._waiting(number) > _PIECE:
                await outflow.wait_moved()
            await super().stream_send(Body(number, data[begin : begin + _PIECE]))

    def _waiting(self, stream_id: int) -> int:
        buffer = self.stream_buffers.get(stream_id)
        return 0 if buffer is None else len(buffer.buffer)

    async def _send_data(self, stream_id: int) -> None:
        before = self._waiting(stream_id)
        await super()._send_data(stream_id)
        outflow = self._outflows.get(stream_id)
        if outflow is not None and self._waiting(stream_id) < before:
            outflow.move()
        await self._end_if_over()

    async def _end_stream(self, stream_id: int) -> None:
        buffer = self.stream_buffers.get(stream_id)
        if buffer is not None and not buffer.complete:
            await self._give_up(stream_id, ErrorCodes.INTERNAL_ERROR)
        await self._close_stream(stream_id)
        await self._end_if_over()

    async def _end_if_over(self) -> None:
        # Hypercorn does so before the end of the last answer is sent.
        is_last = self._peer_leaves or self.context.terminated.is_set()
        if is_last and not (self.closed or self.streams or self.stream_buffers):
            self.closed = True
            await self.say_goodbye()
            await self.send(Closed())

    async def _handle_events(self, events: list[h2.events.Event]) -> None:
        self._blocks.look()
        # One by one, for each may wait, and a stream may have ended meanwhile.
        for event in events:
            await self._handle_event(event)
        await self._flush()

    async def _handle_event(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.DataReceived(stream_id=number) if number not in self.streams:
                self._throw_away(event)
            case h2.events.RequestReceived(stream_id=number) if not self._serves(event):
                self._reset(number, ErrorCodes.REFUSED_STREAM)
            case h2.events.PriorityUpdated():
                return  # RFC 9113, 5.3.2: deprecated; and each costs as much as a request.
            case h2.events.ConnectionTerminated():
                self._peer_leaves = True
                await self._end_if_over()
            case _:
                await super()._handle_events([event])
                await self._tidy_up(event)

    async def _tidy_up(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.RemoteSettingsChanged():
                forget_unknown_settings(self.connection)
            case h2.events.StreamReset(stream_id=number):
                await self._drop(number)

    def _throw_away(self, event: h2.events.DataReceived) -> None:
        # RFC 9113, 8.1: a client may go on with a body that is answered; it wants room for it.
        self._thrown_away += event.flow_controlled_length
        self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        if self._thrown_away > self._limits.farewell_bytes:
            self._reset(event.stream_id, ErrorCodes.NO_ERROR)

    async def _give_up(self, stream_id: int, reason: ErrorCodes) -> None:
        self._reset(stream_id, reason)
        await self._flush()
        await self._drop(stream_id)

    async def _drop(self, stream_id: int) -> None:
        # Hypercorn keeps what waits for a window that is shut, also when the stream has ended.
        if buffer := self.stream_buffers.get(stream_id):
            await buffer.close()
            await self._window_updated(stream_id)

    def _reset(self, stream_id: int, reason: ErrorCodes) -> None:
        try:
            self.connection.reset_stream(stream_id, reason)
        except ProtocolError:
            return  # It is closed already, or the connection is.

    def _serves(self, request: h2.events.RequestReceived) -> bool:
        return _is_served(request) and not self.context.terminated.is_set()


def _is_served(request: h2.events.RequestReceived) -> bool:
    # CONNECT has no path; a path or a method that is not ASCII is none (RFC 3986, 2; RFC 9110, 9).
    pseudo = {name: value for name, value in request.headers if name in _PSEUDO}
    path, method = pseudo.get(b":path"), pseudo.get(b":method", b"")
    return path is not None and (path + method).isascii() and method != b"CONNECT"
