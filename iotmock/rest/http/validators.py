"""Entity tags and the conditions that clients make with them (RFC 9110, 8.8.3 and 13.1)."""

import re
from hashlib import blake2b
from typing import Self

import msgspec
from attrs import frozen

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_ANY = "*"


def tag_of(content: object) -> str:
    """Return the strong tag of a content."""
    return f'"{blake2b(msgspec.json.encode(content), digest_size=9).hexdigest()}"'


@frozen
class Conditions:
    """What a client says of the tags that it knows; None where it says nothing."""

    if_match: frozenset[str] | None = None
    if_none_match: frozenset[str] | None = None

    @classmethod
    def of(cls, if_match: str | None, if_none_match: str | None) -> Self:
        """Return the conditions in these two headers."""
        return cls(_tags(if_match), _tags(if_none_match))

    def forbids(self, tag: str) -> bool:
        """Whether the client wants something done to another version only: 412."""
        return self.if_match is not None and not self.if_match & {tag, _ANY}

    def knows(self, tag: str) -> bool:
        """Whether the client has this version already: 304. Its tags may be weak."""
        known = self.if_none_match or frozenset()
        return bool(known & {tag, f"W/{tag}", _ANY})


def _tags(header: str | None) -> frozenset[str] | None:
    if header is None:
        return None
    return frozenset([_ANY] if header.strip() == _ANY else _TAG.findall(header))
