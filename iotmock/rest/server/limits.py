"""What a peer may take, in numbers."""

import resource

from attrs import frozen

_OTHER_FILES = 256
"""Open files that are no HTTP connections: MQTT's, the databases', the log."""


@frozen
class Limits:
    """Seconds, bytes and how many.

    A proxy keeps its connections for a minute and expects them to be there; so `idle_s` is more.
    """

    connections: int = 1_000
    idle_s: float = 75.0
    """Without a request, once one was answered."""
    when_full_s: float = 5.0
    """Instead of `idle_s` and `request_s`, while nobody else can be let in."""
    sweep_s: float = 1.0
    """How often idle connections are looked for."""
    request_s: float = 10.0
    """From a request's first byte, or the connection's begin, to the end of its headers."""
    write_s: float = 20.0
    """To take 64 KiB of what is said over a connection, or anything of an answer over HTTP/2."""
    farewell_s: float = 2.0
    farewell_bytes: int = 8 * 2**20
    """What is still read and thrown away after the last answer, so that the peer sees it."""
    half_closed_s: float = 1.0
    """To answer a peer that has said all it has to say, or is gone: one can not tell."""
    requests: int = 2_000
    """In work at a time, over all connections."""
    probes: frozenset[str] = frozenset({"/health", "/livez", "/metrics", "/readyz"})
    """What is answered whatever others hold, if its connection has nothing else in work."""
    streams: int = 100
    """In work at a time, over one HTTP/2 connection."""
    unread: int = 64 * 2**20
    """Bytes of bodies in memory, over all connections."""
    untaken: int = 64 * 2**20
    """Bytes of large answers in memory, over all connections."""
    grace_s: float = 1.0
    """At the end: our answers take milliseconds."""


def affordable(connections: int) -> int:
    """Return how many of so many connections the limit of open files leaves room for."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return connections
    return min(connections, max(files // 2, files - _OTHER_FILES))
