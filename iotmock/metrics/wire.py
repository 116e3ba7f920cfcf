"""What is measured on the way to the broker."""

from typing import Protocol

from attrs import frozen

from iotmock.verification.latency import Latency


class Traffic(Protocol):
    """Bytes written and read, and messages that were too large to be read."""

    written: int
    read: int
    skipped: int


@frozen
class WireMeters:
    """`acknowledged`: from when a message was due to its PUBACK; None when nothing is stamped."""

    traffic: Traffic
    acknowledged: Latency | None
