"""The two messages a device sends about itself."""

from typing import Literal

import msgspec

Status = Literal["online", "offline", "error"]


class Reading(msgspec.Struct, frozen=True, gc=False):
    """The data message (contract.md, section 2): kW, V, A, kWh; the field order is the contract.

    A msgspec struct and not an attrs class: building and encoding one costs a quarter (facts.md).
    """

    device_id: str
    timestamp: str
    power: float
    voltage: float
    current: float
    energy: float
    status: Status
    enabled: bool


class StatusMessage(msgspec.Struct, frozen=True):
    """The retained status message (contract.md, section 2); the field order is the contract."""

    device_id: str
    status: Status
    enabled: bool
    timestamp: str
