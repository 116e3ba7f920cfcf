"""What the commands of a type are together: a light, a thermostat, a line, and a choice of faults.

Source: Home Assistant 2025.1, components/mqtt/light/schema_basic.py, climate.py.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from iotmock.dialects.homeassistant.controls import control_of, select, switch
from iotmock.dialects.homeassistant.orders import (
    COMMANDS,
    SETTINGS,
    VALUE,
    order,
    setting,
)
from iotmock.dialects.homeassistant.sensors import Component
from iotmock.model.commands import ClearFault, Command, InjectFault, SetBasePower, SetPower
from iotmock.model.faults.request import InvalidFaultError, parse_fault
from iotmock.model.faults.types import FAULT_TYPES

Controls = Iterator[tuple[str, Component]]

_ON, _OFF = (order("set_enabled", enabled=value) for value in ("true", "false"))
_NONE = "none"
_TOGETHER = frozenset({SetPower.name, InjectFault.name, ClearFault.name})
"""Without an entity of their own: an older name of another, and what a choice of faults gives."""
assert SetBasePower.name not in _TOGETHER  # noqa: S101


def controls(commands: Mapping[str, type[Command]]) -> Controls:
    """Yield keys and entities for the commands of a type."""
    left = {name: one for name, one in commands.items() if name not in _TOGETHER}
    if left.pop("set_brightness", None):
        yield "light", _LIGHT
    if left.pop("set_setpoint", None):
        yield "climate", _CLIMATE
    for name in [name for name in left if f"stop_{name.removeprefix('start_')}" in left]:
        key = name.removeprefix("start_")
        if name.startswith("start_"):
            stop = f"stop_{key}"
            del left[name], left[stop]
            yield key, switch(key, order(name), order(stop))
    yield from filter(None, map(control_of, left.values()))
    yield "fault", _faults()


_LIGHT: Component = {
    "platform": "light",
    "name": "Light",
    "command_topic": COMMANDS,
    "payload_on": _ON,
    "payload_off": _OFF,
    "state_topic": SETTINGS,
    "state_value_template": f"{{{{ '{_ON}' if value_json.enabled else '{_OFF}' }}}}",
    "brightness_command_topic": COMMANDS,
    "brightness_command_template": order("set_brightness", percent=VALUE),
    "brightness_scale": 100,
    "brightness_state_topic": SETTINGS,
    "brightness_value_template": "{{ (100 * value_json.brightness) | round | int }}",
}
_CLIMATE: Component = {
    "platform": "climate",
    "name": "Thermostat",
    "modes": ["off", "auto"],
    "mode_command_topic": COMMANDS,
    "mode_command_template": order(
        "set_enabled", enabled="{{ 'false' if value == 'off' else 'true' }}"
    ),
    "mode_state_topic": SETTINGS,
    "mode_state_template": "{{ 'auto' if value_json.enabled else 'off' }}",
    "temperature_command_topic": COMMANDS,
    "temperature_command_template": order("set_setpoint", temperature=VALUE),
    "temperature_state_topic": SETTINGS,
    "temperature_state_template": setting("setpoint"),
    "temperature_unit": "C",
    "min_temp": 5,
    "max_temp": 35,
    "temp_step": 0.5,
}


@cache
def _faults() -> Component:
    clear = order(ClearFault.name)
    inject = order(InjectFault.name, fault=f'"{VALUE}"')
    template = f"{{% if value == '{_NONE}' %}}{clear}{{% else %}}{inject}{{% endif %}}"
    options = [_NONE, *filter(_needs_nothing, sorted(FAULT_TYPES))]
    return select("Fault", options, template) | {"entity_category": "config"}


def _needs_nothing(fault: str) -> bool:
    try:
        parse_fault(fault, {})
    except InvalidFaultError:
        return False
    return True
