"""The data types of MQTT on the wire (MQTT 5.0, 1.5): writing, and reading within bounds."""

from attrs import define

from iotmock.mqtt.errors import InvalidMessage, MalformedPacket

MAXIMUM_LENGTH = 268_435_455
_LONGEST_STRING = 65_535


def write_length(value: int) -> bytes:
    """Return a variable byte integer (MQTT 5.0, 1.5.5)."""
    if not 0 <= value <= MAXIMUM_LENGTH:
        raise InvalidMessage(f"{value} is no variable byte integer: 0 to {MAXIMUM_LENGTH}")
    if value < 0x80:
        return bytes((value,))
    if value < 0x4000:
        return bytes((value & 0x7F | 0x80, value >> 7))
    return bytes((value & 0x7F | 0x80,)) + write_length(value >> 7)


def write_byte(value: int) -> bytes:
    """Return a byte, or raise `InvalidMessage` for what is none."""
    return _write_number(value, 1)


def write_two(value: int) -> bytes:
    """Return a two byte integer, or raise `InvalidMessage` for what does not fit."""
    return _write_number(value, 2)


def write_four(value: int) -> bytes:
    """Return a four byte integer, or raise `InvalidMessage` for what does not fit."""
    return _write_number(value, 4)


def _write_number(value: int, size: int) -> bytes:
    try:
        return value.to_bytes(size, "big")
    except OverflowError:
        raise InvalidMessage(f"{value} does not fit into {size} bytes without sign") from None


def write_binary(value: bytes) -> bytes:
    """Return binary data with its length.

    Raises:
        InvalidMessage: it is longer than 65,535 bytes.
    """
    if len(value) > _LONGEST_STRING:
        raise InvalidMessage(f"a field has {len(value)} bytes; at most {_LONGEST_STRING} fit")
    return len(value).to_bytes(2, "big") + value


def write_string(value: str) -> bytes:
    """Return a UTF-8 string with its length.

    Raises:
        InvalidMessage: it is too long, or has a character that MQTT forbids (1.5.4).
    """
    if "\x00" in value:
        raise InvalidMessage("a text contains U+0000, which MQTT forbids")
    try:
        return write_binary(value.encode())
    except UnicodeEncodeError as error:
        raise InvalidMessage(f"a text is not UTF-8: {error}") from error


@define(eq=False)
class Reader:
    """Reads the fields of one packet, and never beyond its end."""

    data: bytes
    position: int = 0

    @property
    def at_end(self) -> bool:
        """Whether all is read."""
        return self.position >= len(self.data)

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes.

        Raises:
            MalformedPacket: the packet ends before.
        """
        end = self.position + count
        if end > len(self.data):
            raise MalformedPacket("a packet ends inside a field")
        taken = self.data[self.position : end]
        self.position = end
        return taken

    def rest(self) -> bytes:
        """Return all that is left."""
        return self.take(len(self.data) - self.position)

    def byte(self) -> int:
        """Return the next byte."""
        return self.take(1)[0]

    def two(self) -> int:
        """Return the next two byte integer."""
        return int.from_bytes(self.take(2), "big")

    def four(self) -> int:
        """Return the next four byte integer."""
        return int.from_bytes(self.take(4), "big")

    def length(self) -> int:
        """Return the next variable byte integer."""
        value = 0
        for shift in (0, 7, 14, 21):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise MalformedPacket("a variable byte integer has more than four bytes")

    def binary(self) -> bytes:
        """Return the next binary data."""
        return self.take(self.two())

    def string(self) -> str:
        """Return the next UTF-8 string.

        Raises:
            MalformedPacket: it is not UTF-8, or contains U+0000 (MQTT 5.0, 1.5.4).
        """
        try:
            text = self.binary().decode()
        except UnicodeDecodeError as error:
            raise MalformedPacket(f"a string is not UTF-8: {error.reason}") from error
        if "\x00" in text:
            raise MalformedPacket("a string contains U+0000")
        return text

    def end(self) -> None:
        """Check that nothing is left.

        Raises:
            MalformedPacket: something is.
        """
        if not self.at_end:
            raise MalformedPacket("a packet is longer than its fields")
