"""What is counted where HTTP is served."""

from attrs import define


@define(eq=False)
class HttpCounts:
    """Connections and requests since the start; `open` and `in_work` are those of now."""

    accepted: int = 0
    open: int = 0
    failed: int = 0
    """Connections that an error ended: the peer's, or one of ours."""
    idle: int = 0
    """Connections that were closed because nothing was asked over them."""
    requests: int = 0
    in_work: int = 0
    refused: int = 0
    """Requests that were answered 503 because too much was asked at a time."""
    unread: int = 0
    """Bytes of bodies that have come and are not answered yet."""
    untaken: int = 0
    """Bytes of large answers that their readers have not taken yet."""
