"""From DIALECT to the words of the fleet: native, a template, what a distribution brings."""

from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from zoneinfo import ZoneInfo

import iotmock.dialects
from iotmock.actors.ports.dialect import Dialect, Node
from iotmock.actors.ports.pool import number_in_pool
from iotmock.dialects.homeassistant import dialect as homeassistant
from iotmock.dialects.homeassistant.discovery import Discovery, Style
from iotmock.dialects.homeassistant.topics import Topics
from iotmock.dialects.native.dialect import Native
from iotmock.dialects.several.dialect import Several
from iotmock.dialects.sparkplug.dialect import Sparkplug
from iotmock.dialects.sparkplug.entries import Entries
from iotmock.dialects.sparkplug.topics import EdgeNodes
from iotmock.dialects.tasmota import dialect as tasmota
from iotmock.dialects.template.dialect import Template
from iotmock.dialects.template.errors import TemplateError
from iotmock.dialects.template.file import MOST_BYTES, read_template
from iotmock.dialects.thingsboard import dialect as thingsboard
from iotmock.files.text_file import TextFileError, read_text
from iotmock.model.measures.full_meters import FullMeters
from iotmock.service.ground.beside import check_beside
from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import read_settings
from iotmock.settings.settings import Settings
from iotmock.wording.quoted import quoted

TEMPLATES = Path(iotmock.dialects.__file__).parent / "templates"
GROUP = "iotmock.dialects"
"""Entry points of distributions that bring a dialect: each makes one when it is called."""
NATIVE = Native()
SPARKPLUG = "sparkplug"
_PARTS = ("name", "qos", "entry", "voice", "gone", "hear")


def shipped() -> dict[str, Path]:
    """Return the templates that come along, by name."""
    return {path.stem: path for path in sorted(TEMPLATES.glob("*.toml"))}


def chosen_dialect(settings: Settings) -> Dialect:
    """Return the dialect that the settings ask for.

    Raises:
        SettingsError: there is none of this name, its file is not in order, or another setting
            does not go with it.
    """
    try:
        return dialect_named(settings.dialect, settings)
    except TemplateError as error:
        raise SettingsError(
            f"DIALECT={quoted(settings.dialect)} is not allowed: {error}"
        ) from error


def dialect_named(name: str, settings: Settings) -> Dialect:
    """Return a dialect by its name, as the settings have it.

    Raises:
        TemplateError: there is none of this name, or its file is not in order.
        SettingsError: another setting does not go with it.
    """
    found = _found(name, settings)
    if isinstance(found, Template):
        check_beside(found, settings)
    return found


def unchecked_dialect(name: str) -> Dialect:
    """Return a dialect by its name, as it is where every setting goes with it.

    Raises:
        TemplateError, SettingsError: as `dialect_named`.
    """
    return _found(name, read_settings({}, None))


def _found(name: str, settings: Settings) -> Dialect:
    if (make := BUILT_IN.get(name)) is not None:
        return make(settings)
    if (found := _registered().get(name)) is not None:
        return _loaded(found)
    return read_named(name, settings.site_timezone)


def words_of(settings: Settings) -> Several:
    """Return the dialect of a service, whose fleets may have others.

    Raises:
        SettingsError: see `chosen_dialect`.
    """
    return Several(chosen_dialect(settings), partial(_of_fleet, settings))


def _of_fleet(settings: Settings, name: str) -> Dialect:
    """Return what a fleet asks for.

    Raises:
        TemplateError: there is none of this name, or it can not stand beside others.
    """
    if name not in {*BUILT_IN, *shipped(), *_registered()}:
        known = ", ".join([*BUILT_IN, *shipped(), *_registered()])
        raise TemplateError(f"there are {known}; a file is for DIALECT alone")
    try:
        _refuse_if_alone(settings, name)
        dialect = dialect_named(name, settings)
        _refuse_another_qos(settings, dialect)
        return dialect
    except SettingsError as error:
        raise TemplateError(str(error)) from error


def _refuse_if_alone(settings: Settings, name: str) -> None:
    for one in (settings.dialect, name):
        if settings.mqtt_connections.model != "per-device" and _is_alone(one, settings):
            raise TemplateError(
                f"{one} has connections for itself, where no other words are: use "
                "MQTT_CONNECTIONS=per-device, or a service for each"
            )


