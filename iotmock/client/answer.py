"""An answer that has come to its end, whoever sent it."""

import time
from collections.abc import Iterator, Mapping
from http import HTTPStatus

import httpx
from attrs import frozen

LONGEST = 64 * 1024 * 1024
"""Bytes: a page of devices is under one of these megabytes."""
LONGEST_S = 60.0


@frozen
class Answer:
    """What was answered."""

    status: int
    reason: str
    headers: Mapping[str, str]
    content: bytes

    @classmethod
    def of(cls, response: httpx.Response) -> "Answer":
        """Return the whole of a response.

        Raises:
            httpx.HTTPError: it does not come, or is no end to be seen of it.
        """
        content = b"".join(_pieces(response))
        return cls(response.status_code, response.reason_phrase, response.headers, content)

    @property
    def is_success(self) -> bool:
        """Whether it is what was asked for."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_elsewhere(self) -> bool:
        """Whether it sends us on to another place."""
        return HTTPStatus.MULTIPLE_CHOICES <= self.status < HTTPStatus.BAD_REQUEST


def _pieces(response: httpx.Response) -> Iterator[bytes]:
    # Each piece has httpx's timeout; a byte a second would never meet it.
    left, end = LONGEST, time.monotonic() + LONGEST_S
    for piece in response.iter_bytes():
        if (left := left - len(piece)) < 0:
            raise httpx.RemoteProtocolError(f"more than {LONGEST:,} bytes")
        if time.monotonic() > end:
            raise httpx.ReadTimeout(f"more than {LONGEST_S:.0f} s")
        yield piece
