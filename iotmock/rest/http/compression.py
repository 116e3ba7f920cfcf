"""Answers that are worth it go out compressed (RFC 9110, 8.4.1.3); streams never come here."""

import gzip
import re

import trio

WORTH_IT = 1_400
"""Bytes: less fits into one packet anyway."""
_LONG = 64 * 1024
"""Bytes that take milliseconds; zlib lets the other threads run meanwhile."""
_LEVEL = 1
"""Of lists of devices it leaves a tenth, in a quarter of the time that level 6 takes."""
_NONE = re.compile(r"0(?:\.0{0,3})?")


async def compressed(body: bytes) -> bytes:
    """Return the body as gzip."""
    if len(body) < _LONG:
        return gzip.compress(body, _LEVEL, mtime=0)
    return await trio.to_thread.run_sync(_compress, body)


def _compress(body: bytes) -> bytes:
    return gzip.compress(body, _LEVEL, mtime=0)


def takes_gzip(accept_encoding: str) -> bool:
    """Whether a client takes gzip, by name or as anything (RFC 9110, 12.5.3)."""
    weights = dict(map(_weight, accept_encoding.lower().split(",")))
    return not _NONE.fullmatch(weights.get("gzip", weights.get("*", "0")))


def _weight(coding: str) -> tuple[str, str]:
    name, _, parameter = coding.partition(";")
    return name.strip(), parameter.strip().removeprefix("q=") or "1"
