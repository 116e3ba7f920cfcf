"""The socket that HTTP listens at, or one sentence on why it can not be had."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from iotmock.mqtt.transport.address import place_of
from iotmock.settings.errors import SettingsError
from iotmock.settings.settings import Settings
from iotmock.wording.quoted import quoted

_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - what a service listens at
_NO_ADDRESS = (
    "is no address of this machine: set HOST=0.0.0.0 for all that it has, or 127.0.0.1 for itself "
    "alone"
)


def url_of(host: str, port: int) -> str:
    """Return the URL for a browser on this machine."""
    return f"http://{place_of('localhost' if host in _EVERYWHERE else host, port)}"


@contextmanager
def listening_socket(settings: Settings) -> Iterator[socket.socket]:
    """Give a socket bound to HOST and PORT during the block.

    Raises:
        SettingsError: the port is taken, or the host is none of this machine's.
    """
    # Bound before anything else starts, so that a taken port stops the start and nothing more.
    host, port = settings.host, settings.port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        listener = socket.socket(found[0][0], socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(found[0][4])
    except UnicodeError as error:  # of the codec of host names, IDNA
        raise SettingsError(f"HOST={quoted(host)} {_NO_ADDRESS}") from error
    except OSError as error:
        raise SettingsError(_why_not(host, port, error)) from error
    with listener:
        yield listener


def _why_not(host: str, port: int, error: OSError) -> str:
    shown = quoted(host)
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"HOST={shown} {_NO_ADDRESS}"
    if error.errno == errno.EADDRINUSE:
        return f"PORT={port} of HOST={shown} is taken: end what has it, or set PORT to another one"
    if error.errno == errno.EACCES:
        return f"PORT={port} needs the rights of an administrator: set PORT to 1024 or more"
    return f"HOST={shown} PORT={port} can not be used: {error.strerror}"
