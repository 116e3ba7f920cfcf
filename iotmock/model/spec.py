"""What a device is made from, and what of it outlives the process."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import Attribute, Factory, field, frozen

from iotmock.wording.faults import Fault
from iotmock.wording.words import shown

Setting = bool | float | str
"""One remembered effect of a command, for instance a setpoint in °C."""

ID_PATTERN = r"[A-Za-z0-9_.-]{1,64}"
NAME_LENGTH = 100
LOCATION_LENGTH = 200
POWER_KW = (0.001, 10_000.0)
VOLTAGE_V = (100.0, 1_000.0)
INTERVAL_S = (0.1, 86_400.0)
PERCENT = (0.0, 100.0)


def is_device_id(text: str) -> bool:
    """Say whether `text` may name a device (contract.md, section 3)."""
    return re.fullmatch(ID_PATTERN, text) is not None


class InvalidFieldError(ValueError):
    """A field of a device is outside what the contract allows."""

    def __init__(self, field_name: str, message: str, parts: Iterable[Fault] = ()) -> None:
        super().__init__(f"{field_name}: {message}")
        self.field = field_name
        self.message = message
        self.parts = tuple(parts)
        """What is wrong with parts of the field; `message` says it together."""


def read_setting(
    settings: Mapping[str, Setting], name: str, limits: tuple[float, float], default: float
) -> float:
    """Return a remembered number, which must be one that a command could have set.

    Raises:
        InvalidFieldError: it is not.
    """
    value, (low, high) = settings.get(name, default), limits
    if isinstance(value, bool | str) or not low <= value <= high:
        raise InvalidFieldError(name, f"must be from {low:g} to {high:g}, not {shown(value)}")
    return float(value)


def read_switch(settings: Mapping[str, Setting], name: str) -> bool:
    """Return a remembered switch.

    Raises:
        InvalidFieldError: it is none.
    """
    value = settings[name]
    if not isinstance(value, bool):
        raise InvalidFieldError(name, f"must be true or false, not {shown(value)}")
    return value


Validator = Callable[[Any, "Attribute[Any]", Any], None]


def _within(limits: tuple[float, float], unit: str) -> Validator:
    low, high = limits

    def check(_: Any, attribute: "Attribute[Any]", value: float | None) -> None:
        if value is not None and not low <= value <= high:
            message = f"must be from {low:g} to {high:g} {unit}, not {shown(value)}"
            raise InvalidFieldError(attribute.name, message)

    return check


def _length(shortest: int, longest: int) -> Validator:
    def check(_: Any, attribute: "Attribute[Any]", value: str | None) -> None:
        if value is not None and not shortest <= len(value) <= longest:
            message = f"must have {shortest} to {longest} characters, not {len(value)}"
            raise InvalidFieldError(attribute.name, message)

    return check


def _names_a_device(_: Any, attribute: "Attribute[Any]", value: str) -> None:
    if not is_device_id(value):
        raise InvalidFieldError(attribute.name, "must be 1 to 64 of A-Z a-z 0-9 _ . -")


@frozen(weakref_slot=False)
class DeviceSpec:
    """A device as its owner describes it. Powers are in kW, voltages in V, intervals in s.

    Raises:
        InvalidFieldError: a field is outside the limits of the contract.
    """

    device_id: str = field(validator=_names_a_device)
    device_type: str
    name: str = field(validator=_length(1, NAME_LENGTH))
    base_power: float = field(validator=_within(POWER_KW, "kW"))
    base_voltage: float = field(validator=_within(VOLTAGE_V, "V"))
    location: str = field(default="", validator=_length(0, LOCATION_LENGTH))
    interval: float | None = field(default=None, validator=_within(INTERVAL_S, "s"))
    profile: str | None = field(default=None, validator=_length(1, NAME_LENGTH))
    """A variant of the type; None is the type's first."""


@frozen
class DeviceState:
    """What a device has become: its switches, its counter, its commands' effects."""

    enabled: bool = True
    online: bool = True
    energy_kwh: float = 0.0
    settings: dict[str, Setting] = Factory(dict)
    last_seen: float | None = None
    back_kwh: float = 0.0
    """What went the other way than `energy_kwh` counts; see `TwoWayMeter`."""


@frozen
class DeviceRecord:
    """All that the registry keeps of one device. `created_at` is in Unix seconds."""

    spec: DeviceSpec
    created_at: float
    state: DeviceState = DeviceState()
