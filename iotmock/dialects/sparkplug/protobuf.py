"""As much of Protocol Buffers as Sparkplug takes: fields to bytes, and bytes to fields.

Ours, because it takes a third of the time of the usual library for a reading, and no dependency.
Source: protobuf.dev/programming-guides/encoding.
"""

from collections.abc import Iterator
from struct import Struct

_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5
_FIXED = {_FIXED_64: 8, _FIXED_32: 4}
_LONGEST_VARINT = 10
_LAST_OF_A_BYTE = 0x7F
_OF_A_BYTE = [bytes((value,)) for value in range(_LAST_OF_A_BYTE + 1)]
_FLOAT, _DOUBLE = Struct("<f"), Struct("<d")
_MOST_FLOAT = 3.4028234663852886e38


class MalformedError(ValueError):
    """Bytes are no message."""


def varint(value: int) -> bytes:
    """Return a whole number; a negative one as its two's complement of 64 bits."""
    if 0 <= value <= _LAST_OF_A_BYTE:
        return _OF_A_BYTE[value]
    value &= (1 << 64) - 1
    parts = bytearray()
    while value > _LAST_OF_A_BYTE:
        parts.append(value & _LAST_OF_A_BYTE | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def whole(number: int, value: int) -> bytes:
    """Return a field with a whole number, or with a truth as 0 or 1."""
    return varint(number << 3 | _VARINT) + varint(value)


def block(number: int, content: bytes) -> bytes:
    """Return a field with bytes: a text, or another message."""
    return varint(number << 3 | _BYTES) + varint(len(content)) + content


def single(number: int, value: float) -> bytes:
    """Return a field with a float of 32 bits; what is beyond these is infinite."""
    if abs(value) > _MOST_FLOAT:
        value = float("inf") if value > 0 else float("-inf")
    return varint(number << 3 | _FIXED_32) + _FLOAT.pack(value)


def double(number: int, value: float) -> bytes:
    """Return a field with a float of 64 bits."""
    return varint(number << 3 | _FIXED_64) + _DOUBLE.pack(value)


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield each field's number and content: a whole number, or bytes of whatever it is.

    Raises:
        MalformedError: the rest of the bytes is no field.
    """
    at = 0
    while at < len(data):
        tag, at = read_varint(data, at)
        number, wire_type = tag >> 3, tag & 7
        if wire_type == _VARINT:
            value, at = read_varint(data, at)
            yield number, value
            continue
        if wire_type == _BYTES:
            size, at = read_varint(data, at)
        elif wire_type in _FIXED:
            size = _FIXED[wire_type]
        else:
            raise MalformedError(f"field {number} is of the unknown kind {wire_type}")
        if size > len(data) - at:
            raise MalformedError(f"field {number} is cut off")
        yield number, data[at : at + size]
        at += size


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a whole number, and where it ends.

    Raises:
        MalformedError: there is none.
    """
    value = 0
    for count, part in enumerate(data[at : at + _LONGEST_VARINT]):
        value |= (part & 0x7F) << 7 * count
        if part < 0x80:
            return value & (1 << 64) - 1, at + count + 1
    raise MalformedError("a whole number is cut off, or too long")


def signed(value: int, bits: int = 64) -> int:
    """Return what a two's complement stands for."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> bits - 1 else value


def float_of(content: bytes) -> float:
    """Return the float in a field's 4 or 8 bytes.

    Raises:
        MalformedError: it has another length.
    """
    if len(content) == _FLOAT.size:
        return float(_FLOAT.unpack(content)[0])
    if len(content) == _DOUBLE.size:
        return float(_DOUBLE.unpack(content)[0])
    raise MalformedError("a float has neither 4 nor 8 bytes")
