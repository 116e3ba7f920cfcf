"""What is measured on the way to the broker."""

from typing import Protocol

from attrs import frozen

from iotmock.latency import Latency


class Traffic(Protocol):
    """Counts in bytes."""

    written: int
    read: int


@frozen
class WireMeters:
    """`acknowledged`: from when a message was due to its PUBACK; None when nothing is stamped."""

    traffic: Traffic
    acknowledged: Latency | None
