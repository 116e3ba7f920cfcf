"""Where Quart-Trio meets hypercorn: two things that each leaves to the other."""

from urllib.parse import urlsplit

import trio
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, Scope
from quart import Response
from quart_trio import QuartTrio

_SEND_S = 60.0


class Application(QuartTrio):
    """A Quart-Trio application that ends its connections and answers whatever h11 lets through."""

    async def asgi_app(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Serve one request, or the lifespan."""

        async def send_whole(event: ASGISendEvent) -> None:
            # After `Connection: close` hypercorn closes the socket within the last `send`, and
            # tells Quart-Trio of the disconnection before it has, which cancels that `send`: the
            # socket would stay open for as long as the client likes.
            with trio.move_on_after(_SEND_S, shield=True):
                await send(event)

        if scope["type"] != "lifespan":
            scope["path"] = path_of(scope["path"])
        await super().asgi_app(scope, receive, send_whole)

    async def make_default_options_response(self) -> Response:
        """Answer OPTIONS without a body, hence without a type: Quart would say text/html."""
        return without_body(await super().make_default_options_response(), 204)


def path_of(target: str) -> str:
    """Return the path in a request target (RFC 9112, 3.2); Quart fails where there is none."""
    if target.startswith("/"):
        return target
    try:
        return urlsplit(target).path or "/"
    except ValueError:
        return "/"


def without_body(response: Response, status: int) -> Response:
    """Return the response as one that has no body."""
    response.status_code = status
    response.headers.pop("Content-Type", None)
    return response
