"""Observers: what one fails at is its own affair, and not that of whom it looks at."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger()


@contextmanager
def apart(what: str, device_id: str) -> Iterator[None]:
    """Log what goes wrong when `what` is told of a device, and let the device go on."""
    try:
        yield
    except Exception:
        log.exception("a device goes on, but was not observed", device=device_id, by=what)
