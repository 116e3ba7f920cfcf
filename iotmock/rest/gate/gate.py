"""The order of the questions: is it for us, is it from a page that may, does it show the token."""

from http import HTTPStatus

from attrs import Factory, frozen

from iotmock.rest.gate.authority import Authority
from iotmock.rest.gate.hosts import KnownHosts, hosts_of
from iotmock.rest.gate.knock import Knock
from iotmock.rest.gate.origins import Headers, KnownOrigins
from iotmock.rest.gate.token import Token, challenge
from iotmock.rest.problems import Problem


@frozen
class Verdict:
    """An answer in place of the service's own: a problem, or for a preflight nothing."""

    problem: Problem | None
    headers: Headers = Factory(dict)


@frozen
class Gate:
    """Who may; by default whoever reaches the service, but no page of another host."""

    hosts: KnownHosts = Factory(KnownHosts)
    origins: KnownOrigins = Factory(KnownOrigins)
    token: Token | None = None

    def judge(self, knock: Knock) -> Verdict | None:
        """Return the answer to a request that goes no further, or None."""
        hosts = hosts_of(knock)
        if hosts is None:
            return _refused(HTTPStatus.BAD_REQUEST, "the request must name one host: Host: name")
        for host in hosts:
            if not self.hosts.serves(host):
                return _of_another_host(host)
        if not self.origins.admits(knock.origins, host):
            return _of_another_page(knock)
        if knock.is_preflight:
            return Verdict(None, self.origins.preflight_headers(knock.origins))
        return None if knock.is_open else self._without_token(knock)

    def _without_token(self, knock: Knock) -> Verdict | None:
        shown = knock.headers[b"authorization"]
        if self.token is None or self.token.is_shown_in(shown):
            return None
        detail = "send the service's API_TOKEN as Authorization: Bearer TOKEN"
        return _refused(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": challenge(shown)})

    def headers_for(self, knock: Knock) -> Headers:
        """Return what every answer to a request has besides its own headers."""
        return self.origins.headers_for(knock.origins)


def _of_another_host(host: Authority) -> Verdict:
    detail = (
        f"this service does not answer for the host {host.host}; if it should, "
        f"start it with HTTP_ALLOWED_HOSTS={host.host}"
    )
    return _refused(HTTPStatus.MISDIRECTED_REQUEST, detail)


def _of_another_page(knock: Knock) -> Verdict:
    detail = (
        f"a web page of {', '.join(knock.origins)[:200]!a} may not use this service; if it should, "
        "start it with the page's origin in HTTP_CORS_ORIGINS"
    )
    return _refused(HTTPStatus.FORBIDDEN, detail, {"Vary": "Origin"})


def _refused(status: HTTPStatus, detail: str, headers: Headers | None = None) -> Verdict:
    # RFC 9457, 4.2.1: about:blank says no more than the status does.
    return Verdict(Problem("about:blank", status.phrase, status, detail), headers or {})
