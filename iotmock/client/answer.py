"""An answer that has come to its end, whoever sent it."""

from collections.abc import Mapping
from http import HTTPStatus

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

    @property
    def is_success(self) -> bool:
        """Whether it is what was asked for."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_elsewhere(self) -> bool:
        """Whether it sends us on to another place."""
        return HTTPStatus.MULTIPLE_CHOICES <= self.status < HTTPStatus.BAD_REQUEST
