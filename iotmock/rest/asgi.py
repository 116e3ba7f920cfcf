"""Where Quart-Trio meets hypercorn: what each leaves to the other."""

from urllib.parse import urlsplit

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from quart import Response
from quart_trio import QuartTrio

from iotmock.rest.prefix import prefix_of, under_prefix, without_prefix

_NO_PATH = "*"
"""What nothing is at."""


class Application(QuartTrio):
    """A Quart-Trio application that answers whatever h11 lets through."""

    prefix = ""
    """Of HTTP_ROOT_PATH; then nobody else is asked for it."""

    async def asgi_app(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Serve one request, or the lifespan."""
        if scope["type"] != "lifespan":
            scope["path"] = path_of(scope["path"])
            if prefix := self.prefix or prefix_of(scope["headers"]):
                scope["path"] = without_prefix(scope["path"], prefix)
                send = under_prefix(send, prefix)
        await super().asgi_app(scope, receive, send)

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
    return response
