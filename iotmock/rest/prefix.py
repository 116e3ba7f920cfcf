"""Where the service is for a client that a proxy stands before: under which path."""

from collections.abc import Callable, Iterable
from contextvars import ContextVar

from hypercorn.typing import ASGISendCallable, ASGISendEvent

from iotmock.settings.values import ROOT_PATH

_HEADER = b"x-forwarded-prefix"
_LONGEST = 256
prefix_here: ContextVar[str] = ContextVar("prefix_here", default="")
"""The prefix of the request in hand."""


def prefix_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the path that a proxy says it serves us under, or nothing where it says none.

    Anybody can say so; it changes only what they are answered.
    """
    for name, value in headers:
        if name == _HEADER:
            said = value.decode("latin1").rstrip("/")
            return said if len(said) <= _LONGEST and ROOT_PATH.fullmatch(said) else ""
    return ""


def without_prefix(path: str, prefix: str, is_ours: Callable[[str], bool]) -> str:
    """Return the path as we know it, whether or not the proxy took the prefix off.

    Paths of our own may begin with it (/api, /docs): it is taken off where that leaves one of ours.
    """
    rest = path[len(prefix) :] if path.startswith(f"{prefix}/") else ""
    return rest if rest and is_ours(rest) else path


def under_prefix(send: ASGISendCallable, prefix: str) -> ASGISendCallable:
    """Return a `send` that puts the prefix before every `Location`, which is a path of ours."""

    async def send_located(event: ASGISendEvent) -> None:
        if event["type"] == "http.response.start":
            event["headers"] = [
                (name, prefix.encode() + value if name.lower() == b"location" else value)
                for name, value in event["headers"]
            ]
        await send(event)

    return send_located
