"""Host and port, as they stand in `Host`, in `Origin` and in a request's target."""

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from attrs import frozen

_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?(?::([0-9]{0,5}))?")
_ORIGIN = re.compile(r"(https?)://(.+)")
_HIGHEST_PORT = 65_535
_DEFAULT_PORTS = {"http": 80, "https": 443}
_REMEMBERED = 256
"""Names that are not read anew with each request; what a peer may fill is no more than this."""


@frozen
class Authority:
    """A host in lower case, without a dot at its end, and a port where one is given."""

    host: str
    port: int | None = None

    @property
    def is_address(self) -> bool:
        """Whether the host is an IP address."""
        return _is_address(self.host.strip("[]"))


@frozen
class Origin:
    """Where a web page comes from (RFC 6454)."""

    scheme: str
    host: str
    port: int

    def is_at(self, authority: Authority) -> bool:
        """Whether it is the same host and port; TLS may have ended before us."""
        usual = _DEFAULT_PORTS[self.scheme]
        return (self.host, self.port) == (authority.host, authority.port or usual)


@lru_cache(_REMEMBERED)
def parse_authority(text: str) -> Authority | None:
    """Return host and port (RFC 3986, 3.2.2), or None where it is neither, as with a user in it."""
    found = _AUTHORITY.fullmatch(text.lower())
    if found is None:
        return None
    host, port = found[1], int(found[2]) if found[2] else None
    if host.startswith("[") and not _is_address(host[1:-1]):
        return None
    if port is not None and not 0 < port <= _HIGHEST_PORT:
        return None
    return Authority(host, port)


@lru_cache(_REMEMBERED)
def parse_origin(text: str) -> Origin | None:
    """Return an origin of a web page, or None: `null`, or what no browser would send."""
    found = _ORIGIN.fullmatch(text.lower())
    authority = parse_authority(found[2]) if found else None
    if found is None or authority is None:
        return None
    return Origin(found[1], authority.host, authority.port or _DEFAULT_PORTS[found[1]])


def authority_in(target: str) -> str | None:
    """Return what a request target says about the host: a whole URL does (RFC 9112, 3.2.2)."""
    try:
        return None if target.startswith("/") else urlsplit(target).netloc or None
    except ValueError:
        return None


@lru_cache(_REMEMBERED)
def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
