"""What a device is made from, and what of it outlives the process."""

import re

from attrs import Factory, field, frozen
from attrs.validators import and_, ge, le, matches_re, max_len, min_len, optional

Setting = bool | float | str
"""One remembered effect of a command, for instance a setpoint in °C."""

ID_PATTERN = r"[A-Za-z0-9_.-]{1,64}"
NAME_LENGTH = 100
LOCATION_LENGTH = 200
POWER_KW = (0.001, 10_000.0)
VOLTAGE_V = (100.0, 1_000.0)
INTERVAL_S = (0.1, 86_400.0)


def is_device_id(text: str) -> bool:
    """Say whether `text` may name a device (contract.md, section 3)."""
    return re.fullmatch(ID_PATTERN, text) is not None


@frozen
class DeviceSpec:
    """A device as its owner describes it. Powers are in kW, voltages in V, intervals in s.

    Raises:
        ValueError: a field is outside the limits of the contract.
    """

    device_id: str = field(validator=matches_re(ID_PATTERN))
    device_type: str
    name: str = field(validator=and_(min_len(1), max_len(NAME_LENGTH)))
    base_power: float = field(validator=and_(ge(POWER_KW[0]), le(POWER_KW[1])))
    base_voltage: float = field(validator=and_(ge(VOLTAGE_V[0]), le(VOLTAGE_V[1])))
    location: str = field(default="", validator=max_len(LOCATION_LENGTH))
    interval: float | None = field(
        default=None, validator=optional(and_(ge(INTERVAL_S[0]), le(INTERVAL_S[1])))
    )


@frozen
class DeviceState:
    """What a device has become: its switches, its counter, its commands' effects."""

    enabled: bool = True
    online: bool = True
    energy_kwh: float = 0.0
    settings: dict[str, Setting] = Factory(dict)
    last_seen: float | None = None


@frozen
class DeviceRecord:
    """All that the registry keeps of one device. `created_at` is in Unix seconds."""

    spec: DeviceSpec
    created_at: float
    state: DeviceState = DeviceState()
