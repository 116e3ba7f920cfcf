"""Where the readings of a fleet are to be heard, in the dialect that it speaks."""

from collections.abc import Iterator

from attrs import frozen

from iotmock.dialects.homeassistant import dialect as homeassistant
from iotmock.dialects.sparkplug.topics import NAMESPACE
from iotmock.dialects.tasmota import dialect as tasmota
from iotmock.dialects.template.dialect import Template
from iotmock.dialects.template.errors import TemplateError
from iotmock.dialects.thingsboard import dialect as thingsboard
from iotmock.service.ground.words import BUILT_IN, NATIVE, SPARKPLUG, read_named
from iotmock.settings.reading import read_settings
from iotmock.soak.run.error import SoakError

_DEVICE = (True, "device_id")


@frozen
class Place:
    """What to subscribe to, and which level of a topic there is the device's id."""

    topic_filter: str = "energy/devices/+/data"
    device_level: int = -2


def where_readings_go(dialect: str) -> Place:
    """Return where a receiver listens.

    Raises:
        SoakError: there is no such dialect, or its readings can not be accounted for.
    """
    if dialect in {NATIVE.name, homeassistant.NAME}:
        return Place()
    if dialect == thingsboard.NAME:
        raise SoakError(
            f"dialect {dialect}: its topics do not say whose a message is, so nothing can be "
            "accounted for"
        )
    if dialect == tasmota.NAME:
        return Place("tele/+/SENSOR")
    if dialect == SPARKPLUG:
        return Place(f"{NAMESPACE}/+/DDATA/+/+", -1)
    try:
        return _of(read_named(dialect))
    except TemplateError as error:
        raise SoakError(f"dialect {dialect} is not allowed: {error}") from error


def left_behind(dialect: str, device_id: str) -> Iterator[str]:
    """Yield the topics that a device has left behind that nobody has deleted."""
    make = BUILT_IN.get(dialect, BUILT_IN[NATIVE.name])
    for message in make(read_settings({}, None)).gone(device_id, None):
        yield message.topic


def _of(template: Template) -> Place:
    levels = _levels(template)
    if len(template.data) != 1 or levels.count("{}") != 1:
        raise SoakError(
            f"dialect {template.name}: what is sent can be accounted for where a reading is one "
            "message, and {device_id} a level of its topic"
        )
    return Place(template.data[0].topic.filter({}), _place(levels))


def _levels(template: Template) -> list[str]:
    parts = template.data[0].topic.parts
    text = "".join("{}" if part == _DEVICE else "{?}" if part[0] else part[1] for part in parts)
    return text.split("/")


def _place(levels: list[str]) -> int:
    """Return the device's level, from the end where a name before it may have several levels."""
    at = levels.index("{}")
    return at if not any("{?}" in level for level in levels[:at]) else at - len(levels)
