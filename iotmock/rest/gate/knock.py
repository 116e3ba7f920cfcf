"""What a request says about whom it is for and whom it is from."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from attrs import frozen

from iotmock.rest.gate.authority import authority_in

_WANTED = (b"host", b"origin", b"authorization", b"access-control-request-method")


@frozen
class Knock:
    """The headers that matter, each as often as it was sent.

    `target_host` is where the target is a whole URL; what `is_open` needs no token.
    """

    method: str
    headers: Mapping[bytes, Sequence[str]]
    target_host: str | None
    is_open: bool

    @classmethod
    def of(cls, scope: Mapping[str, Any], *, is_open: bool) -> "Knock":
        """Read an ASGI scope; `:authority` of HTTP/2 is its `Host`."""
        headers: dict[bytes, list[str]] = {name: [] for name in _WANTED}
        for name, value in scope["headers"]:
            if (values := headers.get(name.lower())) is not None:
                values.append(value.decode("latin-1"))
        return cls(scope.get("method", "GET"), headers, _host_in(scope["raw_path"]), is_open)

    @property
    def origins(self) -> Sequence[str]:
        """The pages that it is sent by: none or one, unless it is a forgery."""
        return self.headers[b"origin"]

    @property
    def is_preflight(self) -> bool:
        """Whether a browser asks what a page may do, before it does it."""
        asks = self.headers[b"access-control-request-method"]
        return self.method == "OPTIONS" and bool(self.origins) and bool(asks)


def _host_in(target: bytes) -> str | None:
    return None if target.startswith(b"/") else authority_in(unquote(target.decode("latin-1")))
