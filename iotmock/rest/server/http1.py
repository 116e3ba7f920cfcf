"""HTTP/1.1 as it is spoken here: without websockets, without an upgrade to HTTP/2."""

import h11
import trio
from hypercorn.events import Event
from hypercorn.protocol.events import Event as StreamEvent
from hypercorn.protocol.events import Response
from hypercorn.protocol.h11 import H2ProtocolAssumedError, H11Protocol

_UPGRADE = b"upgrade"
_PREFACE = b"PRI * HTTP/2.0\r\n\r\n"
_LENGTHS = {b"content-length", b"transfer-encoding"}
_CLOSE = (b"connection", b"close")


class Http1(H11Protocol):
    """Hypercorn's, but `Upgrade` is ignored, as any server may (RFC 9110, 7.8)."""

    begun_at: float | None = None
    """When the request began that is not at the end of its headers."""
    _is_ambiguous = False

    async def handle(self, event: Event) -> None:
        """Take what the peer sends."""
        if self.begun_at is None and self.stream is None:
            self.begun_at = trio.current_time()
        await super().handle(event)

    async def say_goodbye(self) -> None:
        """HTTP/1 has no word for it."""

    async def stream_send(self, event: StreamEvent) -> None:
        """Say what the application says."""
        if self._is_ambiguous and isinstance(event, Response):
            event.headers.append(_CLOSE)
        await super().stream_send(event)

    async def _check_protocol(self, event: h11.Request) -> None:
        if event.method == b"PRI" and event.http_version == b"2.0":
            raise H2ProtocolAssumedError(_PREFACE + self.connection.trailing_data[0])

    async def _create_stream(self, request: h11.Request) -> None:
        self.begun_at = None
        # RFC 9112, 6.1: where a proxy has gone by the other length, what follows is no request.
        names = {name for name, _ in request.headers}
        self._is_ambiguous = names >= _LENGTHS
        await super()._create_stream(_without_upgrade(request) if _UPGRADE in names else request)

    async def _send_error_response(self, status_code: int) -> None:
        # h11 knows only bad requests: 501, a transfer coding nobody has heard of, is one too.
        await super()._send_error_response(400 if status_code >= 500 else status_code)


def _without_upgrade(request: h11.Request) -> h11.Request:
    return h11.Request(
        method=request.method,
        target=request.target,
        headers=[(name, value) for name, value in request.headers if name != _UPGRADE],
        http_version=request.http_version,
    )
