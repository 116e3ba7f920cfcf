"""The main meter: it shows the sum of its location's devices, to the last digit."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from iotmock.model.commands import ResetEnergy
from iotmock.model.faults.fault import Injection
from iotmock.model.faults.types.device import Trip
from iotmock.model.faults.types.meter import CounterReset, Stuck
from iotmock.model.main_meter import MainMeter
from iotmock.model.operations.command import handle, next_fault_id
from iotmock.model.operations.faults import inject
from iotmock.model.operations.preview import preview
from iotmock.model.site.sites import Sites
from tests.model.fleet import CATALOGUE, DAY_S, MONDAY, device
from tests.model.site_balance import DIGITS, Location

SHARE = some.floats(-1.2, 1.6)
NAMES = some.sampled_from(["a", "b", "c", "d"])
TYPES = some.sampled_from([None, None, "appliance", "hvac", "industrial", "server"])


class Balance(RuleBasedStateMachine):
    """Whatever happens to devices, the meter shows what they show and counts what they did."""

    @initialize()
    def begin(self) -> None:
        self.location = Location()
        self.location.add_meter()
        self.registers = (0.0, 0.0)

    @rule(
        name=NAMES, kind=TYPES, power=some.sampled_from([0.05, 2.0, 40.0, 3_000.0]),
        phases=some.sampled_from([1, 3]), generates=some.booleans(),
    )  # fmt: skip
    def add(self, name: str, kind: str | None, power: float, phases: int, generates: bool) -> None:
        if name not in self.location.devices:
            self.location.add(name, kind, power, phases, generates=generates)

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        if name in self.location.devices:
            self.location.delete(name)

    @rule(name=NAMES, share=SHARE)
    def steer(self, name: str, share: float) -> None:
        if name in self.location.devices:
            self.location.steer(name, share)

    @rule(name=NAMES, fault=some.sampled_from([Stuck("all"), CounterReset(), Trip()]))
    def break_one(self, name: str, fault: Stuck | CounterReset | Trip) -> None:
        if name in self.location.devices:
            now = self.location.now
            one = self.location.devices[name]
            fault_id = next_fault_id(one, now)
            inject(one, Injection(fault_id, name, fault, now, now + 20.0), now)

    @rule(name=NAMES)
    def reset(self, name: str) -> None:
        if name in self.location.devices:
            before = self.location.energy
            handle(self.location.devices[name], ResetEnergy(), self.location.now)
            self.location.gone += before - self.location.energy

    @rule(name=NAMES, enabled=some.booleans())
    def switch(self, name: str, enabled: bool) -> None:
        if name in self.location.devices:
            self.location.devices[name].enabled = enabled

    @rule(name=NAMES, place=some.sampled_from(["Home", "Away"]))
    def move(self, name: str, place: str) -> None:
        one = self.location.devices.get(name)
        if one is not None:
            one.change(location=place)
            one.change(location="Home")

    @rule()
    def restart(self) -> None:
        self.location.restart()

    @rule(dt_s=some.sampled_from([0.1, 1.0, 5.0, 60.0, 900.0]), times=some.integers(1, 5))
    def tick(self, dt_s: float, times: int) -> None:
        for _ in range(times):
            self.location.tick(dt_s)
            power, energy = self.location.shows()
            assert power == self.truth()
            assert energy == self.location.energy

    def truth(self) -> int:
        # What a stuck meter shows is not what its device draws.
        return sum(one.meter.told()[0] for one in self.location.devices.values())

    @invariant()
    def neither_register_goes_back(self) -> None:
        meter = self.location.meters["meter"].meter
        now = (meter.energy_kwh, meter.back_kwh)
        assert now >= self.registers
        assert now[1] >= self.registers[1]
        self.registers = now


TestBalance = Balance.TestCase
TestBalance.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def home() -> Location:
    location = Location()
    location.add_meter()
    for name, kind in (("a", "appliance"), ("h", "hvac"), ("l", "lighting"), ("s", "server")):
        location.add(name, kind)
    location.add("p", generates=True)
    location.steer("p", -0.7)
    return location


def test_the_sum_of_what_is_shown_is_what_the_meter_shows() -> None:
    location = home()
    for _ in range(500):
        location.tick()
        assert location.shows() == (location.power, location.energy)


def test_nothing_drifts_in_a_quarter_of_a_million_ticks() -> None:
    location = Location()
    location.add_meter()
    for name in ("a", "b"):
        location.add(name, base_power=1.0 / 3.0)
        location.steer(name, 0.1234567)
    for number in range(250_000):
        location.steer("a", 1e-3 * (number % 997))
        location.tick(0.7)
    assert location.shows() == (location.power, location.energy)


def test_lines_make_the_whole() -> None:
    location = home()
    location.add("three", base_power=7.0, phases=3)
    location.steer("three", 0.5)
    for _ in range(50):
        location.tick()
        meter = location.meters["meter"].meter
        assert isinstance(meter, MainMeter)
        assert sum(meter.mains.by_line()) == location.power


def test_devices_of_one_phase_are_spread_over_the_lines() -> None:
    location = Location()
    location.add_meter()
    for number in range(30):
        location.add(f"d{number}")
        location.steer(f"d{number}", 0.5)
    location.tick()
    meter = location.meters["meter"].meter
    assert isinstance(meter, MainMeter)
    assert min(meter.mains.by_line()) > 0.15 * location.power


def test_a_meter_that_comes_late_counts_from_then_on_and_shows_all_at_once() -> None:
    location = Location()
    location.add("a")
    location.steer("a", 0.5)
    for _ in range(10):
        location.tick()
    location.add_meter()
    begin = location.energy
    location.meters["meter"].tick(location.now, 0.0)
    assert location.shows() == (location.power, 0)
    location.tick()
    assert location.shows() == (location.power, location.energy - begin)


def test_the_background_is_beside_the_devices_and_in_both_meters_of_a_location() -> None:
    location = Location()
    location.add("a")
    location.add_meter("one")
    location.add_meter("two")
    handle(location.meters["one"], CATALOGUE.get("meter").commands["set_background"](10.0), MONDAY)
    for _ in range(20):
        location.tick()
    assert location.shows("one") == location.shows("two")
    power, energy = location.shows("one")
    assert power - location.power == pytest.approx(1.73 * DIGITS, rel=0.5)
    assert energy - location.energy == pytest.approx(1.73 * DIGITS * 100 / 3600, rel=0.5)


def test_an_interval_of_the_meter_is_the_mean_of_what_came_in_it() -> None:
    location = Location()
    meter, one = location.add_meter(), location.add("a")
    shown, integral = [], 0.0
    for number in range(1, 241):
        location.steer("a", 1.0 if number % 12 < 6 else 0.0)
        now = location.now = location.now + 5.0
        one.tick(now, 5.0)
        if number % 12 == 0:
            meter.tick(now, 60.0)
            shown.append(meter.reading(now).power)
            integral += shown[-1] * 60.0 / 3600.0
    assert shown[5] == pytest.approx(1.0, rel=0.2)
    assert integral == pytest.approx(meter.meter.energy_kwh, rel=1e-3)


def test_a_slow_device_is_held_between_its_ticks() -> None:
    location = Location()
    meter, one = location.add_meter(), location.add("a")
    integral, powers = 0.0, []
    for number in range(1, 241):
        now = location.now = location.now + 5.0
        if number % 12 == 0:
            location.steer("a", 0.2 + 0.6 * (number % 7) / 7.0)
            one.tick(now, 60.0)
        meter.tick(now, 5.0)
        powers.append(meter.reading(now).power)
        integral += powers[-1] * 5.0 / 3600.0
    changes = sum(then != now for then, now in pairwise(powers))
    assert changes <= 20
    assert integral == pytest.approx(meter.meter.energy_kwh, abs=2.0 * 60.0 / 3600.0)


def test_a_disabled_meter_shows_nothing_and_counts_nothing() -> None:
    location = home()
    location.tick()
    meter = location.meters["meter"]
    before = meter.meter.energy_kwh, meter.meter.back_kwh
    meter.enabled = False
    for _ in range(5):
        location.tick()
    assert location.shows()[0] == 0
    meter.enabled = True
    location.tick(0.0)
    assert (meter.meter.energy_kwh, meter.meter.back_kwh) == before


def test_a_device_that_has_failed_is_no_longer_in_the_sum() -> None:
    location = home()
    location.tick()
    location.devices["s"].rest()
    del location.devices["s"]
    location.meters["meter"].tick(location.now, 0.0)
    assert location.shows()[0] == location.power


def test_current_voltage_power_and_power_factor_of_the_sum_agree() -> None:
    location = home()
    for _ in range(100):
        location.tick()
        meter = location.meters["meter"]
        shown, factor = meter.reading(location.now), meter.family.power_factor()
        assert 0.0 < factor <= 1.0
        implied = 3.0**0.5 * shown.voltage * shown.current * factor / 1000.0
        assert abs(shown.power) == pytest.approx(implied, abs=2e-3)


def test_a_look_ahead_disturbs_neither_meter_nor_devices() -> None:
    location = home()
    location.tick()
    before = location.shows(), location.meters["meter"].meter.power_kw
    assert len(preview(location.meters["meter"], location.now, 1.0, 60.0)) == 60
    assert len(preview(location.devices["a"], location.now, 1.0, 60.0)) == 60
    assert (location.shows(), location.meters["meter"].meter.power_kw) == before
    location.tick()
    assert location.shows() == (location.power, location.energy)


def test_a_location_of_many_devices_costs_the_meter_no_more() -> None:
    location = Location()
    meter = location.add_meter()
    for number in range(2_000):
        location.add(f"d{number}")
        location.steer(f"d{number}", 0.5)
    location.tick()
    assert location.shows() == (location.power, location.energy)
    assert meter.peak_kw > 2_000 * 2.0
    others = location.devices
    location.devices = {}
    for _ in range(2_000):  # at a cost for each device this would take a minute
        location.tick(0.0)
    location.devices = others
    assert location.shows()[0] == location.power


@given(some.sampled_from(["home", "office", "factory", "farm", "shop", "depot", "datacentre"]))
@settings(deadline=None, max_examples=7)
def test_the_background_is_a_small_part_of_the_connection(profile: str) -> None:
    under_test = device("meter", profile)
    for number in range(1, 97):
        under_test.tick(MONDAY + 900.0 * number, 900.0)
    mean = under_test.meter.energy_kwh / 24.0 / under_test.spec.base_power
    assert 0.001 < mean < 0.15


@pytest.mark.parametrize("dt_s", [1.0, 900.0])
def test_a_days_background_is_the_same_at_any_interval(dt_s: float) -> None:
    usual, other = device("meter", "home"), device("meter", "home")
    days = 1 if dt_s < 60.0 else 7
    for number in range(1, int(days * DAY_S / 60.0) + 1):
        usual.tick(MONDAY + 60.0 * number, 60.0)
    for number in range(1, int(days * DAY_S / dt_s) + 1):
        other.tick(MONDAY + dt_s * number, dt_s)
    assert other.meter.energy_kwh == pytest.approx(usual.meter.energy_kwh, rel=0.02)


def test_a_home_cooks_at_meals_and_not_at_night() -> None:
    home, hours = device("meter", "home", sites=Sites(1, 0.1)), [0.0] * 24
    shown = []
    for minute in range(1, 14 * 1_440 + 1):
        home.tick(MONDAY + 60.0 * minute, 60.0)
        shown.append(home.meter.power_kw)
        hours[(minute - 1) // 60 % 24] += home.meter.power_kw / 60.0 / 14.0
    assert sum(kw > 1.5 for kw in shown) / 14.0 > 10.0  # minutes a day
    assert max(hours) in hours[17:20]
    assert sum(hours[17:20]) > 3.0 * sum(hours[1:4])
    assert 2.5 < sum(hours) < 12.0


def test_two_homes_have_different_backgrounds() -> None:
    powers = set()
    for number in range(5):
        one = device("meter", "home", device_id=f"m{number}", sites=Sites(1, 0.1))
        one.tick(MONDAY + 5.0, 5.0)
        powers.add(one.meter.power_kw)
    assert len(powers) == 5
