"""One device as a state machine: ticks in, readings out.

What else is done with one (commands, faults, a preview) is in `operations/`. Long because it is one
machine, whose tick and reading are most of what a fleet costs.
"""

from math import floor
from typing import Any

from attrs import define, evolve
from msgspec import to_builtins

from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.faults.active import Faults
from iotmock.model.faults.fault import Scene
from iotmock.model.main_meter import BackgroundLoad, MainMeter
from iotmock.model.measures.full_meter import FullMeter
from iotmock.model.meter import Meter, TwoWayMeter, decimals_of, gain_of, meter_for, step_of
from iotmock.model.numbers.noise import Noise, seed_of
from iotmock.model.parts.power_factor import PowerFactorDrift
from iotmock.model.parts.zip_load import CONSTANT_POWER
from iotmock.model.reading import Reading, Status, StatusMessage
from iotmock.model.site.connection.mains import Branch, Mains, line_of
from iotmock.model.site.feeder import own_drop
from iotmock.model.site.site import Site
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceSpec, DeviceState, InvalidFieldError
from iotmock.model.timestamp import written


@define(eq=False, weakref_slot=False)
class Device:
    """The truth about one device. Nothing here knows what time it is but by being told.

    Long because tick and reading, most of what a fleet costs, are each one piece, not many calls.
    """

    spec: DeviceSpec
    kind: DeviceType
    profile: Profile
    sites: Sites
    site: Site
    family: Family
    meter: Meter
    drop: float
    """Voltage that its own line loses at its base power / nominal."""
    enabled: bool = True
    online: bool = True
    failed: bool = False
    reboot_left_s: float = 0.0
    fleet_interval: float = 1.0
    """Seconds between the readings of a device that has no interval of its own."""
    faults: Faults | None = None
    """None while nothing is wrong, nothing is to be, and nothing happens by itself."""
    faults_named: int = 0
    """How many faults were given an id here: while time stands, it alone tells two apart."""
    full_meter: FullMeter | None = None
    """What measures more than is told, once somebody has asked."""
    drift: PowerFactorDrift | None = None
    """None where there is no spread, and for a main meter, which has what it sums up."""
    branch: Branch | None = None
    """Where the mains hear of it; None where its location is not summed up."""

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
        rated, spread = spec.base_power, sites.region.spread
        meter = meter_for(profile, decimals_of(rated), gain_of(seed, spread, rated), state)
        if not profile.feeds:
            meter.step = step_of(seed, spread, rated)
        site = sites.at(spec.location)
        switches = own_drop(rated), state.enabled, state.online
        device = cls(spec, kind, profile, sites, site, family, meter, *switches)
        device.fleet_interval = fleet_interval
        if sites.variation and not profile.sums:
            device.drift = PowerFactorDrift.of(seed, spread)
        device.join()
        return device

    def join(self) -> None:
        """Be one of the devices of its location."""
        site = self.site
        if self.profile.sums or self.profile.follows:
            site.sum_up()
        site.loads[self] = None
        if site.mains is not None:
            self.connect(site.mains)

    def connect(self, mains: Mains) -> None:
        """See `Load.connect`."""
        meter, family, device_id = self.meter, self.family, self.spec.device_id
        if self.profile.sums:
            assert isinstance(meter, TwoWayMeter)  # noqa: S101
            assert isinstance(family, BackgroundLoad)  # noqa: S101
            self.meter = main = MainMeter.of(meter, device_id, family, mains)
            main.branch.rate(self.own_peak_kw)
            return
        power, counter = meter.told()
        self.branch = Branch(mains, line_of(device_id, meter.phases), counter)
        self.branch.draw(power, counter, self.power_factor(), 0.0)
        self.branch.rate(self.own_peak_kw)

    def rest(self) -> None:
        """Draw nothing until the next tick."""
        branch = self.meter.branch if isinstance(self.meter, MainMeter) else self.branch
        if branch is not None:
            branch.rest()

    def settle(self) -> None:
        """Have counted what there is to count, before the counters are saved for the last time."""
        if isinstance(self.meter, MainMeter):
            self.meter.settle()

    def leave(self, *, for_good: bool = True) -> None:
        """Be no device of its location any more; what it counted stays counted there.

        A main meter that does not leave for good goes on, as it is made anew, where it was.
        """
        self.site.loads.pop(self, None)
        self.site.island.leave(self.spec.device_id)
        if isinstance(self.meter, MainMeter):
            self.meter.branch.leave()
            self.site.island.cut = False
            if for_good:
                self.meter.settle()
                self.meter.mains.dismiss(self.spec.device_id)
        elif self.branch is not None:
            self.branch.leave()
            self.branch = None

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
        """The most it can draw or feed in, as its meter would show it."""
        meter = self.meter
        return meter.mains.peak_kw if isinstance(meter, MainMeter) else self.own_peak_kw

    @property
    def own_peak_kw(self) -> float:
        """The same of the device alone, were it a main meter."""
        most = max(self.profile.peak, self.profile.feeds)
        return self.spec.base_power * most * self.meter.gain

    @property
    def publishes(self) -> bool:
        """Whether a tick is followed by a data message, if no fault keeps it back."""
        return self.enabled and self.online and self.reboot_left_s <= 0.0 and not self.failed

    def tick(self, now: float, dt_s: float) -> None:
        """Advance to `now` (Unix seconds), `dt_s` seconds after the last tick."""
        site, rated, faults = self.site, self.spec.base_power, self.faults
        if faults is not None and faults.due <= now:
            faults.turn(now, self.scene(now))
        # The middle of the tick stands for the whole of it, so that a long one is not a late one.
        conditions = site.at(now - 0.5 * dt_s)
        if self.reboot_left_s:
            self.reboot_left_s = max(0.0, self.reboot_left_s - dt_s)
        conditions.rated_kw = rated
        branch = self.branch
        if branch is not None and self.profile.follows:
            conditions.net_kw = branch.mains.net_kw
            island = site.island
            conditions.others_kw = branch.others_kw / self.meter.gain if island.members else 0.0
        # Random parts have no bound of their own; a device has, and its saved counter counts on it.
        share = self.family.step(conditions, dt_s) if self.enabled else 0.0
        factor, profile = conditions.voltage_factor, self.profile
        zip_load, peak = profile.zip_load, profile.peak
        if zip_load is not CONSTANT_POWER:
            z, i, p = zip_load
            share *= (z * factor + i) * factor + p
        share = share if share < peak else peak
        if share < 0.0:
            share = max(share, 0.0 - profile.feeds)
        if faults is not None and faults.active:
            faults.look_at_link(now)
            share, factor = self._bent(faults, share, factor)
            faults.effects.elapse(self.meter.counted_kw(share * rated), dt_s)
        power = share * rated
        site.feeder.draw(power, rated, dt_s)
        self.meter.measure(power, self.spec.base_voltage * (factor - self.drop * share), dt_s)
        if branch is not None:
            branch.draw(*self.meter.told(), self.power_factor(), dt_s)

    def power_factor(self) -> float:
        """Return the power factor of the last tick, 0 < pf <= 1: its family's, and its drift."""
        usual, drift = self.family.power_factor(), self.drift
        return usual if drift is None else drift.at(usual, self.site.conditions.now)

    def reading(self, now: float) -> Reading:
        """Return what the meter would show if it told the truth, without advancing it."""
        return self.reading_as(self.timestamp(now), self.status)

    def reading_as(self, timestamp: str, status: Status) -> Reading:
        """Return the same, for a time that is written and a status that is known."""
        meter = self.meter
        digits, energy, ceiling = meter.digits, meter.energy_kwh, meter.ceiling_kwh
        energy = energy if energy < ceiling else ceiling
        # `floor` and not `round`, which goes by way of a text and takes eight times as long.
        return Reading(
            self.spec.device_id,
            timestamp,
            meter.shown_kw,
            floor(meter.voltage_v * 10.0 + 0.5) / 10.0,
            floor(meter.current_a(self.power_factor()) * digits + 0.5) / digits,
            floor(energy * digits + 0.5) / digits,
            status,
            self.enabled,
        )

    def measured(self, reading: Reading) -> dict[str, Any]:
        """Return all that its meter measures; see `FullReading`."""
        if self.full_meter is None:
            self.full_meter = FullMeter(self)
        told = self.full_meter.told(reading)
        return told if isinstance(told, dict) else to_builtins(told)

    def _bent(self, faults: Faults, share: float, factor: float) -> tuple[float, float]:
        share, factor = faults.effects.bend(share, factor)
        return min(self.profile.peak, share) if self.enabled else 0.0, factor

    def scene(self, now: float) -> Scene:
        """Return the device as a fault finds it that begins at `now`."""
        meter = self.meter
        return Scene(
            now,
            self.reading(now),
            meter.energy_kwh,
            self.spec.base_power,
            meter.decimals,
            self.family,
            self.sites.fleet_seed,
            self.site.island,
        )

    def status_message(self, now: float, status: Status) -> StatusMessage:
        """Return the status message that says `status` at `now`."""
        return StatusMessage(self.spec.device_id, status, self.enabled, self.timestamp(now))

    def timestamp(self, now: float) -> str:
        """Return `now` (Unix seconds) as its messages say it."""
        return written(now, self.interval)

    def state(self, last_seen: float | None) -> DeviceState:
        """Return what must outlive the process."""
        self.settle()
        return DeviceState(
            enabled=self.enabled,
            online=self.online,
            energy_kwh=self.meter.energy_kwh,
            settings=self.family.settings(),
            last_seen=last_seen,
            back_kwh=self.meter.back_kwh,
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
            self.faults.schedule.follow(spec)
        self.drop = own_drop(spec.base_power)
        self.meter.exchange(decimals_of(spec.base_power))
        self._move(self.sites.at(spec.location))
        self.enabled = self.enabled if enabled is None else enabled

    def _move(self, site: Site) -> None:
        if site is not self.site:
            self.leave()
            self.site = site
            self.join()
        elif self.branch is not None:
            self.branch.rate(self.own_peak_kw)
        elif isinstance(self.meter, MainMeter):
            self.meter.branch.rate(self.own_peak_kw)

    def reset_energy(self) -> None:
        """Begin to count at nought; what was counted has passed the mains all the same."""
        self.meter.reset()
        if self.branch is not None:
            self.branch.counter = 0
