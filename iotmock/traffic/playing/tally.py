"""What has been played so far, and how punctually."""

import time

import msgspec
from attrs import define, field

from iotmock.mqtt import Message
from iotmock.traffic.words import size
from iotmock.verification.latency import Latency


class Timing(msgspec.Struct, frozen=True):
    """By how much messages were handed to the network after their moment, in ms."""

    p50_ms: float
    p99_ms: float
    max_ms: float


class Played(msgspec.Struct, frozen=True):
    """What was sent. Sizes in bytes, spans in s; `late` None where all was due at once.

    `held_seconds` is how long the broker's answers, or the network, were waited for. `refused` the
    broker did not take, or can not; `unanswered` it has not answered for; `perhaps_lost` went out
    at QoS 0 over a connection that broke.
    """

    messages: int
    payload_bytes: int
    seconds: float
    held_seconds: float
    acknowledged: int
    refused: int
    unanswered: int
    perhaps_lost: int
    reconnects: int
    dropped: int
    duplicated: int
    late: Timing | None

    @property
    def all_taken(self) -> bool:
        """Whether the broker has all that was to be sent."""
        return not (self.refused or self.unanswered or self.perhaps_lost)


@define(eq=False)
class Tally:
    """Counts of a file that is being played."""

    total: int | None = None
    messages: int = 0
    payload_bytes: int = 0
    held_s: float = 0.0
    refused: int = 0
    perhaps_lost: int = 0
    reconnects: int = 0
    late: Latency = field(factory=Latency)
    is_held: bool = False
    """Whether answers of the broker are waited for at this moment."""
    began: float = field(factory=time.monotonic)

    def count(self, sent: list[Message], now: float) -> None:
        """Count messages that the network has, at this moment of the event loop's clock."""
        self.messages += len(sent)
        for message in sent:
            self.payload_bytes += len(message.payload)
            self.late.record(int((now - message.due) * 1e6))

    @property
    def seconds(self) -> float:
        """For how long it has gone on."""
        return time.monotonic() - self.began

    def line(self) -> str:
        """Return how far it is, for people."""
        share = f" of {self.total:,} ({self.messages / self.total:.0%})" if self.total else ""
        rate = self.messages / max(self.seconds, 1e-9)
        held = f", held up by the broker for {self.held_s:,.1f} s" if self.held_s else ""
        now = " (and now)" if self.is_held else ""
        return f"{self.messages:,}{share} messages, {rate:,.0f}/s{held}{now}"

    def timing(self) -> Timing:
        """Return how punctual it was."""
        found = self.late.quantiles()
        return Timing(found.p50_ms, found.p99_ms, found.max_ms)


def told(played: Played) -> str:
    """Return what was played, for people."""
    text = (
        f"{played.messages:,} messages sent in {played.seconds:,.1f} s, "
        f"{size(played.payload_bytes)} of payloads, {played.acknowledged:,} acknowledged"
    )
    counts = ("dropped", "duplicated", "refused", "unanswered", "perhaps_lost", "reconnects")
    for name in counts:
        if count := getattr(played, name):
            text += f", {name.replace('_', ' ')} {count:,}"
    text += f"; held up by the broker for {played.held_seconds:,.1f} s"
    if (late := played.late) is not None:
        text += (
            f"\nlate by p50 {late.p50_ms:,.2f} ms, p99 {late.p99_ms:,.2f} ms, "
            f"at most {late.max_ms:,.2f} ms"
        )
    return text
