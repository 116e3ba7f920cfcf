"""Whether the service can listen where it is told to."""

import errno
import socket
from collections.abc import Iterator

from iotmock.doctor.finding import Finding, ok, problem, warning
from iotmock.doctor.machine.holder import holder_of
from iotmock.doctor.machine.neighbour import Neighbour
from iotmock.mqtt.transport.address import place_of
from iotmock.settings.settings import Settings

_CHECK = "http port"


def http_port(settings: Settings, neighbour: Neighbour | None) -> Iterator[Finding]:
    """Yield whether HTTP can listen; a service that runs there already is well, if it is."""
    place = place_of(settings.host, settings.port)
    if neighbour is not None:
        yield _of_neighbour(place, neighbour)
        return
    error = _bind(settings.host, settings.port)
    if error is None:
        yield ok(_CHECK, f"{place} is free")
    else:
        yield problem(_CHECK, *_why(settings, place, error))


def embedded_port(settings: Settings, neighbour: Neighbour | None) -> Iterator[Finding]:
    """Yield whether the embedded broker can listen, where it is to be started in any case."""
    if settings.mqtt_embedded_broker != "on" or neighbour is not None:
        return
    host, port = settings.mqtt_embedded_host, settings.mqtt_broker_port
    place, check = place_of(host, port), "embedded broker"
    error = _bind(host, port)
    if error is None:
        yield ok(check, f"{place} is free for it")
    elif error.errno == errno.EADDRINUSE:
        text = f"{place} is taken by {holder_of(port)}"
        yield problem(check, text, "end that, or set MQTT_EMBEDDED_BROKER=auto to use it as it is")
    else:
        text = f"{place} can not be used: {error.strerror}"
        yield problem(check, text, "set MQTT_EMBEDDED_HOST and MQTT_BROKER_PORT")


def _of_neighbour(place: str, one: Neighbour) -> Finding:
    said = f"iotmock {one.version} serves at {place}, {one.devices:,} devices, {one.status}"
    if one.problems:
        return warning(_CHECK, said, "; ".join(one.problems))
    return ok(_CHECK, said)


def _bind(host: str, port: int) -> OSError | None:
    """Bind as the service does, and let go again."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        with socket.socket(found[0][0], socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(found[0][4])
            probe.listen(1)
    except UnicodeError as error:
        return socket.gaierror(socket.EAI_NONAME, str(error))
    except OSError as error:
        return error
    return None


def _why(settings: Settings, place: str, error: OSError) -> tuple[str, str]:
    match error.errno:
        case errno.EADDRINUSE:
            holder = holder_of(settings.port)
            return f"{place} is taken by {holder}", "end that, or set PORT to another one"
        case errno.EACCES:
            return f"{place} needs the rights of an administrator", "set PORT to 1024 or more"
        case errno.EADDRNOTAVAIL:
            return f"{settings.host} is no address of this machine", "set HOST=0.0.0.0 for all"
        case _:
            return f"{place} can not be used: {error.strerror}", "set HOST and PORT"
