"""Where Quart-Trio meets hypercorn: what each leaves to the other."""

from math import inf
from urllib.parse import urlsplit

import trio
from hypercorn.typing import (
    ASGIReceiveCallable,
    ASGISendCallable,
    HTTPScope,
    Scope,
)
from quart import Response
from quart_trio import QuartTrio
from quart_trio.asgi import TrioASGIHTTPConnection
from werkzeug.wrappers import Response as WerkzeugResponse

from iotmock.rest.prefix import prefix_here, prefix_of, under_prefix, without_prefix

Answered = Response | WerkzeugResponse
_WITHOUT_LENGTH = {204, 304}
"""Statuses after which there is no body, whatever its length would be (RFC 9110, 8.6)."""
_NO_PATH = "*"
"""What nothing is at."""
_OF_BODIES = {b"content-length", b"transfer-encoding"}


class Request(TrioASGIHTTPConnection):
    """A request as Quart-Trio serves it; one without a body takes no second task to wait for it.

    That its client has gone ends the task with its connection; a stream of HTTP/2 ends alone.
    """

    async def __call__(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer it."""
        if self.scope["http_version"] >= "2" or _may_have_body(self.scope):
            await super().__call__(receive, send)
            return
        request = self._create_request_from_scope(send)
        request.body.set_complete()
        response = await self.app.handle_request(request)
        longest = inf if _is_endless(response) else self.app.config["RESPONSE_TIMEOUT"]
        with trio.move_on_after(longest):
            await self._send_response(send, response)


def _is_endless(response: Answered) -> bool:
    return isinstance(response, Response) and response.timeout is None


def _may_have_body(scope: HTTPScope) -> bool:
    asks = scope["method"] in {"GET", "HEAD"}
    return not asks or any(name in _OF_BODIES for name, _ in scope["headers"])


class Application(QuartTrio):
    """A Quart-Trio application that answers whatever h11 lets through."""

    asgi_http_class = Request
    prefix = ""
    """Of HTTP_ROOT_PATH; then nobody else is asked for it."""

    async def asgi_app(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Serve one request, or the lifespan."""
        if scope["type"] != "lifespan":
            scope["path"] = path_of(scope["path"])
            prefix = self.prefix or prefix_of(scope["headers"])
            prefix_here.set(prefix)
            if prefix:
                scope["path"] = without_prefix(scope["path"], prefix, self.is_ours)
                send = under_prefix(send, prefix)
        await super().asgi_app(scope, receive, send)

    def is_ours(self, path: str) -> bool:
        """Say whether there is something at a path, for any method."""
        return bool(self.url_map.bind("").allowed_methods(path))

    async def make_default_options_response(self) -> Response:
        """Answer OPTIONS without a body, hence without a type: Quart would say text/html."""
        return without_body(await super().make_default_options_response(), 204)


def path_of(target: str) -> str:
    """Return the path in a request target (RFC 9112, 3.2); Quart fails where there is none."""
    if target.startswith("/"):
        return target
    try:
        parts = urlsplit(target)
    except ValueError:
        return _NO_PATH
    return parts.path or ("/" if parts.netloc else _NO_PATH)


def without_body(response: Response, status: int) -> Response:
    """Return the response as one that has no body."""
    response.status_code = status
    response.headers.pop("Content-Type", None)
    if status in _WITHOUT_LENGTH:
        response.headers.pop("Content-Length", None)
    return response
