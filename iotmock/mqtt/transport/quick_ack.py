"""TCP acknowledgements without delay."""

import socket
from contextlib import suppress

_OPTION: int | None = getattr(socket, "TCP_QUICKACK", None)
"""Of Linux (tcp(7))."""


def acknowledge_at_once(connection: socket.socket) -> None:
    """Have what has just been read acknowledged now; to be called after each read.

    A broker without TCP_NODELAY, as mosquitto is by default, sends one PUBACK and keeps the others
    back until that one is acknowledged (RFC 896), which a kernel delays by 40 ms: a window of 20
    would carry 500 messages a second. The kernel forgets the option again and again.
    """
    if _OPTION is not None:
        with suppress(OSError):  # closed just now, which the next read says
            connection.setsockopt(socket.IPPROTO_TCP, _OPTION, 1)
