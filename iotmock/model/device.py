"""One device as a state machine: ticks and commands in, readings out."""

from typing import Any

from attrs import define, evolve

from iotmock.model.commands import (
    Applied,
    Command,
    Outcome,
    Reboot,
    ResetEnergy,
    SetEnabled,
    SetInterval,
    SetOnline,
    SetPower,
    SetVoltage,
)
from iotmock.model.family import DeviceType, Family
from iotmock.model.meter import Meter, power_decimals
from iotmock.model.noise import Noise, seed_of
from iotmock.model.reading import Reading, Status, StatusMessage
from iotmock.model.site import Site, Sites
from iotmock.model.spec import DeviceSpec, DeviceState
from iotmock.model.timestamp import rfc3339

REBOOT_S = 10.0


@define(eq=False)
class Device:
    """The truth about one device. Nothing here knows what time it is but by being told."""

    spec: DeviceSpec
    kind: DeviceType
    sites: Sites
    site: Site
    family: Family
    meter: Meter
    enabled: bool = True
    online: bool = True
    failed: bool = False
    reboot_left_s: float = 0.0
    fleet_interval: float = 1.0
    """Seconds between the readings of a device that has no interval of its own."""

    @classmethod
    def make(
        cls,
        spec: DeviceSpec,
        kind: DeviceType,
        sites: Sites,
        state: DeviceState,
        fleet_interval: float,
    ) -> "Device":
        """Build a device of `kind`, in the state that it had when it was last saved."""
        noise = Noise(seed_of(sites.fleet_seed, f"device:{spec.device_id}"))
        family = kind.build(noise, sites.variation)
        family.restore(state.settings)
        meter = Meter(kind.phases, power_decimals(spec.base_power), state.energy_kwh)
        site = sites.at(spec.location)
        device = cls(spec, kind, sites, site, family, meter, state.enabled, state.online)
        device.fleet_interval = fleet_interval
        return device

    @property
    def interval(self) -> float:
        """Seconds between its readings."""
        return self.spec.interval or self.fleet_interval

    @property
    def status(self) -> Status:
        """What the status message says."""
        if self.failed:
            return "error"
        return "online" if self.online and self.reboot_left_s <= 0.0 else "offline"

    @property
    def peak_kw(self) -> float:
        """The most it can draw."""
        return self.spec.base_power * self.kind.peak

    @property
    def publishes(self) -> bool:
        """Whether a tick is followed by a data message."""
        return self.enabled and self.status == "online"

    def tick(self, now: float, dt_s: float) -> None:
        """Advance to `now` (Unix seconds), `dt_s` seconds after the last tick."""
        conditions = self.site.at(now)
        self.reboot_left_s = max(0.0, self.reboot_left_s - dt_s)
        share = self.family.step(conditions, dt_s) if self.enabled else 0.0
        voltage = self.spec.base_voltage * conditions.voltage_factor
        power = share * self.spec.base_power
        self.meter.measure(power, self.family.power_factor(), voltage, dt_s)

    def reading(self, now: float) -> Reading:
        """Return what the meter shows, without advancing it."""
        meter, decimals = self.meter, self.meter.decimals
        return Reading(
            device_id=self.spec.device_id,
            timestamp=self._timestamp(now),
            power=round(meter.power_kw, decimals),
            voltage=round(meter.voltage_v, 1),
            current=round(meter.current_a, decimals),
            energy=round(meter.energy_kwh, decimals),
            status=self.status,
            enabled=self.enabled,
        )

    def status_message(self, now: float, status: Status) -> StatusMessage:
        """Return the status message that says `status` at `now`."""
        return StatusMessage(self.spec.device_id, status, self.enabled, self._timestamp(now))

    def _timestamp(self, now: float) -> str:
        # Whole seconds, as in the contract's example, unless the interval needs more to keep two
        # readings apart.
        return rfc3339(now, milliseconds=self.interval % 1.0 != 0.0)

    def state(self, last_seen: float | None) -> DeviceState:
        """Return what must outlive the process."""
        return DeviceState(
            enabled=self.enabled,
            online=self.online,
            energy_kwh=self.meter.energy_kwh,
            settings=self.family.settings(),
            last_seen=last_seen,
        )

    def change(self, *, enabled: bool | None = None, **changes: Any) -> None:
        """Change fields of the spec, or the switch; the physics goes on from where it is.

        Raises:
            InvalidFieldError: a value is outside the limits of the contract; nothing has changed.
        """
        spec = evolve(self.spec, **changes)
        self.spec = spec
        self.site = self.sites.at(spec.location)
        self.meter.decimals = power_decimals(spec.base_power)
        self.enabled = self.enabled if enabled is None else enabled

    def handle(self, command: Command) -> Outcome:
        """Carry out a command that was parsed for this device's type."""
        match command:
            case SetPower(power=power):
                self.change(base_power=power)
            case SetVoltage(voltage=voltage):
                self.change(base_voltage=voltage)
            case SetInterval(interval=interval):
                self.change(interval=interval)
            case SetEnabled(enabled=enabled):
                self.enabled = enabled
            case SetOnline(online=online):
                self.online, self.reboot_left_s = online, 0.0
            case ResetEnergy():
                self.meter.energy_kwh = 0.0
            case Reboot():
                self.reboot_left_s = REBOOT_S
            case _:
                return self.family.apply(command)
        return Applied()
