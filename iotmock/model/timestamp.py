"""Times as clients read them: UTC, RFC 3339, with `Z`."""

from datetime import UTC, datetime
from functools import lru_cache


def rfc3339(epoch_s: float, *, milliseconds: bool = False) -> str:
    """Return `epoch_s` (Unix seconds) as `2025-08-09T16:30:00Z`, or with milliseconds."""
    return _text(epoch_s, "milliseconds") if milliseconds else _text(int(epoch_s), "seconds")


# Cached, because all devices of a tick slice share one time.
@lru_cache(maxsize=256)
def _text(epoch_s: float, timespec: str) -> str:
    moment = datetime.fromtimestamp(epoch_s, UTC)
    return moment.isoformat(timespec=timespec).removesuffix("+00:00") + "Z"
