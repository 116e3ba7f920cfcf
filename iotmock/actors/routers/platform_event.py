"""What the platform says of a device of its own."""

import msgspec


class AnnouncedDevice(msgspec.Struct, frozen=True):
    """What is known of it; what is null has the default of its type. kW and V."""

    name: str | None = None
    type: str | None = None
    location: str | None = None
    base_power: float | None = None
    base_voltage: float | None = None


class PlatformEvent(msgspec.Struct, frozen=True):
    """A device was made or changed; where it was deleted, nothing of this is looked at."""

    device_data: AnnouncedDevice = AnnouncedDevice()
