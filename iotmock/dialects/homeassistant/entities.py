"""All entities of a device: what it says, and what can be asked of it."""

from collections.abc import Iterator

from iotmock.dialects.homeassistant.families import controls
from iotmock.dialects.homeassistant.orders import COMMANDS, SETTINGS
from iotmock.dialects.homeassistant.sensors import Component, sensors
from iotmock.dialects.native import topics
from iotmock.model.device import Device


def entities(device: Device) -> Iterator[tuple[str, Component]]:
    """Yield keys and entities; the keys of a device are all different, and stay as they are."""
    device_id = device.spec.device_id
    yield from sensors(device_id)
    commands, settings = topics.commands_topic(device_id), topics.settings_topic(device_id)
    named = {COMMANDS: commands, SETTINGS: settings}
    for key, control in controls(device.kind.commands):
        yield key, {name: _named(value, named) for name, value in control.items()}


def _named(value: object, named: dict[str, str]) -> object:
    return named.get(value, value) if isinstance(value, str) else value
