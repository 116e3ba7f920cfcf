"""A black-out at a location with a battery: an island, and as before when the grid is back."""

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from iotmock.model.commands import Applied
from iotmock.model.device import Device
from iotmock.model.families.battery import Battery, SetBackup, SetReserve
from iotmock.model.faults.fault import Injection
from iotmock.model.faults.types.darkness import BlackOut
from iotmock.model.operations.command import handle
from iotmock.model.operations.faults import inject, resume
from iotmock.model.operations.preview import preview
from iotmock.model.spec import DeviceState
from tests.model.fleet import HOUR_S
from tests.model.site_balance import Location, digits


class Home(Location):
    """A location with a main meter, a battery and some loads, at which the grid can go away."""

    ends: float | None = None
    begins: float = 0.0
    dark: bool = False

    @classmethod
    def standing(cls, soc: float = 60.0) -> "Home":
        home = cls()
        home.add_meter()
        home.add("lamp", base_power=0.06)
        home.add("fridge", base_power=0.15)
        home.add("car", base_power=11.0, phases=3)
        home.add("roof", "solar", base_power=7.0)
        charged = DeviceState(settings={"soc": soc, "backup": True, "reserve": 20.0})
        home.add("battery", "battery", 5.0, state=charged)
        home.steer("lamp", 0.9)
        home.steer("fridge", 0.5)
        home.steer("car", 0.7)
        home.tick()
        return home

    @property
    def everyone(self) -> list[Device]:
        return [*self.devices.values(), *self.meters.values()]

    def black_out(self) -> None:
        self.dark, self.begins = True, self.now
        for one in self.everyone:
            self.darken(one)

    def darken(self, one: Device) -> None:
        inject(one, self._fault(one), self.now)

    def _fault(self, one: Device) -> Injection:
        name = one.spec.device_id
        return Injection(f"{name}-{self.begins}", name, BlackOut(), self.begins, None)

    def back(self) -> None:
        self.dark = False
        for one in self.everyone:
            assert one.faults is not None
            one.faults.clear_all(self.now)

    def restart(self) -> None:
        super().restart()
        if self.dark:
            for one in self.everyone:
                resume(one, self._fault(one), {}, self.now)

    @property
    def battery(self) -> Battery:
        family = self.devices["battery"].family
        assert isinstance(family, Battery)
        return family

    def status(self, name: str) -> str:
        return (self.devices.get(name) or self.meters[name]).status

    def watts(self, name: str) -> int:
        return self.devices[name].meter.told()[0]


def test_what_is_on_the_backups_side_goes_on_and_the_meter_sees_nothing() -> None:
    home = Home.standing()
    before, registers = home.watts("lamp"), home.shows()[1]
    home.black_out()
    for _ in range(20):
        home.tick()
        assert home.shows() == (0, registers)
        assert home.power == 0
    assert home.watts("lamp") == before
    assert home.watts("battery") == -home.watts("lamp") - home.watts("fridge") - home.watts("roof")
    assert (home.status("lamp"), home.status("battery")) == ("online", "online")
    assert home.devices["lamp"].meter.voltage_v == pytest.approx(230.0, rel=0.01)
    # A car is too much for it, and the meter is on the grid's side.
    assert (home.watts("car"), home.status("car")) == (0, "offline")
    assert home.devices["car"].meter.voltage_v == 0.0
    assert (home.meters["meter"].meter.voltage_v, home.status("meter")) == (0.0, "offline")


def test_when_the_grid_is_back_everything_is_as_before() -> None:
    home = Home.standing()
    home.black_out()
    for _ in range(20):
        home.tick()
    home.back()
    registers, energy = home.shows()[1], home.energy
    for _ in range(20):
        home.tick()
        power, now = home.shows()
        assert power == home.power
        assert now - registers == home.energy - energy
    assert home.watts("car") > 70_000
    assert {home.status(name) for name in ("car", "lamp", "meter", "battery")} == {"online"}
    assert not home.battery.islanded


@pytest.mark.parametrize("dt_s", [5.0, 60.0, 900.0])
def test_it_lasts_until_the_battery_is_at_its_floor(dt_s: float) -> None:
    home = Home.standing()
    home.delete("roof")
    home.steer("lamp", 1.0)
    home.add("heater", base_power=2.0)
    home.steer("heater", 0.9)
    stored = home.battery.cells.store
    home.black_out()
    lit_s, begun_h = 0.0, stored.stored_h
    for _ in range(round(8 * HOUR_S / dt_s)):
        home.tick(dt_s)
        lit_s += dt_s * (home.watts("heater") > 0)
        assert home.power == 0
    assert stored.soc == pytest.approx(0.05, abs=0.05 if dt_s > 100.0 else 0.01)
    # 2 kW of a battery of 5 kW, 60 to 5 percent of about two hours, less losses and standby.
    expected_h = (begun_h - 0.05 * stored.capacity_h) * 0.955 * 5.0 / 1.95
    assert lit_s / HOUR_S == pytest.approx(expected_h, abs=max(0.25, 1.2 * dt_s / HOUR_S))
    assert home.status("lamp") == "offline"


