"""One device as a state machine: ticks and commands in, readings out."""

from copy import deepcopy
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
from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.meter import Meter, gain_of, power_decimals
from iotmock.model.noise import Noise, seed_of
from iotmock.model.reading import Reading, Status, StatusMessage
from iotmock.model.site import Site, Sites
from iotmock.model.spec import DeviceSpec, DeviceState, InvalidFieldError
from iotmock.model.timestamp import rfc3339

REBOOT_S = 10.0
DROP = 0.006
"""Voltage that the device's own line loses at its base power / nominal. Source: realism.md, 0.25 Ω
for a household's feed, of which the larger part is the shared feeder's (`feeder.SAG`)."""


@define(eq=False)
class Device:
    """The truth about one device. Nothing here knows what time it is but by being told."""

    spec: DeviceSpec
    kind: DeviceType
    profile: Profile
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
        fleet_interval: float = 1.0,
        fleet_seed: int | None = None,
    ) -> "Device":
        """Build a device of `kind`, in the state that it had when it was last saved.

        `fleet_seed` is that of the device's own fleet, where it has one; else it is the sites'.

        Raises:
            UnknownProfileError: `kind` has no profile of the spec's name.
        """
        profile = kind.profile(spec.profile)
        fleet_seed = sites.fleet_seed if fleet_seed is None else fleet_seed
        seed = seed_of(fleet_seed, f"device:{spec.device_id}")
        family = profile.build(Noise(seed), sites.variation)
        family.restore(state.settings)
        decimals, gain = power_decimals(spec.base_power), gain_of(seed, sites.region.spread)
        meter = Meter(profile.phases, decimals, state.energy_kwh, gain)
        site = sites.at(spec.location)
        switches = state.enabled, state.online
        device = cls(spec, kind, profile, sites, site, family, meter, *switches)
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
        """The most it can draw, as its meter would show it."""
        return self.spec.base_power * self.profile.peak * self.meter.gain

    @property
    def publishes(self) -> bool:
        """Whether a tick is followed by a data message."""
        return self.enabled and self.status == "online"

    def tick(self, now: float, dt_s: float) -> None:
        """Advance to `now` (Unix seconds), `dt_s` seconds after the last tick."""
        site, rated = self.site, self.spec.base_power
        # The middle of the tick stands for the whole of it, so that a long one is not a late one.
        conditions = site.at(now - 0.5 * dt_s)
        if self.reboot_left_s:
            self.reboot_left_s = max(0.0, self.reboot_left_s - dt_s)
        # Random parts have no bound of their own; a device has, and its saved counter counts on it.
        share = min(self.profile.peak, self.family.step(conditions, dt_s)) if self.enabled else 0.0
        power = share * rated
        site.feeder.draw(power, rated, dt_s)
        voltage = self.spec.base_voltage * (conditions.voltage_factor - DROP * share)
        self.meter.measure(power, voltage, dt_s)

    def reading(self, now: float) -> Reading:
        """Return what the meter shows, without advancing it."""
        meter, decimals = self.meter, self.meter.decimals
        return Reading(
            device_id=self.spec.device_id,
            timestamp=self._timestamp(now),
            power=round(meter.power_kw, decimals),
            voltage=round(meter.voltage_v, 1),
            current=round(meter.current_a(self.family.power_factor()), decimals),
            energy=round(meter.energy_kwh, decimals),
            status=self.status,
            enabled=self.enabled,
        )

    def preview(self, now: float, hours: float, step_s: float) -> list[Reading]:
        """Return the readings of the coming `hours`, one every `step_s` seconds after `now`.

        A copy lives through them: neither this device nor its site is disturbed. Weather and people
        will come as shown; the feeder's load and all that is random may turn out otherwise.
        """
        copy = self._copy()
        readings = []
        for number in range(1, int(hours * 3600.0 / step_s) + 1):
            moment = now + number * step_s
            copy.tick(moment, step_s)
            readings.append(copy.reading(moment))
        return readings

    def _copy(self) -> "Device":
        shared = (self.spec, self.kind, self.profile, self.sites, self.sites.region)
        copy: Device = deepcopy(self, {id(value): value for value in shared})
        return copy

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
        if changes.get("profile", self.spec.profile) != self.spec.profile:
            raise InvalidFieldError("profile", "can not be changed; create another device")
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
