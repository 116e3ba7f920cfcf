"""The answer that does not end: a listener's events as they come."""

from collections.abc import AsyncIterator, Iterator
from types import TracebackType

import trio
from attrs import define, field
from quart.wrappers.response import ResponseBody

from iotmock.actors.errors import StoppingError, TooManyListenersError
from iotmock.actors.stream.hub import Hub
from iotmock.actors.stream.listener import Listener, Loss
from iotmock.actors.stream.wanted import Wanted
from iotmock.rest.stream.frames import (
    FULL,
    HEARTBEAT,
    RETRY,
    event_frame,
    loss_frame,
    summary_frame,
)

HEARTBEAT_S = 15.0
_PACE_S = 0.05
"""Between two parts at least: many events are one write, and nobody sees the difference."""


@define(eq=False)
class EventBody(ResponseBody):
    """Listens from when it begins to be sent until it is, or its connection is no more."""

    hub: Hub
    wanted: Wanted
    last_event_id: str | None = None
    heartbeat_s: float = HEARTBEAT_S
    _listener: Listener | None = field(default=None, init=False)

    async def __aenter__(self) -> AsyncIterator[bytes]:
        try:
            self._listener = self.hub.join(self.wanted, self.last_event_id)
        except (TooManyListenersError, StoppingError):  # they came together, and this one last
            return _refused()
        return self._parts(self._listener)

    async def __aexit__(self, exc_type: type, exc_value: BaseException, tb: TracebackType) -> None:
        if self._listener is not None:
            self.hub.leave(self._listener)

    async def _parts(self, listener: Listener) -> AsyncIterator[bytes]:
        yield RETRY
        if listener.loss is not None:
            yield loss_frame(listener.loss)
        while not listener.closed:
            with trio.move_on_after(self.heartbeat_s):
                await listener.wait()
            yield b"".join(self._frames(listener)) or HEARTBEAT
            with trio.move_on_after(_PACE_S):
                await listener.wait_closed()

    def _frames(self, listener: Listener) -> Iterator[bytes]:
        hub, life = self.hub, self.hub.life
        if dropped := listener.take_dropped():
            yield loss_frame(Loss(dropped, hub.id_of(listener.last)))
        for event in listener.take():
            yield event_frame(event, life)
        if (summary := listener.take_summary()) is not None:
            yield summary_frame(summary, hub.id_of(listener.last))


async def _refused() -> AsyncIterator[bytes]:
    yield FULL
