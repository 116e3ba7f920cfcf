"""Bytes to packets, for both versions; what is no packet raises `ProtocolError`, and only that."""

from collections.abc import Iterator

from attrs import define, field

from iotmock.mqtt.codec.bodies import decode_body, short_puback, skipped
from iotmock.mqtt.codec.packets import (
    V5,
    Packet,
    Protocol,
    PubAck,
)
from iotmock.mqtt.codec.wire_types import Reader
from iotmock.mqtt.errors import MalformedPacket, PacketTooLarge

_LONGEST_HEADER = 5
_FLAGS = {6: 0x02, 8: 0x02, 10: 0x02}
_SHORT_PUBACK = b"\x40\x02"
"""The answer to every message of a fleet: read without looking for its end."""
_REASONED_PUBACK = b"\x40\x03"
"""The same of MQTT 5 with a reason, as where nobody has subscribed (0x10)."""


@define(eq=False)
class Decoder:
    """Fed with bytes as they come, gives whole packets.

    `maximum_size` is the largest packet in bytes, its header included: a larger one is refused
    when its header is read, so that a peer can not make us hold more. In MQTT 3.1.1, where a client
    can not say how much it takes, a larger PUBLISH is skipped: only its head is given.
    """

    protocol: Protocol
    maximum_size: int = 1 << 20
    _buffer: bytearray = field(factory=bytearray)
    _oversize: int = 0
    """The size of the packet in hand, if it is skipped."""
    _to_skip: int = 0

    def puback(self, data: bytes) -> PubAck | None:
        """Return the one PUBACK without properties that `data` is, if it is that and no more.

        Such is nearly all that a broker says to one device of many; nothing of it is kept here.

        Raises:
            ProtocolError: its packet identifier is 0.
        """
        if self._buffer or self._to_skip:
            return None
        if len(data) == 4 and data.startswith(_SHORT_PUBACK):
            return short_puback(data[2] << 8 | data[3])
        if len(data) == 5 and data.startswith(_REASONED_PUBACK) and self.protocol == V5:
            return short_puback(data[2] << 8 | data[3], data[4])
        return None

    def feed(self, data: bytes) -> Iterator[Packet]:
        """Yield the packets that `data` completes.

        Raises:
            ProtocolError: the bytes are no packet; the connection is of no more use.
        """
        buffer, v5 = self._buffer, self.protocol == V5
        buffer += data if not self._to_skip else self._skip(data)
        start = 0
        try:
            while True:
                if buffer.startswith(_SHORT_PUBACK, start) and len(buffer) >= start + 4:
                    packet_id = buffer[start + 2] << 8 | buffer[start + 3]
                    start += 4
                    yield short_puback(packet_id)
                elif v5 and buffer.startswith(_REASONED_PUBACK, start) and len(buffer) > start + 4:
                    packet_id = buffer[start + 2] << 8 | buffer[start + 3]
                    start += 5
                    yield short_puback(packet_id, buffer[start - 1])
                elif (frame := self._frame(buffer, start)) is not None:
                    body, end = frame
                    packet = self._decode(buffer[start], bytes(buffer[body:end]))
                    start = end
                    yield packet
                else:
                    return
        finally:
            del buffer[:start]

    def _frame(self, buffer: bytearray, start: int) -> tuple[int, int] | None:
        """Return where the body of the packet at `start` begins and ends, once it is there."""
        length, position = 0, start + 1
        for shift in (0, 7, 14, 21):
            if position >= len(buffer):
                return None
            byte = buffer[position]
            position += 1
            length |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
        else:
            raise MalformedPacket("the remaining length has more than four bytes")
        end = position + length
        if end - start > self.maximum_size:
            return self._head(buffer, start, position, end)
        return (position, end) if end <= len(buffer) else None

    def _head(self, buffer: bytearray, start: int, body: int, end: int) -> tuple[int, int] | None:
        first, size = buffer[start], end - start
        if self.protocol == V5 or first >> 4 != 3:
            raise PacketTooLarge(f"a packet of {size} bytes is over {self.maximum_size}")
        topic_size = int.from_bytes(buffer[body : body + 2], "big")
        if len(buffer) < min(body + 4 + topic_size, end):
            return None
        self._oversize, here = size, min(end, len(buffer))
        self._to_skip = end - here
        return body, here

    def _skip(self, data: bytes) -> bytes:
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        return data[skipped:]

    def _decode(self, first: int, body: bytes) -> Packet:
        if self._oversize:
            size, self._oversize = self._oversize, 0
            return skipped(first & 0x0F, Reader(body), size)
        kind, flags = first >> 4, first & 0x0F
        if kind != 3 and flags != _FLAGS.get(kind, 0):
            raise MalformedPacket(f"packet type {kind} with flags 0x{flags:x}")
        reader = Reader(body)
        packet = decode_body(kind, flags, reader, self.protocol)
        reader.end()
        return packet
