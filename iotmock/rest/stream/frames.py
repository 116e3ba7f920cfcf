"""Server-sent events as text (WHATWG HTML, 9.2.5)."""

import msgspec

from iotmock.actors.stream.event import Event
from iotmock.actors.stream.listener import Loss

RETRY = b"retry: 2000\n\n"
"""After how many ms a browser comes back."""
HEARTBEAT = b": still here\n\n"
FULL = b": too many listen\n\n"


def event_frame(event: Event, life: str) -> bytes:
    """Return an event."""
    return _frame(event.kind, f"{life}-{event.number}", one_line(event.data))


def summary_frame(data: bytes, last_id: str) -> bytes:
    """Return a summary; its id is that of the last event before it."""
    return _frame("summary", last_id, data)


def loss_frame(loss: Loss) -> bytes:
    """Return what a listener has missed."""
    return _frame("dropped", loss.since, msgspec.json.encode(loss))


def _frame(kind: str, id_: str, data: bytes) -> bytes:
    # A client that comes back names the last id. One that it gave us may be no id of ours.
    safe = "".join(c for c in id_ if c.isprintable())
    return b"event: %b\nid: %b\ndata: %b\n\n" % (kind.encode(), safe.encode(), data)


def one_line(data: bytes) -> bytes:
    """Return data as one line of JSON: what a fault has made of a message may be neither."""
    try:
        msgspec.json.decode(data)
        if b"\n" not in data and b"\r" not in data:
            return data
    except (msgspec.DecodeError, ValueError):
        pass
    return msgspec.json.encode(data.decode(errors="replace"))
