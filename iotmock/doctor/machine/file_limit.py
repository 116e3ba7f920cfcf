"""Whether as many files may be open as there are connections."""

import resource
from collections.abc import Iterator

from attrs import frozen

from iotmock.doctor.finding import Finding, ok, problem, warning
from iotmock.settings.settings import Settings

_CHECK = "open files"
_OTHER_FILES = 256
"""What the service leaves to others than devices: the databases, the log, some HTTP."""
_OWN_FILES = 32
"""What it has open itself."""
_OF_ONE_ADDRESS = 28_000
"""Connections to one broker from one source address: Linux's usual range of ports."""


@frozen
class FileLimit:
    """How many files a process may have open: without asking, and at most."""

    soft: int
    hard: int

    @classmethod
    def here(cls) -> "FileLimit":
        """Return the limit of this process."""
        return cls(*map(_number, resource.getrlimit(resource.RLIMIT_NOFILE)))


def _number(limit: int) -> int:
    return 1 << 62 if limit == resource.RLIM_INFINITY else limit


def open_files(settings: Settings, limit: FileLimit, devices: int) -> Iterator[Finding]:
    """Yield whether the limit is enough for so many devices, connected as the settings say."""
    connections = _connections(settings, devices)
    per_device = settings.mqtt_connections.model == "per-device"
    # With a connection per device the service raises the limit by itself, as far as it may.
    most = limit.hard if per_device else limit.soft
    needed = connections + (_OTHER_FILES if per_device else _OWN_FILES)
    yield _enough(settings, most, needed)
    yield from _ports(settings, connections)


def _enough(settings: Settings, most: int, needed: int) -> Finding:
    said = f"{_shown(most)} may be open, the service needs {needed:,}"
    if needed > most:
        how = f"ulimit -n {needed}, or with systemd LimitNOFILE={needed}"
        return problem(_CHECK, said, f"{how}; or fewer connections: MQTT_CONNECTIONS=pool:N")
    wanted, http = needed + settings.http_max_connections, settings.http_max_connections
    if wanted > most:
        text = f"{said}: not all of HTTP_MAX_CONNECTIONS={http} fit beside that"
        return warning(_CHECK, text, f"ulimit -n {wanted}, or set HTTP_MAX_CONNECTIONS lower")
    return ok(_CHECK, f"{said} and {http:,} for who asks over HTTP")


def _connections(settings: Settings, devices: int) -> int:
    match settings.mqtt_connections.model:
        case "per-device":
            return devices + 1
        case "pool":
            return settings.mqtt_connections.count
        case "shared":
            return 1


def _ports(settings: Settings, connections: int) -> Iterator[Finding]:
    addresses = max(1, len(settings.mqtt_bind_addresses))
    if connections > _OF_ONE_ADDRESS * addresses:
        sources = "one source address" if addresses == 1 else f"{addresses} source addresses"
        text = f"{connections:,} connections do not fit the ports of {sources}"
        yield warning(
            "source ports",
            text,
            "set MQTT_BIND_ADDRESSES to more of them: docs/how-to/connections.md",
        )


def _shown(limit: int) -> str:
    return "any number" if limit >= 1 << 62 else f"{limit:,}"
