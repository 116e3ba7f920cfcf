"""Times in JSON payloads, moved to now; every other byte stays as it was."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TIMESTAMP = re.compile(
    rb'("timestamp"\s*:\s*")(\d{4}-\d\d-\d\d)([Tt ])(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?'
    rb'(Z|z|[+-]\d\d:\d\d)(")'
)
"""RFC 3339 (5.6). What has no offset could be of any zone, and stays."""
_is_json = msgspec.json.Decoder(msgspec.Raw).decode


def with_shifted(payload: bytes, shift: Callable[[int], int]) -> bytes:
    """Return a payload whose `timestamp` fields have gone through `shift` (µs since 1970).

    They keep their form: as many digits, the same offset. What is no JSON stays as it is.
    """
    if payload[:1] not in (b"{", b"[") or b'"timestamp"' not in payload:
        return payload
    try:
        _is_json(payload)
    except msgspec.DecodeError:
        return payload
    return _TIMESTAMP.sub(lambda found: _shifted(found, shift), payload)


def _shifted(found: re.Match[bytes], shift: Callable[[int], int]) -> bytes:
    head, date, t, time, fraction, offset, tail = found.groups()
    text = f"{date.decode()}T{time.decode()}{_offset(offset)}"
    try:
        moment = datetime.fromisoformat(text)
        at_us = (moment - _EPOCH) // _MICROSECOND + int((fraction or b"0").ljust(6, b"0")[:6])
        moved = (_EPOCH + timedelta(microseconds=shift(at_us))).astimezone(moment.tzinfo)
    except (ValueError, OverflowError):  # the 31st of February, or beyond the year 9999
        return bytes(found[0])
    digits = "" if fraction is None else f".{moved.microsecond:06d}000"[: 1 + len(fraction)]
    written = f"{moved:%Y-%m-%d}{t.decode()}{moved:%H:%M:%S}{digits}"
    return bytes(head + written.encode() + offset + tail)


def _offset(offset: bytes) -> str:
    return "+00:00" if offset in (b"Z", b"z") else offset.decode()
