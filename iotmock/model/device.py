"""One device as a state machine: ticks and commands in, readings out."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from math import floor, inf
from typing import Any

from attrs import define, evolve
from msgspec.structs import replace

from iotmock.model.commands import (
    Applied,
    ClearFault,
    Command,
    InjectFault,
    Outcome,
    Reboot,
    Rejected,
    ResetEnergy,
    SetEnabled,
    SetInterval,
    SetOnline,
    SetPower,
    SetVoltage,
)
from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.faults.active import Faults
from iotmock.model.faults.fault import Injection, Scene
from iotmock.model.faults.request import FaultRequest, InvalidFaultError
from iotmock.model.meter import Meter, decimals_of, gain_of
from iotmock.model.numbers.noise import Noise, seed_of
from iotmock.model.reading import Reading, Status, StatusMessage
from iotmock.model.site.site import Site, Sites
from iotmock.model.spec import DeviceSpec, DeviceState, InvalidFieldError
from iotmock.model.timestamp import written

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
    faults: Faults | None = None
    """None while nothing is wrong, nothing is to be, and nothing happens by itself."""

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
        decimals, gain = decimals_of(spec.base_power), gain_of(seed, sites.region.spread)
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
        if not self.online or self.reboot_left_s > 0.0:
            return "offline"
        return "online" if self.faults is None else self.faults.status

    @property
    def cut_off(self) -> bool:
        """Whether it has lost its link: by a fault, or because it restarts."""
        return self.reboot_left_s > 0.0 or (self.faults is not None and self.faults.cut_off)

    @property
    def peak_kw(self) -> float:
        """The most it can draw, as its meter would show it."""
        return self.spec.base_power * self.profile.peak * self.meter.gain

    @property
    def publishes(self) -> bool:
        """Whether a tick is followed by a data message, if no fault keeps it back."""
        return self.enabled and self.online and self.reboot_left_s <= 0.0 and not self.failed

    def tick(self, now: float, dt_s: float) -> None:
        """Advance to `now` (Unix seconds), `dt_s` seconds after the last tick."""
        site, rated, faults = self.site, self.spec.base_power, self.faults
        if faults is not None and faults.due <= now:
            faults.turn(now, self._scene(now))
        # The middle of the tick stands for the whole of it, so that a long one is not a late one.
        conditions = site.at(now - 0.5 * dt_s)
        if self.reboot_left_s:
            self.reboot_left_s = max(0.0, self.reboot_left_s - dt_s)
        # Random parts have no bound of their own; a device has, and its saved counter counts on it.
        share = self.family.step(conditions, dt_s) if self.enabled else 0.0
        peak = self.profile.peak
        share = share if share < peak else peak
        factor = conditions.voltage_factor
        if faults is not None and faults.active:
            faults.look_at_link(now)
            share, factor = self._bent(faults, share, factor)
            faults.elapse(share * rated * self.meter.gain, dt_s)
        power = share * rated
        site.feeder.draw(power, rated, dt_s)
        self.meter.measure(power, self.spec.base_voltage * (factor - DROP * share), dt_s)

    def reading(self, now: float) -> Reading:
        """Return what the meter would show if it told the truth, without advancing it."""
        return self.reading_as(self.timestamp(now), self.status)

    def reading_as(self, timestamp: str, status: Status) -> Reading:
        """Return the same, for a time that is written and a status that is known."""
        meter, family = self.meter, self.family
        digits, energy, ceiling = meter.digits, meter.energy_kwh, meter.ceiling_kwh
        energy = energy if energy < ceiling else ceiling
        # `floor` and not `round`, which goes by way of a text and takes eight times as long.
        return Reading(
            self.spec.device_id,
            timestamp,
            floor(meter.power_kw * digits + 0.5) / digits,
            floor(meter.voltage_v * 10.0 + 0.5) / 10.0,
            floor(meter.current_a(family.power_factor()) * digits + 0.5) / digits,
            floor(energy * digits + 0.5) / digits,
            status,
            self.enabled,
        )

    # Faults

    def _bent(self, faults: Faults, share: float, factor: float) -> tuple[float, float]:
        share, factor = faults.bend(share, factor)
        return min(self.profile.peak, share) if self.enabled else 0.0, factor

    def _scene(self, now: float) -> Scene:
        meter = self.meter
        return Scene(
            now,
            self.reading(now),
            meter.energy_kwh,
            self.spec.base_power,
            meter.decimals,
            self.family,
            self.sites.fleet_seed,
        )

    def shown(self, now: float) -> Reading:
        """Return what the meter shows, faults and all, without advancing it."""
        true = self.reading(now)
        if self.faults is None or not self.faults.active:
            return true
        return self.faults.distorted(replace(true, timestamp=self._own_timestamp(now)))

    def _own_timestamp(self, now: float) -> str:
        return self.timestamp(now + self.faults.shift_s(now) if self.faults else now)

    def send(self, faults: Faults, now: float) -> Iterable[bytes]:
        """Return the data messages that go out at `now`, as meter and link let them."""
        if not self.publishes:
            return ()
        true = self.reading(now)
        status: Status = "error" if faults.error else "online"
        own = replace(true, timestamp=self._own_timestamp(now), status=status)
        return faults.send(own, true.timestamp, now)

    def inject(self, injection: Injection, now: float) -> None:
        """Have a fault begin at its time, which may be now."""
        if self.faults is None:
            self.faults = Faults()
        self.faults.add(injection)
        if self.faults.due <= now:
            self.faults.turn(now, self._scene(now))

    def resume(self, injection: Injection, memory: Mapping[str, Any], now: float) -> None:
        """Go on with a fault of an earlier life."""
        if self.faults is None:
            self.faults = Faults()
        if injection.begin > now:
            self.faults.add(injection)
        else:
            self.faults.resume(injection, memory, self._scene(now))

    def _inject(self, command: InjectFault, now: float) -> Outcome:
        wanted = FaultRequest(command.fault, command.parameters, command.start, command.duration)
        fault_id = command.fault_id or self.next_fault_id(now)
        try:
            injection = wanted.injection(self.spec, now, fault_id)
        except InvalidFaultError as error:
            return Rejected(str(error))
        if injection.fault.of_location:
            return Rejected(f"{command.fault} takes a whole location: POST /api/v1/faults")
        if self.faults is not None and self.faults.knows(fault_id):
            return Rejected(f"fault_id: {fault_id} is taken")
        self.inject(injection, now)
        return Applied()

    def next_fault_id(self, now: float) -> str:
        """Return an id for a fault that is asked for at `now`."""
        count = 0 if self.faults is None else self.faults.count
        return f"{seed_of(count, f'{self.spec.device_id}:{now}'):016x}"

    def _clear(self, command: ClearFault, now: float) -> Outcome:
        if command.fault_id is None:
            if self.faults is not None:
                self.faults.clear_all(now)
            return Applied()
        if self.faults is None or not self.faults.clear(command.fault_id, now):
            return Rejected(f"fault_id: this device has no fault {command.fault_id[:64]!r}")
        return Applied()

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
        shared = (self.spec, self.kind, self.profile, self.sites, self.sites.region, self.faults)
        copy: Device = deepcopy(self, {id(value): value for value in shared})
        copy.faults, copy.meter.ceiling_kwh = None, inf
        return copy

    def status_message(self, now: float, status: Status) -> StatusMessage:
        """Return the status message that says `status` at `now`."""
        return StatusMessage(self.spec.device_id, status, self.enabled, self.timestamp(now))

    def timestamp(self, now: float) -> str:
        """Return `now` (Unix seconds) as its messages say it."""
        return written(now, self.interval)

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
        if self.faults is not None:
            self.faults.follow(spec)
        self.site = self.sites.at(spec.location)
        self.meter.exchange(decimals_of(spec.base_power))
        self.enabled = self.enabled if enabled is None else enabled

    def handle(self, command: Command, now: float) -> Outcome:
        """Carry out, at `now`, a command that was parsed for this device's type."""
        if isinstance(command, InjectFault):
            return self._inject(command, now)
        if isinstance(command, ClearFault):
            return self._clear(command, now)
        return self._obey(command)

    def _obey(self, command: Command) -> Outcome:
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
