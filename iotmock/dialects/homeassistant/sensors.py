"""What a device measures and is, as entities of Home Assistant.

Source: Home Assistant 2025.1, components/mqtt/sensor.py, components/sensor/const.py.
"""

from collections.abc import Iterator
from typing import Any

from iotmock.dialects.native import topics

Component = dict[str, Any]
"""An entity as discovery describes it; its `platform` is what kind of entity it is."""

_MEASURED = (
    ("power", "Power", "kW", "measurement"),
    ("voltage", "Voltage", "V", "measurement"),
    ("current", "Current", "A", "measurement"),
    ("energy", "Energy", "kWh", "total_increasing"),
)
"""Field of a reading, which is its device class too; name, unit, state class."""
ALWAYS_AVAILABLE = frozenset({"status", "online"})
"""What says that a device is away, and what brings it back."""


def sensors(device_id: str) -> Iterator[tuple[str, Component]]:
    """Yield keys and entities of what a device says by itself."""
    for name, title, unit, state_class in _MEASURED:
        yield name, _measured(device_id, name, title, unit, state_class)
    yield (
        "status",
        {
            "platform": "sensor",
            "name": "Status",
            "device_class": "enum",
            "options": ["online", "offline", "error"],
            "entity_category": "diagnostic",
            "state_topic": topics.status_topic(device_id),
            "value_template": "{{ value_json.status }}",
        },
    )


def _measured(device_id: str, name: str, title: str, unit: str, state_class: str) -> Component:
    return {
        "platform": "sensor",
        "name": title,
        "device_class": name,
        "state_class": state_class,
        "unit_of_measurement": unit,
        "state_topic": topics.data_topic(device_id),
        "value_template": f"{{{{ value_json.{name} }}}}",
    }
