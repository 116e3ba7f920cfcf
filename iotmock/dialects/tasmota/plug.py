"""What is known of a device as long as it is there: its address, its days, since when it is up."""

from datetime import tzinfo

from attrs import define, field
from msgspec.structs import replace

from iotmock.dialects.tasmota.days import Days, local
from iotmock.dialects.tasmota.energy import Meter
from iotmock.dialects.tasmota.state import Now
from iotmock.model.device import Device
from iotmock.model.timestamp import rfc3339


@define(eq=False)
class Plug:
    """A device as Tasmota's listeners know it."""

    device: Device
    mac: str
    meter: Meter
    started: float
    """Unix seconds."""
    described: bytes = field(default=b"", repr=False)
    """What it has last said of itself."""

    @classmethod
    def of(cls, device: Device, mac: str, zone: tzinfo, now: float, days: Days) -> "Plug":
        """Return a device that begins to live."""
        return cls(device, mac, Meter(device, zone, days), now)

    def take(self, device: Device) -> None:
        """Go on with another model of the same device, as after a crash."""
        self.device = self.meter.device = device

    def now(self, moment: float) -> Now:
        """Return it as it is at a moment (Unix seconds), off if it is off."""
        device, utc = self.device, rfc3339(moment)
        reading = device.reading(moment)
        if not device.enabled:
            reading = replace(reading, power=0.0, current=0.0)
        up_s = max(0, int(moment - self.started))
        time, _ = local(utc, self.meter.zone)
        return Now(device, self.mac, time, utc, up_s, self.meter.sensor(reading))
