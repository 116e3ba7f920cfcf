"""Which web pages may use the service, and what their browsers are told (fetch.spec, CORS)."""

from collections.abc import Sequence

from attrs import field, frozen

from iotmock.rest.gate.authority import Authority, Origin, parse_origin

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_REQUEST_HEADERS = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID"
)
_ANSWER_HEADERS = "Allow, ETag, Idempotent-Replayed, Link, Location, Retry-After, WWW-Authenticate"
_PREFLIGHT_S = 600

Headers = dict[str, str]


def _parsed(texts: Sequence[str]) -> frozenset[Origin]:
    return frozenset(origin for text in texts if (origin := parse_origin(text)) is not None)


@frozen
class KnownOrigins:
    """The pages of other hosts that may use the service."""

    pages: frozenset[Origin] = field(converter=_parsed, default=())

    def admits(self, origins: Sequence[str], host: Authority) -> bool:
        """Say whether a request is from no page, from one of our own, or from a known one."""
        if not origins:
            return True
        origin = parse_origin(origins[0]) if len(origins) == 1 else None
        return origin is not None and (origin.is_at(host) or origin in self.pages)

    def headers_for(self, origins: Sequence[str]) -> Headers:
        """Return what lets a known page read an answer; no cookies, hence no credentials."""
        if not self.pages:
            return {}
        headers = {"Vary": "Origin"}
        if len(origins) == 1 and parse_origin(origins[0]) in self.pages:
            headers["Access-Control-Allow-Origin"] = origins[0]
            headers["Access-Control-Expose-Headers"] = _ANSWER_HEADERS
        return headers

    def preflight_headers(self, origins: Sequence[str]) -> Headers:
        """Return what a known page may do; for others, an answer that allows nothing."""
        headers = self.headers_for(origins)
        if "Access-Control-Allow-Origin" in headers:
            headers["Vary"] += ", Access-Control-Request-Method, Access-Control-Request-Headers"
            headers["Access-Control-Allow-Methods"] = _METHODS
            headers["Access-Control-Allow-Headers"] = _REQUEST_HEADERS
            headers["Access-Control-Max-Age"] = str(_PREFLIGHT_S)
        return headers
