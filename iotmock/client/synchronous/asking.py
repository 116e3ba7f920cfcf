"""How a request is sent and its answer read; what the parts of the client have in common."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx
import msgspec
from attrs import define
from msgspec import UNSET

from iotmock.client.answer import LONGEST, LONGEST_S, Answer
from iotmock.client.place import Place
from iotmock.client.refusals import refusal_of, stranger, unreachable

T = TypeVar("T")


@define(eq=False)
class Asking:
    """Requests over connections that are kept."""

    place: Place
    http: httpx.Client

    def ask(
        self,
        method: str,
        path: str,
        kind: type[T],
        *,
        query: Mapping[str, Any] | None = None,
        body: object = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        """Send a request and return its answer as `kind`: also for what has no method here.

        Raises:
            RefusedError: the service says no; with the fields of its problem document.
            UnreachableError: nothing answers, or what answers is no iotmock.
        """
        answer = self.answered(method, path, query=query, body=body, headers=headers)
        return self.read_as(answer, kind)

    def read_as(self, answer: Answer, kind: type[T]) -> T:
        """Return what an answer says.

        Raises:
            UnreachableError: it is none of an iotmock.
        """
        try:
            return msgspec.json.decode(answer.content or b"null", type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise stranger(self.place, answer) from error

    def answered(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: object = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return an answer as it came. Raises: as `ask`."""
        content = None if body is UNSET else msgspec.json.encode(body)
        sent = {**(headers or {}), **({} if content is None else {"Content-Type": _JSON})}
        asked = {"params": query, "content": content, "headers": sent}
        try:
            with self.http.stream(method, path, **asked) as response:  # type: ignore[arg-type]
                answer = _whole(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise unreachable(self.place, error) from error
        if not answer.is_success:
            raise refusal_of(self.place, answer)
        return answer

    @contextmanager
    def lines(
        self, path: str, query: Mapping[str, Any], within: float | None = None
    ) -> Iterator[Iterator[str]]:
        """Give the lines of an answer that goes on; its first one has come when the block begins.

        Raises:
            TimeoutError: `within` so many s it was not at an end.
        """
        quiet = _QUIET_S if within is None else min(within, _QUIET_S)
        timeout = httpx.Timeout(_CONNECT_S, read=quiet)
        try:
            with self.http.stream("GET", path, params=query, timeout=timeout) as response:
                if not response.is_success:
                    raise refusal_of(self.place, _whole(response))
                lines = response.iter_lines()
                next(lines, "")
                yield lines if within is None else _until(lines, within)
        except httpx.ReadTimeout as error:
            raise TimeoutError(f"nothing came for {quiet:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise unreachable(self.place, error) from error


_JSON = "application/json"
_CONNECT_S = 10.0
_QUIET_S = 30.0
"""The service says every 15 s that it is still there."""


def _whole(response: httpx.Response) -> Answer:
    # Each piece has httpx's timeout; a byte a second would never meet it.
    content, end = bytearray(), time.monotonic() + LONGEST_S
    for piece in response.iter_bytes():
        content += piece
        if len(content) > LONGEST:
            raise httpx.RemoteProtocolError(f"more than {LONGEST:,} bytes")
        if time.monotonic() > end:
            raise httpx.ReadTimeout(f"more than {LONGEST_S:.0f} s")
    return Answer(response.status_code, response.reason_phrase, response.headers, bytes(content))


def _until(lines: Iterator[str], within: float) -> Iterator[str]:
    end = time.monotonic() + within
    for line in lines:
        yield line
        if time.monotonic() > end:
            raise TimeoutError(f"{within:g} s are over")
