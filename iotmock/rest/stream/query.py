"""What a client asks of the stream."""

from typing import Annotated, cast

import msgspec
from msgspec import UNSET, Meta, UnsetType

from iotmock.actors.stream.event import KINDS, EventKind
from iotmock.actors.stream.wanted import DEFAULT_KINDS, Wanted
from iotmock.actors.summary.history import Window
from iotmock.model.quantities import ID_WORDS
from iotmock.rest.requests import AtLocation, OfType
from iotmock.wording.patterns import whole

_MOST_IDS = 1_000
LONGEST_ID = 64
_ID = r"[A-Za-z0-9_.-]{1,64}"
_KIND = "|".join(KINDS)

Kinds = Annotated[
    str,
    Meta(
        pattern=whole(f"({_KIND})(,({_KIND}))*"),
        description="which kinds of events, again or with commas between; all but reading without",
        extra={"words": f"some of {', '.join(KINDS)}, with commas between"},
    ),
]
DeviceIds = Annotated[
    str,
    Meta(
        pattern=whole(f"{_ID}(,{_ID}){{0,{_MOST_IDS - 1}}}"),
        description="only of these devices, again or with commas between; a thousand at most",
        extra={"words": f"ids, each {ID_WORDS['words']}, with commas between"},
    ),
]


class StreamQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which events to send: those that meet all that is given."""

    kind: Kinds | UnsetType = UNSET
    device_id: DeviceIds | UnsetType = UNSET
    location: AtLocation | UnsetType = UNSET
    device_type: OfType | UnsetType = UNSET
    last_event_id: (
        Annotated[str, Meta(max_length=LONGEST_ID, description="go on after it, as Last-Event-ID")]
        | UnsetType
    ) = UNSET

    def wanted(self) -> Wanted:
        """Return what the client wants to hear of."""
        kinds, ids = self.kind, self.device_id
        return Wanted(
            DEFAULT_KINDS
            if kinds is UNSET
            else frozenset(cast("list[EventKind]", kinds.split(","))),
            None if ids is UNSET else frozenset(ids.split(",")),
            self.location or None,
            self.device_type or None,
        )


class HistoryQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far back."""

    window: Annotated[Window, Meta(description="15m in steps of 5 s, 24h in steps of 60 s")] = "15m"


class MessagesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many messages."""

    limit: Annotated[int, Meta(ge=1, le=100, description="how many at most, the newest")] = 20
