"""From MQTT_CONNECTIONS to the actors that carry the fleet's messages."""

import resource
from collections.abc import Callable

from attrs import frozen

from iotmock.actors.links.backlog import Backlog
from iotmock.actors.links.connect_rate import ConnectRate
from iotmock.actors.links.device_connector import DeviceConnector
from iotmock.actors.links.device_links import DeviceLinks
from iotmock.actors.links.link import Link
from iotmock.actors.links.links import Links
from iotmock.actors.links.pool import Pool, PooledLinks
from iotmock.actors.outbox.carrier import Carrier
from iotmock.actors.outbox.publisher import Publisher
from iotmock.actors.ports.dialect import Dialect
from iotmock.actors.routers.command_router import CommandRouter
from iotmock.actors.routers.platform_mirror import PlatformMirror
from iotmock.mqtt.traffic import Traffic
from iotmock.settings.settings import Settings
from iotmock.wire import MqttWire, Stamping, make_lines, make_pool, make_wire

_OTHER_FILES = 256
"""Open files that are no connections of devices: REST's, the databases', the log."""
_NO_OWN = "the service's own connection (platform events, statuses of deleted devices) not open"


@frozen
class Wiring:
    """The carrier, which devices talk to, and what makes its links once there is a router.

    `rate` limits how fast these connect; `stamping` stamps their messages, `traffic` counts bytes.
    """

    carrier: Carrier
    links: Callable[[CommandRouter, PlatformMirror], Links]
    rate: ConnectRate
    stamping: Stamping | None
    traffic: Traffic


def wire_up(settings: Settings, dialect: Dialect, http_port: int, *, embedded: bool) -> Wiring:
    """Return the connections that the settings describe; none is opened yet.

    Raises:
        SettingsError: a certificate or a file of credentials can not be used.
    """
    match settings.mqtt_connections.model:
        case "shared":
            return _shared(
                settings, make_wire(settings, http_port, embedded=embedded, dialect=dialect)
            )
        case "pool":
            return _pool(
                settings, make_pool(settings, http_port, embedded=embedded, dialect=dialect)
            )
        case "per-device":
            return _per_device(settings, dialect, http_port, embedded=embedded)


def _shared(settings: Settings, wire: MqttWire) -> Wiring:
    publisher = Publisher(settings.mqtt_backlog, capacity_bytes=settings.mqtt_backlog_bytes)
    rate = ConnectRate(settings.mqtt_connect_rate)

    def links(router: CommandRouter, mirror: PlatformMirror) -> Links:
        return Link(wire, publisher, router, mirror, rate)

    return Wiring(publisher, links, rate, wire.stamping, wire.options.traffic)


def _pool(settings: Settings, wires: list[MqttWire]) -> Wiring:
    capacity = -(-settings.mqtt_backlog // len(wires))
    size = settings.mqtt_backlog_bytes // len(wires)
    numbers = range(1, len(wires) + 1)
    pool = Pool([Publisher(capacity, f"connection {number}", size) for number in numbers])
    rate = ConnectRate(settings.mqtt_connect_rate)

    def links(router: CommandRouter, mirror: PlatformMirror) -> Links:
        return PooledLinks(
            [
                Link(wire, pool.publishers[number], router, mirror, rate, pool.carries(number))
                for number, wire in enumerate(wires)
            ]
        )

    return Wiring(pool, links, rate, wires[0].stamping, wires[0].options.traffic)


def _per_device(settings: Settings, dialect: Dialect, http_port: int, *, embedded: bool) -> Wiring:
    lines = make_lines(settings, http_port, embedded=embedded, dialect=dialect)
    capacity, size = settings.mqtt_backlog, settings.mqtt_backlog_bytes
    service = Publisher(capacity, "the service's own connection", size)
    carrier = DeviceLinks(lines, Backlog(capacity, size), service)
    rate = ConnectRate(settings.mqtt_connect_rate)
    most = _raise_file_limit() - _OTHER_FILES

    def links(router: CommandRouter, mirror: PlatformMirror) -> Links:
        link = Link(lines.service, service, router, mirror, carries=lambda _: False, absent=_NO_OWN)
        return DeviceConnector(carrier, link, rate, most)

    return Wiring(carrier, links, rate, lines.stamping, lines.service.options.traffic)


def _raise_file_limit() -> int:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
