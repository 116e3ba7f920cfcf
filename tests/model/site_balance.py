"""A location with a main meter, and what its devices do: for tests of the balance."""

from attrs import define, evolve, field

from iotmock.model.device import Device
from iotmock.model.family import DeviceType
from iotmock.model.main_meter import MainMeter
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceSpec, DeviceState
from tests.model.feeding import Steered, built
from tests.model.fleet import CATALOGUE, MONDAY

DIGITS = 10_000


def digits(value: float) -> int:
    """Return what is shown in the last digit of the finest meter; it must be a whole number."""
    assert abs(value * DIGITS - round(value * DIGITS)) < 1e-5, value
    return round(value * DIGITS)


def net(device: Device) -> int:
    """Return what a device shows as drawn, less what was fed in, in digits."""
    meter = device.meter
    counted, back = (_shown(device, kwh) for kwh in (meter.energy_kwh, meter.back_kwh))
    return back - counted if device.profile.generates else counted - back


def _shown(device: Device, kwh: float) -> int:
    return digits(int(kwh * device.meter.digits + 0.5) / device.meter.digits)


@define(eq=False)
class Location:
    """Its devices by id; `counted` is what those that are gone have drawn, in digits."""

    sites: Sites = field(factory=lambda: Sites(7, 0.1))
    devices: dict[str, Device] = field(factory=dict)
    meters: dict[str, Device] = field(factory=dict)
    gone: int = 0
    now: float = MONDAY

    def add_meter(self, name: str = "meter", state: DeviceState | None = None) -> Device:
        spec = DeviceSpec(name, "meter", name, 17.3, 400.0, "Home")
        state = state or DeviceState(settings={"background_percent": 0.0})
        made = Device.make(spec, CATALOGUE.get("meter"), self.sites, state)
        self.meters[name] = made
        return made

    def add(
        self,
        name: str,
        device_type: str | None = None,
        base_power: float = 2.0,
        phases: int = 1,
        *,
        generates: bool = False,
        state: DeviceState | None = None,
    ) -> Device:
        kind = (
            CATALOGUE.get(device_type)
            if device_type
            else DeviceType("s", "S", "", 1.0, 230.0, phases, built, feeds=1.0, generates=generates)
        )
        spec = DeviceSpec(name, kind.device_type, name, base_power, 230.0, "Home")
        made = Device.make(spec, kind, self.sites, state or DeviceState())
        self.devices[name] = made
        self.gone -= net(made)
        return made

    def steer(self, name: str, share: float) -> None:
        family = self.devices[name].family
        if isinstance(family, Steered):
            family.share = share

    def tick(self, dt_s: float = 5.0) -> None:
        self.now += dt_s
        every = (*self.devices.values(), *self.meters.values())
        for device in sorted(every, key=lambda one: one.profile.place):
            device.tick(self.now, dt_s)

    def delete(self, name: str) -> None:
        device = self.devices.pop(name)
        device.leave()
        self.gone += net(device)

    def restart(self) -> None:
        """End well and begin anew: everything is made from what is saved."""
        for device in (*self.devices.values(), *self.meters.values()):
            device.settle()
        devices, meters = self.devices, self.meters
        self.sites = evolve(self.sites)
        self.devices, self.meters = {}, {}
        for name, meter in meters.items():
            self.meters[name] = self._again(meter)
        for name, device in devices.items():
            self.devices[name] = self._again(device)

    def _again(self, device: Device) -> Device:
        return Device.make(device.spec, device.kind, self.sites, device.state(self.now))

    # What is to hold

    @property
    def power(self) -> int:
        """What all devices show, in digits."""
        return sum(digits(device.reading(self.now).power) for device in self.devices.values())

    @property
    def energy(self) -> int:
        """What all devices have drawn since they came, those that are gone too, in digits."""
        return self.gone + sum(net(device) for device in self.devices.values())

    def shows(self, name: str = "meter") -> tuple[int, int]:
        """Return the power that a meter shows, and its registers' difference, in digits."""
        meter = self.meters[name]
        assert isinstance(meter.meter, MainMeter)
        return digits(meter.reading(self.now).power), net(meter) + meter.meter.carried
