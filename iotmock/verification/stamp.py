"""The stamp of a data message: which one it is, when it was due, and when it went out.

As text `run;sent;due;number;checksum;mark`: the run that sent it, two moments in µs of Unix time,
the device's sequence number, the CRC-32 of payload and number, and why it is wrong on purpose, if
it is. Where topics do not say whose a message is, `;device` follows. It travels as the MQTT 5 user
property `stamp`, or as the last field of the JSON.
"""

from collections.abc import Callable
from math import nan
from typing import NamedTuple
from zlib import crc32

import msgspec
from attrs import define, field

PROPERTY = "stamp"
LONGEST = 255
"""No stamp has more bytes: a run has up to 40, a mark up to 16, a device's id up to 64."""
_JSON_FIELD = b',"stamp":"'


class StampError(ValueError):
    """A text is no stamp."""


class Stamp(msgspec.Struct, frozen=True, gc=False):
    """What a device notes on a data message. `due` is the time of the simulation, Unix s."""

    number: int
    due: float
    mark: str = ""


@define(eq=False)
class Numbering:
    """Numbers the data messages of each device, from 1 and without a gap.

    By id and not in the device, so that one that is deleted and made again goes on counting.
    """

    counts: dict[str, int] = field(factory=dict)
    marked: dict[str, int] = field(factory=dict)
    """How many of them went out with a mark."""

    def stamp(self, device_id: str, due: float, mark: str = "") -> Stamp:
        """Return the stamp of the device's next message."""
        number = self.counts[device_id] = self.counts.get(device_id, 0) + 1
        if mark:
            self.marked[device_id] = self.marked.get(device_id, 0) + 1
        return Stamp(number, due, mark)


@define(eq=False)
class NamedNumbering(Numbering):
    """Has stamps say the device, too, where topics do not."""

    def stamp(self, device_id: str, due: float, mark: str = "") -> Stamp:
        """See `Numbering.stamp`."""
        stamp = Numbering.stamp(self, device_id, due, mark)
        return Stamp(stamp.number, due, f"{mark};{device_id}")


@define(eq=False)
class Stamper:
    """Writes the stamps of one run; what is equal for a whole batch is written once."""

    run: str
    of_day: Callable[[float], float] = float
    """From the time of the simulation to the time of day; they are the same at speed 1."""
    _sent_us: int = 0
    _due: float = nan
    _head: str = ""

    def begin(self, sent: float) -> None:
        """Note that a batch goes into the socket's buffer at `sent`, Unix s."""
        self._sent_us = int(sent * 1e6)
        self._due = nan

    def text(self, stamp: Stamp, payload: bytes) -> bytes:
        """Return the stamp of one message of the batch."""
        if stamp.due != self._due:
            self._due = stamp.due
            due_us = int(self.of_day(stamp.due) * 1e6)
            self._head = f"{self.run};{self._sent_us};{due_us}"
        number = stamp.number
        return f"{self._head};{number};{crc32(payload, number)};{stamp.mark}".encode()

    def with_field(self, stamp: Stamp, payload: bytes) -> bytes:
        """Return a JSON object with the stamp as its last field.

        What is broken on purpose stays broken, and is stamped all the same.
        """
        body = payload.removesuffix(b"}")
        return body + _JSON_FIELD + self.text(stamp, body) + b'"}'


class Stamped(NamedTuple):
    """A stamp as it arrived. Times in µs of Unix time."""

    run: bytes
    sent_us: int
    due_us: int
    number: int
    checksum: int
    mark: bytes
    device: bytes = b""
    """Empty: the topic says it."""


def read_stamp(text: bytes) -> Stamped:
    """Return what a stamp says.

    Raises:
        StampError: it is none.
    """
    try:
        run, sent, due, number, checksum, mark, *device = text.split(b";", 6)
        return Stamped(run, int(sent), int(due), int(number), int(checksum), mark, *device)
    except ValueError:
        raise StampError(f"{text[:80]!r} is no stamp") from None


def split_field(payload: bytes) -> tuple[bytes, bytes] | None:
    """Return the stamp in a payload, and the bytes before it, which it is the checksum of."""
    place = payload.rfind(_JSON_FIELD)
    if place < 0 or not payload.endswith(b'"}'):
        return None
    return payload[place + len(_JSON_FIELD) : -2], payload[:place]


def is_intact(stamped: Stamped, payload: bytes) -> bool:
    """Say whether payload (of JSON, what is before the stamp) and number are what was sent."""
    return crc32(payload, stamped.number) == stamped.checksum