def _refuse_another_qos(settings: Settings, dialect: Dialect) -> None:
    usual = dialect_named(settings.dialect, settings).qos
    used = settings.mqtt_qos if usual is None else usual
    seals = dialect.qos is not None and dialect.entry(Node("any")).seal is not None
    if dialect.qos not in {None, used} and not seals:  # what is sealed gets its QoS there
        raise TemplateError(
            f"{dialect.name} has data at QoS {dialect.qos}, this service at {used}: set "
            f"MQTT_QOS={dialect.qos}, or use a service for each"
        )


def _is_alone(name: str, settings: Settings) -> bool:
    entry = dialect_named(name, settings).entry(Node("any"))
    return entry.seal is not None or entry.waits or entry.alone or not entry.resumes


def _native(settings: Settings) -> Native:
    return Native(says_settings=settings.mqtt_settings_topic, full=FullMeters(settings.reading))


def _homeassistant(settings: Settings) -> homeassistant.HomeAssistant:
    style: Style = "device" if settings.ha_discovery == "device" else "component"
    discovery = Discovery(Topics(settings.ha_discovery_prefix), style)
    return homeassistant.HomeAssistant(discovery, settings.ha_discovery_limit)


def _sparkplug(settings: Settings) -> Sparkplug:
    if settings.mqtt_settings_topic:
        raise SettingsError(
            "MQTT_SETTINGS_TOPIC=on is not allowed with DIALECT=sparkplug, which says settings "
            "beside the readings"
        )
    if settings.mqtt_stamp == "json":
        raise SettingsError(
            "MQTT_STAMP=json is not allowed with DIALECT=sparkplug, whose data is no JSON: use "
            "MQTT_STAMP=properties"
        )
    connections = settings.mqtt_connections
    in_pool, per_device = connections.model == "pool", connections.model == "per-device"
    place = partial(number_in_pool, connections=connections.count) if in_pool else None
    nodes = EdgeNodes(settings.sparkplug_group, settings.sparkplug_node, place, per_device)
    return Sparkplug(nodes, Entries(settings.sparkplug_primary_host or ""))


def _tasmota(settings: Settings) -> tasmota.Tasmota:
    if settings.mqtt_settings_topic:
        raise SettingsError(
            "MQTT_SETTINGS_TOPIC=on is not allowed with DIALECT=tasmota, whose STATE says how a "
            "device is set"
        )
    return tasmota.Tasmota(ZoneInfo(settings.site_timezone))


def _thingsboard(settings: Settings) -> thingsboard.Gateway:
    if settings.mqtt_connections.model == "per-device":
        raise SettingsError(
            "MQTT_CONNECTIONS=per-device is not allowed with DIALECT=thingsboard-gateway, where "
            "connections speak for many devices: use shared, pool:N, or DIALECT=thingsboard"
        )
    if settings.mqtt_settings_topic or settings.mqtt_stamp == "json" or settings.mqtt_qos == 2:
        raise SettingsError(
            "DIALECT=thingsboard-gateway does not go with MQTT_SETTINGS_TOPIC=on (attributes say "
            "how a device is set), MQTT_STAMP=json (use properties), MQTT_QOS=2 (use 1)"
        )
    return thingsboard.Gateway()


BUILT_IN: Mapping[str, Callable[[Settings], Dialect]] = {
    NATIVE.name: _native,
    homeassistant.NAME: _homeassistant,
    SPARKPLUG: _sparkplug,
    tasmota.NAME: _tasmota,
    thingsboard.NAME: _thingsboard,
}


def read_named(name: str, timezone: str = "UTC") -> Template:
    """Return a template that comes along, or that of a file.

    Raises:
        TemplateError: there is none, or it is not in order.
    """
    path = shipped().get(name) or Path(name)
    if path.suffix != ".toml":
        known = ", ".join([*BUILT_IN, *shipped(), *_registered()])
        raise TemplateError(f"there are {known}, or a file whose name ends in .toml")
    try:
        source = read_text(path, MOST_BYTES)
    except TextFileError as error:
        raise TemplateError(str(error)) from error
    return read_template(name, source, ZoneInfo(timezone))


def _registered() -> dict[str, EntryPoint]:
    return {found.name: found for found in sorted(entry_points(group=GROUP))}


def _loaded(entry_point: EntryPoint) -> Dialect:
    where = f"DIALECT={entry_point.name}: entry point {entry_point.value}"
    try:
        made: Dialect = entry_point.load()()
    except (ImportError, AttributeError, TypeError) as error:
        raise SettingsError(f"{where} can not be used: {error}") from error
    missing = [name for name in _PARTS if not hasattr(made, name)]
    if missing:
        raise SettingsError(f"{where} makes no dialect: it has no {', '.join(missing)}")
    return made
