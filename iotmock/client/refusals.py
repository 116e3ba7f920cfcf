"""What went wrong between us and a service, in one line that says what to do."""

import ssl
from http import HTTPStatus

import httpx
import msgspec

from iotmock.client.answer import Answer
from iotmock.client.answers.problem import Problem
from iotmock.client.errors import ClientError, RefusedError, UnreachableError
from iotmock.client.place import Place

_KIND = "urn:iotmock:problem:"
_WHAT_TO_DO = {
    "unknown-device": "`iotmock devices` lists those that there are",
    "device-busy": "try again in a moment",
    "device-restarting": "try again in a moment",
    "stopping": "start it again with `iotmock serve`",
}
_GATEWAYS = {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}


def unreachable(place: Place, error: Exception) -> UnreachableError:
    """Return why a request was not answered."""
    return UnreachableError(_why(place, error))


def _why(place: Place, error: Exception) -> str:
    if isinstance(error, httpx.ConnectTimeout | httpx.ReadTimeout | httpx.WriteTimeout):
        return f"{place.url} does not answer: is it the service, and is the machine not too busy?"
    if isinstance(error, httpx.ProxyError):
        return f"the proxy of the environment can not reach {place.url} ({error}): see NO_PROXY"
    if isinstance(error, httpx.ConnectError):
        return _not_connected(place, error)
    if isinstance(error, httpx.NetworkError) or "peer closed connection" in str(error):
        return f"{place.url} has ended the connection ({error}): does the service still run?"
    return f"{place.url} is not answered as HTTP ({error}): check IOTMOCK_URL"


def _not_connected(place: Place, error: httpx.ConnectError) -> str:
    if _is_of_tls(error):
        return _of_tls(place, str(error))
    if "Errno -" in str(error):
        return f"{place.host} can not be looked up: check IOTMOCK_URL={place.url}"
    if place.is_here:
        what = "start one with `iotmock serve`, or set IOTMOCK_URL"
        return f"no service answers at {place.url}: {what}"
    return f"no service answers at {place.url} ({error}): is `iotmock serve` running there?"


def _of_tls(place: Place, text: str) -> str:
    if "WRONG_VERSION" in text or "RECORD_LAYER" in text:
        return f"{place.url} answers, but not with TLS: set IOTMOCK_URL to http://"
    if "CERTIFICATE_VERIFY" in text:
        return f"{place.url} has no certificate that we trust: name its authority in SSL_CERT_FILE"
    return f"TLS with {place.url} fails: {text}"


def _is_of_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError) or "[SSL" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def refusal_of(place: Place, answer: Answer) -> ClientError:
    """Return what an answer that is no success says."""
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return RefusedError(_of_token(place), "token")
    if answer.is_elsewhere:
        target = answer.headers.get("location", "elsewhere")
        return UnreachableError(f"{place.url} sends us on to {target}: set IOTMOCK_URL to that")
    problem = problem_in(answer)
    if problem is None:
        return _of_proxy(place, answer)
    kind = problem.type.removeprefix(_KIND)
    advice = _WHAT_TO_DO.get(kind)
    # What the service advises is about its own interface, and ours is another.
    what = problem.detail if advice is None else f"{problem.detail.partition('; ')[0]}: {advice}"
    return _refused(what, kind, answer.status, problem)


def _refused(what: str, kind: str, status: int, problem: Problem) -> RefusedError:
    error = RefusedError(what, kind, status)
    error.errors, error.result = problem.errors, problem.result
    return error


def problem_in(answer: Answer) -> Problem | None:
    """Return the problem document of an answer, if it is one."""
    try:
        return msgspec.json.decode(answer.content, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _of_token(place: Place) -> str:
    if place.token is None:
        return f"{place.url} wants a token: set API_TOKEN or API_TOKEN_FILE as the service has it"
    return f"{place.url} does not accept this token: API_TOKEN must be the service's"


def _of_proxy(place: Place, answer: Answer) -> ClientError:
    said = f"HTTP {answer.status} {answer.reason}".strip()
    if answer.status in _GATEWAYS:
        return UnreachableError(f"{place.url} answers {said}: does the service behind it run?")
    return stranger(place, answer)


def stranger(place: Place, answer: Answer) -> UnreachableError:
    """Return that what answers is no service of ours."""
    kind = answer.headers.get("content-type", "no type").partition(";")[0]
    said = f"HTTP {answer.status}, {kind}"
    return UnreachableError(
        f"{place.url} answers, but is no iotmock ({said}): check IOTMOCK_URL or PORT"
    )
