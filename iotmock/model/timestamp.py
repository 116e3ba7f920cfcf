"""Times as clients read them: UTC, RFC 3339, with `Z`."""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=256)
def rfc3339(epoch_s: float, *, milliseconds: bool = False) -> str:
    """Return `epoch_s` (Unix seconds) as `2025-08-09T16:30:00Z`, or with milliseconds.

    Cached, because all devices of a tick slice share one time.
    """
    moment = datetime.fromtimestamp(epoch_s, UTC)
    text = moment.isoformat(timespec="milliseconds" if milliseconds else "seconds")
    return text.removesuffix("+00:00") + "Z"
