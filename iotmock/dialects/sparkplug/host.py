"""STATE: whether a host application is online (Sparkplug 3.0.0, 6.4.21)."""

import msgspec

from iotmock.wording.no_json import NO_JSON

_MOST = 1_000


class HostState(msgspec.Struct, frozen=True):
    """What a host application says of itself. `timestamp` in ms of Unix time."""

    online: bool
    timestamp: int = 0


_decode = msgspec.json.Decoder(HostState).decode


def host_said(payload: bytes) -> HostState | None:
    """Return what a STATE message says; None: it is none."""
    try:
        return _decode(payload) if len(payload) <= _MOST else None
    except NO_JSON:
        return None
