"""What has been recorded so far."""

import time

import msgspec
from attrs import define, field

from iotmock.traffic.recorded import Recorded
from iotmock.traffic.words import size


class Recording(msgspec.Struct, frozen=True):
    """What a recording was. Sizes in bytes, spans in s.

    `dropped` came at QoS 0 faster than they could be taken; `gaps` are the times without a
    connection.
    """

    file: str
    messages: int
    payload_bytes: int
    file_bytes: int
    seconds: float
    dropped: int
    gaps: int
    gap_seconds: float

    @property
    def is_whole(self) -> bool:
        """Whether all is there that came while it was recorded."""
        return not (self.dropped or self.gaps)


@define(eq=False)
class Tally:
    """Counts of a recording that goes on."""

    file: str
    messages: int = 0
    written: int = 0
    """Of the messages those that the disk has."""
    payload_bytes: int = 0
    file_bytes: int = 0
    dropped: int = 0
    gaps: int = 0
    gap_seconds: float = 0.0
    _began: float = field(factory=time.monotonic)

    def begin(self) -> None:
        """Count the time from now on."""
        self._began = time.monotonic()

    def count(self, rows: list[Recorded]) -> None:
        """Count messages that have come."""
        self.messages += len(rows)
        self.payload_bytes += sum(len(row.payload) for row in rows)

    @property
    def seconds(self) -> float:
        """For how long it has gone on."""
        return time.monotonic() - self._began

    def line(self) -> str:
        """Return how far it is, for people."""
        rate = self.messages / max(self.seconds, 1e-9)
        lost = f", {self.dropped:,} missed" if self.dropped else ""
        return (
            f"{self.file}: {self.messages:,} messages, {size(self.payload_bytes)}, "
            f"{size(self.file_bytes)} on disk, {rate:,.0f}/s{lost}"
        )

    def result(self) -> Recording:
        """Return what it was, now that it has ended."""
        return Recording(
            self.file,
            self.messages,
            self.payload_bytes,
            self.file_bytes,
            round(self.seconds, 3),
            self.dropped,
            self.gaps,
            round(self.gap_seconds, 3),
        )


def told(recording: Recording) -> str:
    """Return what a recording was, for people."""
    text = (
        f"{recording.file}: {recording.messages:,} messages in {recording.seconds:,.1f} s, "
        f"{size(recording.payload_bytes)} of payloads, {size(recording.file_bytes)} on disk"
    )
    if recording.dropped:
        text += f"; {recording.dropped:,} at QoS 0 came too fast and are not in it"
    if recording.gaps:
        text += f"; without the broker {recording.gaps} times, {recording.gap_seconds:,.1f} s"
    return text