def test_the_sun_feeds_an_island_and_is_curtailed_when_nobody_takes_more() -> None:
    home = Home.standing(99.9)
    home.now += 12 * HOUR_S
    for _ in range(20):
        home.tick()
    free = -home.watts("roof")
    home.black_out()
    for _ in range(300):
        home.tick()
        assert home.power == 0
    assert free > 10_000
    assert 0 < -home.watts("roof") <= home.watts("lamp") + home.watts("fridge") + 200
    home.back()
    home.tick()
    assert -home.watts("roof") > 0.7 * free


def test_an_empty_battery_begins_anew_with_the_sun() -> None:
    home = Home.standing(5.0)
    home.black_out()
    home.tick()
    assert home.status("lamp") == "offline"
    home.now += 10 * HOUR_S
    for _ in range(60):
        home.tick(60.0)
        assert home.power == 0
    assert home.battery.cells.store.soc > 0.1
    assert home.status("lamp") == "online"


def test_without_a_backup_all_is_dark() -> None:
    home = Home.standing()
    assert handle(home.devices["battery"], SetBackup(False), home.now) == Applied()
    home.black_out()
    home.tick()
    assert {home.watts(name) for name in home.devices} == {0}
    assert {one.status for one in home.everyone} == {"offline"}


def test_a_backup_can_be_switched_in_the_dark() -> None:
    home = Home.standing()
    home.black_out()
    for enabled, status in ((False, "offline"), (True, "online")):
        handle(home.devices["battery"], SetBackup(enabled), home.now)
        for _ in range(2):
            home.tick()
        assert (home.status("lamp"), home.power) == (status, 0)


def test_a_low_reserve_is_a_low_floor() -> None:
    home = Home.standing(4.0)
    home.delete("roof")
    handle(home.devices["battery"], SetReserve(1.0), home.now)
    home.black_out()
    home.tick()
    assert home.status("lamp") == "online"


def test_a_battery_that_is_deleted_leaves_the_rest_in_the_dark() -> None:
    home = Home.standing()
    home.black_out()
    home.tick()
    assert home.watts("lamp") > 0
    home.delete("battery")
    home.tick()
    assert (home.watts("lamp"), home.status("lamp")) == (0, "offline")
    home.back()
    home.tick()
    assert home.shows()[0] == home.power > 0


def test_a_preview_in_the_dark_leaves_the_island_as_it_is() -> None:
    home = Home.standing()
    home.black_out()
    home.tick()
    for one in home.everyone:
        preview(one, home.now, 0.1, 60.0)
    before = home.watts("lamp")
    home.tick()
    assert (home.watts("lamp"), home.power, home.status("lamp")) == (before, 0, "online")


class Islands(RuleBasedStateMachine):
    """Whatever happens: on the grid the meter shows the sum, on an island the sum is nothing."""

    @initialize(dt_s=some.sampled_from([1.0, 5.0, 60.0]), soc=some.floats(4.0, 100.0))
    def begin(self, dt_s: float, soc: float) -> None:
        self.home, self.dt_s = Home.standing(soc), dt_s

    @rule()
    def darken(self) -> None:
        if not self.home.dark:
            self.home.black_out()

    @rule()
    def lighten(self) -> None:
        if self.home.dark:
            self.home.back()

    @rule(name=some.sampled_from(["lamp", "fridge", "other"]), share=some.floats(0.0, 1.2))
    def steer(self, name: str, share: float) -> None:
        if name in self.home.devices:
            self.home.steer(name, share)

    @rule(power=some.sampled_from([0.05, 1.0, 2.4]))
    def add(self, power: float) -> None:
        if "other" not in self.home.devices:
            added = self.home.add("other", base_power=power)
            if self.home.dark:
                self.home.darken(added)

    @rule(name=some.sampled_from(["other", "battery", "roof"]))
    def delete(self, name: str) -> None:
        if name in self.home.devices:
            self.home.delete(name)

    @rule(enabled=some.booleans())
    def back_up(self, enabled: bool) -> None:
        if "battery" in self.home.devices:
            handle(self.home.devices["battery"], SetBackup(enabled), self.home.now)

    @rule(hours=some.floats(0.0, 12.0))
    def wait(self, hours: float) -> None:
        self.home.now += hours * HOUR_S

    @rule()
    def restart(self) -> None:
        self.home.restart()

    @rule(times=some.integers(1, 5))
    def tick(self, times: int) -> None:
        for _ in range(times):
            home = self.home
            registers, energy = home.shows()[1], home.energy
            home.tick(self.dt_s)
            if home.dark:
                assert home.shows() == (0, registers)
                assert sum(map(home.watts, home.devices)) == 0
            else:
                assert home.shows() == (home.power, registers + home.energy - energy)

    @invariant()
    def no_battery_is_below_its_floor(self) -> None:
        if "battery" in self.home.devices:
            assert self.home.battery.cells.store.soc > 0.03


TestIslands = Islands.TestCase
TestIslands.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)


def test_what_is_shown_is_in_the_last_digit() -> None:
    home = Home.standing()
    home.black_out()
    home.tick()
    assert sum(digits(one.reading(home.now).power) for one in home.devices.values()) == 0
