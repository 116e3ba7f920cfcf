"""A command with one parameter or none, as an entity of Home Assistant.

By what the parameter is, so that the commands of other families have theirs, too.
Source: Home Assistant 2025.1, components/mqtt/number.py, switch.py, select.py, button.py.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from iotmock.dialects.homeassistant.orders import COMMANDS, SETTINGS, VALUE, order, setting
from iotmock.dialects.homeassistant.sensors import Component
from iotmock.model.commands import Command

_CONFIGURES = frozenset({"base_power", "base_voltage", "interval"})
_SETTING_OF = {"voltage": "base_voltage"}
"""What a setting is called, where that is not how its command is."""
_STEPS = {"kW": 0.001, "s": 0.1}
_MOST = 1e6


@cache
def control_of(command: type[Command]) -> tuple[str, Component] | None:
    """Return key and entity of a command; None where more than one value is given."""
    name = command.name
    key = name.removeprefix("set_")
    key = _SETTING_OF.get(key, key)
    match list(_parameters(command).items()):
        case []:
            return key, _button(name)
        case [(parameter, {"type": "number"} as said)]:
            return key, _number(key, order(name, **{parameter: VALUE}), said)
        case [(parameter, {"type": "boolean"})]:
            on, off = (order(name, **{parameter: value}) for value in ("true", "false"))
            return key, switch(key, on, off)
        case [(parameter, {"enum": [str(), *_] as options})]:
            return key, select(title_of(key), options, order(name, **{parameter: f'"{VALUE}"'}))
    return None


def _parameters(command: type[Command]) -> Mapping[str, dict[str, Any]]:
    schema = msgspec.json.schema(command)["$defs"][command.__name__]
    return {name: schema["properties"][name] for name in command.given()}


def title_of(key: str) -> str:
    """Return what an entity is called."""
    return key.replace("_", " ").capitalize()


def switch(key: str, on: str, off: str) -> Component:
    """Return a switch that stands as the setting of this name."""
    return {
        "platform": "switch",
        "name": title_of(key),
        "command_topic": COMMANDS,
        "payload_on": on,
        "payload_off": off,
        "state_on": "True",
        "state_off": "False",
        "state_topic": SETTINGS,
        "value_template": setting(key),
    }


def select(title: str, options: list[str], template: str) -> Component:
    """Return a choice. What was chosen last is all that is known of it."""
    return {
        "platform": "select",
        "name": title,
        "options": options,
        "command_topic": COMMANDS,
        "command_template": template,
    }


def _number(key: str, template: str, said: Mapping[str, Any]) -> Component:
    unit = str(said.get("description", "")).rpartition(", ")[2]
    found: Component = {
        "platform": "number",
        "name": title_of(key),
        "min": said.get("minimum", 0.0),
        "max": said.get("maximum", _MOST),
        "step": _STEPS.get(unit, 1),
        "mode": "slider" if unit == "%" else "box",
        "command_topic": COMMANDS,
        "command_template": template,
        "state_topic": SETTINGS,
        "value_template": setting(key),
    }
    if unit:
        found["unit_of_measurement"] = unit
    if key in _CONFIGURES:
        found["entity_category"] = "config"
    return found


def _button(name: str) -> Component:
    return {
        "platform": "button",
        "name": title_of(name),
        "command_topic": COMMANDS,
        "payload_press": order(name),
        "entity_category": "config",
    }
