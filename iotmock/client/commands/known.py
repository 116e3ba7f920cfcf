"""What the client reads of the service's answers; whatever else is in them stays there."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from iotmock.client.answers.many import Failure

MOST_DEVICES = 10_000_000
"""More than any service has."""

Device = dict[str, Any]
"""A device as the service shows it, all fields: `--json` hands them on."""


class KnownFields(msgspec.Struct, frozen=True):
    """What is read of a device; a list has those of its fields that were asked for."""

    device_id: str
    device_type: str | None = None
    name: str | None = None
    location: str | None = None
    status: str | None = None
    enabled: bool = True
    last_seen: str | None = None
    readings: dict[str, float | str | None] | None = None


class DeviceList(msgspec.Struct, frozen=True):
    """A page of the fleet; `total` is how many match in all."""

    devices: list[Device]
    total: Annotated[int, Meta(ge=0, le=MOST_DEVICES)]

    def __post_init__(self) -> None:
        """Refuse what is no list of devices."""
        msgspec.convert(self.devices, list[KnownFields])


class Fault(msgspec.Struct, frozen=True):
    """A fault of one device; without `end` it stays until it is cleared."""

    fault_id: str
    device_id: str
    fault: str
    kind: str
    parameters: dict[str, msgspec.Raw]  # handed on as the service writes them
    begin: str
    end: str | None
    state: str
    cause: str
    group: str | None = None

    @property
    def until(self) -> str:
        """When it ends, in words."""
        return "until it is cleared" if self.end is None else f"until {self.end}"


class FaultList(msgspec.Struct, frozen=True):
    """Faults of one device."""

    faults: list[Fault]


class InjectedFaults(msgspec.Struct, frozen=True):
    """What became of a fault for many; the lists hold a thousand at most."""

    group: str
    injected: int
    faults: list[Fault]
    refused_total: int
    refused: list[Failure]


class Parameters(msgspec.Struct, frozen=True):
    """What a command takes, by name: as JSON Schema describes it."""

    properties: dict[str, Any] = {}


class CommandKind(msgspec.Struct, frozen=True):
    """A command that a type of device knows."""

    command: str
    parameters: Parameters = Parameters()


class DeviceType(msgspec.Struct, frozen=True):
    """A type of device."""

    device_type: str
    commands: list[CommandKind] = []


class DeviceTypeList(msgspec.Struct, frozen=True):
    """Every type."""

    device_types: list[DeviceType]


class Broker(msgspec.Struct, frozen=True):
    """The service's connection to its broker; `broker` is host:port."""

    connected: bool
    broker: str


class Status(msgspec.Struct, frozen=True):
    """The simulation."""

    running: bool
    interval: float
    mqtt: Broker
