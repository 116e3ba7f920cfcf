"""Batteries: no energy is lost or made, limits hold, and each strategy does what it says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from iotmock.model.commands import Applied
from iotmock.model.device import Device
from iotmock.model.families.battery import (
    Battery,
    SetBackup,
    SetCharge,
    SetReserve,
    SetStrategy,
)
from iotmock.model.families.meter import SetBackground
from iotmock.model.operations.command import handle
from iotmock.model.parts.flows.ageing import Wear, charges, discharges
from iotmock.model.parts.flows.price import prices
from iotmock.model.parts.flows.store import Chemistry, Store
from iotmock.model.site.sites import Sites
from tests.model.fleet import CATALOGUE, DAY_S, HOUR_S, MONDAY, SEASONS, device, run

ticks = some.lists(
    some.tuples(some.floats(-1.5, 1.5), some.floats(0.0, 5.0)), min_size=1, max_size=40
)


def battery(under_test: Device) -> Battery:
    assert isinstance(under_test.family, Battery)
    return under_test.family


@settings(deadline=None)
@given(ticks, some.floats(0.5, 8.0), some.floats(0.0, 1.0), some.floats(0.7, 0.99))
def test_what_is_stored_is_what_went_in_less_losses(
    done: list[tuple[float, float]], capacity_h: float, soc: float, one_way: float
) -> None:
    store = Store(Chemistry(one_way, one_way), capacity_h, soc * capacity_h)
    before_h, taken_h, given_h = store.stored_h, 0.0, 0.0
    for power, hours in done:
        if power > 0.0:
            mean = store.charge(power, 1.0, hours)
            taken_h += mean * hours
        else:
            mean = store.discharge(-power, 0.0, hours)
            given_h += mean * hours
        assert 0.0 <= mean <= abs(power)
        assert -1e-9 <= store.stored_h <= capacity_h * (1.0 + 1e-9)
    wanted = before_h + one_way * taken_h - given_h / one_way
    assert store.stored_h == pytest.approx(wanted, abs=1e-9)


@settings(deadline=None)
@given(some.floats(0.05, 1.2), some.floats(0.0, 1.0), some.floats(0.1, 6.0), some.integers(2, 50))
def test_one_long_tick_charges_as_many_short_ones_do(
    power: float, soc: float, hours: float, parts: int
) -> None:
    one, many = (Store(Chemistry(), 2.0, 2.0 * soc) for _ in range(2))
    one.charge(power, 1.0, hours)
    for _ in range(parts):
        many.charge(power, 1.0, hours / parts)
    assert one.stored_h == pytest.approx(many.stored_h, rel=1e-9)


@pytest.mark.parametrize("dt_s", [1.0, 60.0, 900.0])
def test_a_device_stores_what_its_meter_counts(dt_s: float) -> None:
    under_test = device("battery", variation=0.0)
    handle(under_test, SetCharge(3.0), 0.0)
    own, hours = battery(under_test), 1.0
    before_h = own.cells.store.stored_h
    for _ in run(under_test, MONDAY, hours * HOUR_S, dt_s):
        pass
    stored_kwh = 5.0 * (own.cells.store.stored_h - before_h)
    taken_kwh = under_test.meter.energy_kwh - own.cells.standby * 5.0 * hours
    assert stored_kwh == pytest.approx(0.955 * taken_kwh, rel=1e-6)
    assert taken_kwh == pytest.approx(3.0)


def test_it_is_charged_by_command_until_it_is_full_and_slower_at_the_end() -> None:
    under_test = device("battery", variation=0.0)
    handle(under_test, SetCharge(5.0), 0.0)
    powers = list(run(under_test, MONDAY, 3 * HOUR_S, 60.0))
    assert powers[0] == pytest.approx(5.0, rel=0.01)
    ends = next(number for number, power in enumerate(powers) if power < 0.1)
    assert powers[ends - 2] < 1.0
    assert battery(under_test).cells.store.soc == 1.0


def test_it_discharges_by_command_down_to_its_reserve() -> None:
    under_test = device("battery", variation=0.0)
    handle(under_test, SetReserve(30.0), 0.0)
    handle(under_test, SetCharge(-2.0), 0.0)
    powers = list(run(under_test, MONDAY, 3 * HOUR_S, 60.0))
    assert powers[0] == pytest.approx(-2.0, rel=0.01)
    assert powers[-1] > 0.0
    assert battery(under_test).cells.store.soc == pytest.approx(0.3, abs=1e-3)
    assert under_test.meter.back_kwh > 1.5


def test_a_backup_keeps_a_reserve() -> None:
    under_test = device("battery", "depot")
    assert battery(under_test).reserve == 5.0
    assert handle(under_test, SetBackup(True), 0.0) == Applied()
    assert battery(under_test).reserve == 20.0


def home(sites: Sites) -> list[Device]:
    kinds = ("meter", "solar", "replay", "battery")
    return [device(kind, sites=sites, device_id=kind) for kind in kinds]


def live(devices: list[Device], begin: float, length_s: float, dt_s: float) -> list[list[float]]:
    found = []
    for number in range(1, round(length_s / dt_s) + 1):
        for one in devices:
            one.tick(begin + number * dt_s, dt_s)
        found.append([one.meter.power_kw for one in devices])
    return found


def test_by_its_own_meter_a_home_takes_less_from_the_grid() -> None:
    bought = []
    for count in (3, 4):
        devices = home(Sites(1, 0.1))[:count]
        live(devices, MONDAY, 3 * DAY_S, 60.0)
        bought.append(devices[0].meter.energy_kwh)
    without, with_battery = bought
    assert with_battery < 0.75 * without


def test_it_takes_what_the_sun_has_over_and_gives_what_is_missing() -> None:
    devices = home(Sites(1, 0.1))
    handle(devices[0], SetBackground(0.0), MONDAY)  # whose peaks it evens out as well
    powers = live(devices, MONDAY, 2 * DAY_S, 60.0)
    for _, solar, load, own in powers[1:]:
        if own > 0.05:
            assert -solar > 0.9 * load - 0.4
        if own < -0.05:
            assert load + solar > -0.4


def test_by_the_price_it_charges_when_it_is_cheap_and_discharges_when_it_is_dear() -> None:
    under_test = device("battery", "shop")
    for number in range(1, 3 * 96 + 1):
        under_test.tick(MONDAY + 900.0 * number, 900.0)
        site = under_test.site.conditions
        day = prices(site.day, 1.0)
        price = day.by_hour[int(site.hour)]
        if under_test.meter.power_kw > 1.0:
            assert price <= day.cheap
        if under_test.meter.power_kw < -1.0:
            assert price >= day.dear
    assert under_test.meter.energy_kwh > 50.0
    assert under_test.meter.back_kwh > 50.0


def test_a_strategy_is_chosen_by_command() -> None:
    under_test = device("battery")
    assert handle(under_test, SetStrategy("tariff"), 0.0) == Applied()
    assert battery(under_test).strategy == "tariff"


def test_cold_cells_take_nothing_and_warm_ones_all() -> None:
    assert charges(-5.0) == 0.0
    assert 0.0 < charges(5.0) < charges(20.0) == 1.0 > charges(50.0)
    assert discharges(-5.0) > charges(-5.0)


def test_in_a_frost_a_shed_charges_more_slowly() -> None:
    frost = Sites(1, 0.1, climate="cold")
    under_test = device("battery", "farm", sites=frost)
    handle(under_test, SetCharge(50.0), 0.0)
    coldest = min(run(under_test, SEASONS["january"], DAY_S, 900.0))
    warm = device("battery", "farm")
    handle(warm, SetCharge(50.0), 0.0)
    assert next(run(warm, MONDAY, 900.0, 900.0)) == pytest.approx(50.0, rel=0.02)
    assert coldest < 45.0


def test_capacity_fades_with_use_and_with_time() -> None:
    new, used, old = Wear(0.0, 0.0), Wear(6_000.0, 0.0), Wear(0.0, 3_652.5)
    assert new.health == 1.0
    assert used.health == pytest.approx(0.8)
    assert old.health == pytest.approx(0.88)
    under_test = device("battery")
    before = battery(under_test).cells.store.capacity_h
    handle(under_test, SetCharge(5.0), 0.0)
    for _ in run(under_test, MONDAY, 30 * DAY_S, 900.0):
        pass
    assert battery(under_test).cells.store.capacity_h < before


@pytest.mark.parametrize("profile", [one.name for one in CATALOGUE.get("battery").profiles])
def test_what_it_holds_outlives_the_process(profile: str) -> None:
    before = device("battery", profile)
    handle(before, SetCharge(-1.0), 0.0)
    for _ in run(before, MONDAY, HOUR_S, 60.0):
        pass
    after = device("battery", profile, state=before.state(None))
    one, other = battery(before), battery(after)
    assert other.cells.store.soc == pytest.approx(one.cells.store.soc)
    assert other.cells.wear == one.cells.wear or other.cells.wear.cycles == pytest.approx(
        one.cells.wear.cycles
    )
    assert (other.strategy, other.reserve, other.wanted) == (one.strategy, one.reserve, one.wanted)
    assert after.meter.energy_kwh == before.meter.energy_kwh
