"""What is told: one thing that happened, as one line of JSON."""

from typing import Literal, get_args

import msgspec

EventKind = Literal["reading", "status", "command", "fault", "summary"]
KINDS: tuple[EventKind, ...] = get_args(EventKind)
KEPT: tuple[EventKind, ...] = ("reading", "status", "command", "fault")
"""Those that have a number and are kept for a while; a summary is out of date after a second."""


class Event(msgspec.Struct, frozen=True, gc=False):
    """The `number`th thing that happened in this life of the service; `data` is JSON."""

    number: int
    kind: EventKind
    device_id: str
    data: bytes
