"""From bytes into the account: a PUBLISH is read in place, without an object for each message.

Everything else that a broker says goes the way of every connection. The general decoder takes
5 µs for a message, this one 1.5 (docs/explanation/verification.md); a test holds the two against
each other.
"""

import time
from zlib import crc32

from attrs import define, field

from iotmock.mqtt.codec.packets import V5
from iotmock.mqtt.codec.properties import read_properties, user_property
from iotmock.mqtt.codec.wire_types import Reader, write_length
from iotmock.mqtt.connection.connection import Connection
from iotmock.mqtt.errors import MalformedPacket, PacketTooLarge, ProtocolError
from iotmock.soak.account.accounting import Account, Track
from iotmock.verification.latency import Latency
from iotmock.verification.stamp import PROPERTY, split_field

_PUBLISH = 3
_RETAINED = 0x01
_DUP = 0x08
_HEAD = user_property(PROPERTY)
_TEXT = len(_HEAD) + 2
_PUBACK = b"\x40\x02"
_LIFE_DIGITS = 6


@define(eq=False)
class Intake:
    """What a run's messages are, and where they are counted; without a run, that of the first."""

    run: bytes
    account: Account
    latency: Latency = field(factory=Latency)
    transit: Latency = field(factory=Latency)
    received: int = 0
    foreign: int = 0
    device_level: int = -2
    """Which level of a topic is the device's id; below 0 from the end. See `NamedIntake`."""
    heard_us: int = 0
    """When the broker last said anything, µs of Unix time."""
    _tracks: dict[bytes, Track] = field(factory=dict)
    _lives: dict[bytes, int] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        if self.run:
            self._lives[self.run] = 0

    def take(self, topic: bytes, text: bytes, payload: bytes, flags: int) -> None:
        """Account for a message that arrived at `heard_us`; `text` is its stamp."""
        try:
            run, sent, due, number, checksum, mark = text.split(b";")
            sent_us, due_us, place = int(sent), int(due), int(number)
            intact = crc32(payload, place) == int(checksum)
        except ValueError:
            self.foreign += 1
            return
        life = self._lives.get(run, -1)
        if life < 0:
            life = self._life_of(run)
        if life < 0 or flags & _RETAINED:
            self.foreign += 1
            return
        track = self._tracks.get(topic) or self._track(topic)
        if life != track.life:
            if life < track.life:
                self.foreign += 1
                return
            self.account.begin_life(track, life)
        self.received += 1
        now_us = self.heard_us
        if self.account.receive(
            track, place, due_us, now_us,
            intact=intact, deliberate=bool(mark), again=bool(flags & _DUP),
        ):  # fmt: skip
            self.latency.record(now_us - due_us)
            self.transit.record(now_us - sent_us)

    def _life_of(self, run: bytes) -> int:
        # Another worker goes on with a dead one's devices: it sends as `run.1`, `run.2` and so on.
        if not self.run:
            self.run, self._lives = run, {run: 0}
            return 0
        ours, _, life = run.partition(b".")
        if ours != self.run or not life.isdigit() or len(life) > _LIFE_DIGITS:
            return -1
        number = self._lives[run] = int(life)
        return number

    def _track(self, topic: bytes) -> Track:
        levels = topic.split(b"/")
        level = self.device_level
        device = levels[level] if -len(levels) <= level < len(levels) else topic
        track = self._tracks[topic] = self.account.track(device.decode(errors="replace"))
        return track


@define(eq=False)
class NamedIntake(Intake):
    """Of messages whose stamps say the device, as their topics do not."""

    def take(self, topic: bytes, text: bytes, payload: bytes, flags: int) -> None:  # noqa: ARG002
        """See `Intake.take`."""
        stamp, _, device = text.rpartition(b";")
        Intake.take(self, device, stamp, payload, flags)


@define(eq=False)
class CountingConnection(Connection):
    """A connection whose messages go into an account, and are acknowledged once they are there."""

    intake: Intake = field(kw_only=True)
    _rest: bytes = b""

    def receive(self, data: bytes) -> None:
        """See `Connection.receive`."""
        self.intake.heard_us = time.time_ns() // 1_000
        data = self._rest + data if self._rest else data
        acknowledged: list[bytes] = []
        self._rest = b""
        try:
            self._rest = data[self._receive_whole(data, acknowledged) :]
        except IndexError:
            raise MalformedPacket("a packet ends inside a field") from None
        finally:
            if acknowledged:
                self.outgoing.append(_PUBACK + _PUBACK.join(acknowledged))

    def _receive_whole(self, data: bytes, acknowledged: list[bytes]) -> int:
        """Take the whole packets, and return where the first begins that is none yet."""
        start, size = 0, len(data)
        while start + 2 <= size:
            length, body = data[start + 1], start + 2
            if length > 0x7F:
                length, body = _long_length(data, start + 1)
            end = body + length
            if end > size:
                self._check_size(end - start)
                break
            if data[start] >> 4 == _PUBLISH:
                self._publish(data, start, body, end, acknowledged)
            else:
                super().receive(data[start:end])
            start = end
        return start

    def _check_size(self, size: int) -> None:
        largest = self.options.maximum_packet_size
        if size > largest:
            raise PacketTooLarge(f"a packet of {size} bytes is over {largest}")

    def _publish(
        self, data: bytes, start: int, body: int, end: int, acknowledged: list[bytes]
    ) -> None:
        flags = data[start]
        place = body + 2 + (data[body] << 8 | data[body + 1])
        topic = data[body + 2 : place]
        if flags & 0x06:
            if flags & 0x04:
                raise ProtocolError("the broker delivers at a higher QoS than was subscribed")
            acknowledged.append(data[place : place + 2])
            place += 2
        length = 0
        if self.protocol == V5:
            length, place = data[place], place + 1
            if length > 0x7F:
                length, place = _long_length(data, place - 1)
        properties, payload = data[place : place + length], data[place + length : end]
        if place + length > end:
            raise MalformedPacket("a packet ends inside a field")
        self._take(topic, properties, payload, flags)

    def _take(self, topic: bytes, properties: bytes, payload: bytes, flags: int) -> None:
        if properties.startswith(_HEAD):
            end = _TEXT + (properties[_TEXT - 2] << 8 | properties[_TEXT - 1])
            self.intake.take(topic, properties[_TEXT:end], payload, flags)
        elif (found := _stamp_among(properties)) is not None:
            self.intake.take(topic, found, payload, flags)
        elif (in_json := split_field(payload)) is not None:
            self.intake.take(topic, *in_json, flags)
        else:
            self.intake.foreign += 1


def _long_length(data: bytes, place: int) -> tuple[int, int]:
    """Return the variable byte integer at `place` and where it ends; if cut off, past all data."""
    length = 0
    for shift, byte in enumerate(data[place : place + 4]):
        length |= (byte & 0x7F) << 7 * shift
        if byte < 0x80:
            return length, place + shift + 1
    if place + 4 <= len(data):
        raise MalformedPacket("a variable byte integer has more than four bytes")
    return 0, len(data) + 1


def _stamp_among(properties: bytes) -> bytes | None:
    if not properties:
        return None
    block = Reader(write_length(len(properties)) + properties)
    found = dict(read_properties(block, "PUBLISH").user_properties).get(PROPERTY)
    return None if found is None else found.encode()
