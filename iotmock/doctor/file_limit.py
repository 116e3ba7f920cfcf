"""Whether as many files may be open as there are connections."""

import resource
from collections.abc import Iterator

from attrs import frozen

from iotmock.doctor.finding import Finding, ok, problem, warning
from iotmock.settings import Settings

_CHECK = "open files"
_OTHER_FILES = 256
"""As the service reckons: the databases, the log, and who asks over HTTP."""
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
    # With a connection per device the service raises the limit by itself, as far as it may.
    most = limit.hard if settings.mqtt_connections.model == "per-device" else limit.soft
    needed = connections + _OTHER_FILES
    said = f"{_shown(most)} may be open"
    if needed > most:
        advice = (
            f"ulimit -n {needed}, LimitNOFILE={needed} with systemd, or MQTT_CONNECTIONS=pool:N"
        )
        yield problem(_CHECK, f"{said}, and {connections:,} connections need {needed:,}", advice)
    elif needed + settings.http_max_connections > most:
        wanted = needed + settings.http_max_connections
        text = f"{said}: fewer than HTTP_MAX_CONNECTIONS={settings.http_max_connections} fit"
        yield warning(_CHECK, text, f"ulimit -n {wanted}, or set HTTP_MAX_CONNECTIONS lower")
    else:
        yield ok(_CHECK, f"{said}, {connections:,} for connections to the broker")
    yield from _ports(settings, connections)


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
        text = f"{connections:,} connections do not fit the ports of {addresses} source address(es)"
        yield warning(
            "source ports", text, "set MQTT_BIND_ADDRESSES to more of them: docs/connections.md"
        )


def _shown(limit: int) -> str:
    return "any number" if limit >= 1 << 62 else f"{limit:,}"
