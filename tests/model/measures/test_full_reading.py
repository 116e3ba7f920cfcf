"""READING=full: what is measured fits together, whatever the device does."""

from math import sqrt
from statistics import fmean, pstdev

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from iotmock.model.device import Device
from iotmock.model.faults.fault import Injection
from iotmock.model.faults.types.meter import CounterReset, FalseZero
from iotmock.model.measures.frequency import frequency
from iotmock.model.measures.full_meter import FullMeter
from iotmock.model.measures.full_meters import FullMeters
from iotmock.model.measures.full_reading import BASIC, FullReading
from iotmock.model.operations.faults import inject, shown
from iotmock.model.site.places.place import Country
from iotmock.model.site.sites import Sites
from tests.model.feeding import Steered, steered
from tests.model.fleet import HOUR_S, MONDAY, VARIANTS, device
from tests.model.site_balance import Location

THREE = ("l1", "l2", "l3")


def check(under_test: Device, full: FullReading) -> None:
    """See that every identity holds within the last digit of what is shown."""
    digit = 1.0 / under_test.meter.digits
    p, q, s = full.power, full.reactive_power, full.apparent_power
    assert isinstance(q, float)
    assert isinstance(s, float)
    assert isinstance(full.power_factor, float)
    assert sqrt(p * p + q * q) == pytest.approx(s, abs=digit)
    assert s * full.power_factor == pytest.approx(abs(p), abs=digit + 1e-4 * s)
    for way in ("import", "export"):
        whole = getattr(full, f"energy_{way}")
        parts = [getattr(full, f"energy_{way}_t{tariff}") for tariff in (1, 2)]
        assert sum(parts) == pytest.approx(whole, abs=1e-9)
        assert min(parts) >= 0.0
    lines = [getattr(full, f"power_{line}") for line in THREE]
    if under_test.profile.phases == 3:
        assert sum(lines) == pytest.approx(p, abs=1e-9 * max(1.0, s))
        assert min(getattr(full, f"current_{line}") for line in THREE) >= 0.0
    else:
        assert set(lines) == {msgspec.UNSET}


@pytest.mark.parametrize(("device_type", "profile"), VARIANTS)
def test_all_that_is_measured_fits_together(device_type: str, profile: str) -> None:
    under_test = device(device_type, profile)
    meter = FullMeter(under_test)
    for number in range(1, 200):
        now = MONDAY + 450.0 * number
        under_test.tick(now, 450.0)
        full = meter.full(under_test.reading(now))
        check(under_test, full)
        assert [getattr(full, name) for name in BASIC] == [
            getattr(under_test.reading(now), name) for name in BASIC
        ]


@given(some.lists(some.floats(-1.0, 1.5), max_size=20), some.booleans(), some.sampled_from([1, 3]))
@settings(max_examples=50, deadline=None)
def test_it_fits_together_while_a_device_feeds_in(
    shares: list[float], generates: bool, phases: int
) -> None:
    under_test, family = steered(generates=generates, phases=phases)
    meter, before = FullMeter(under_test), (0.0, 0.0)
    for number, share in enumerate(shares, start=1):
        family.share = share
        now = MONDAY + HOUR_S * number
        under_test.tick(now, HOUR_S)
        full = meter.full(under_test.reading(now))
        check(under_test, full)
        assert full.energy == (full.energy_export if generates else full.energy_import)
        assert isinstance(full.energy_import, float)
        assert isinstance(full.energy_export, float)
        ways = full.energy_import, full.energy_export
        assert ways[0] >= before[0]
        assert ways[1] >= before[1]
        before = ways


def test_a_fault_of_the_meter_is_in_all_that_follows_from_it() -> None:
    under_test = device("hvac")
    meter = FullMeter(under_test)
    for number in range(1, 100):
        under_test.tick(MONDAY + HOUR_S * number, HOUR_S)
    now = MONDAY + 100 * HOUR_S
    for fault in (FalseZero(), CounterReset()):
        inject(under_test, Injection(fault.name, "d", fault, now, None), now)
    under_test.tick(now, HOUR_S)
    full = meter.full(shown(under_test, now))
    check(under_test, full)
    assert full.power == 0.0
    assert isinstance(full.energy_import, float)
    assert full.energy_import < under_test.meter.energy_kwh - 1.0


def test_the_lines_of_a_main_meter_are_those_of_its_mains() -> None:
    location = Location()
    meter = location.add_meter()
    for number in range(7):
        location.add(f"d{number}", phases=3 if number == 3 else 1)
        location.steer(f"d{number}", 0.1 * number)
    full_meter = FullMeter(meter)
    for _ in range(5):
        location.tick()
        full = full_meter.full(meter.reading(location.now))
        check(meter, full)
        assert full.power_l1 != full.power_l2


def test_types_have_what_is_their_own_last() -> None:
    under_test = device("hvac")
    under_test.tick(MONDAY, 5.0)
    told = msgspec.json.decode(FullMeter(under_test).encode(under_test.reading(MONDAY)))
    assert list(told)[: len(BASIC)] == list(BASIC)
    assert list(told)[-2:] == ["temperature", "setpoint"]
    assert 15.0 < told["temperature"] < 30.0


class Windy(Steered):
    def extras(self) -> dict[str, float]:
        return {"soc": 55.0, "wind_speed": 7.5}


def test_what_only_another_distributions_type_measures_comes_after_all() -> None:
    under_test, _ = steered()
    under_test.family = Windy()
    told = msgspec.json.decode(FullMeter(under_test).encode(under_test.reading(MONDAY)))
    assert list(told)[-2:] == ["soc", "wind_speed"]


# Tariffs


def test_tariffs_change_at_seven_and_at_eleven_and_weekends_are_cheap() -> None:
    under_test, family = steered(variation=0.0)
    family.share, meter, tariffs = 1.0, FullMeter(under_test), []
    for number in range(1, 6 * 24 + 1):
        now = MONDAY + HOUR_S * number
        under_test.tick(now, HOUR_S)
        tariffs.append(meter.full(under_test.reading(now)).tariff)
    assert tariffs[:24] == [1] * 7 + [2] * 16 + [1]
    assert set(tariffs[5 * 24 :]) == {1}
    full = meter.full(under_test.reading(now))
    assert full.energy_import_t2 == pytest.approx(5 * 16 * 5.0, abs=5.001)  # to a tick
    assert full.energy_import_t1 == pytest.approx((6 * 24 - 5 * 16) * 5.0, abs=5.001)


def test_the_split_by_tariff_is_kept_over_a_restart_and_forgotten_with_its_device() -> None:
    meters = FullMeters("full")
    under_test, family = steered()
    family.share = 1.0
    for number in range(1, 40):
        now = MONDAY + HOUR_S * number
        under_test.tick(now, HOUR_S)
        before = meters.of(under_test).full(under_test.reading(now))
    kept = meters.take_changed(None)
    assert not meters.take_changed(None)
    again = FullMeters("full")
    again.recall({name: memory for name, memory in kept.items() if memory is not None})
    assert again.of(under_test).full(under_test.reading(now)) == before
    again.forget("under-test")
    assert again.take_changed(None) == {"full:under-test": None}


@pytest.mark.parametrize("memory", [b"", b"{}", b"\xff", b'{"tariff":"x"}'])
def test_a_memory_that_is_not_to_be_read_is_as_none(memory: bytes) -> None:
    meters = FullMeters("full")
    meters.recall({"full:under-test": memory})
    under_test, _ = steered()
    full = meters.of(under_test).full(under_test.reading(MONDAY))
    assert full.energy_import_t1 == 0.0


def test_a_reset_begins_the_split_anew() -> None:
    under_test, family = steered()
    family.share, meter = 1.0, FullMeter(under_test)
    for number in range(1, 30):
        if number == 20:
            under_test.reset_energy()
        now = MONDAY + HOUR_S * number
        under_test.tick(now, HOUR_S)
        check(under_test, meter.full(under_test.reading(now)))


# Frequency


def test_frequency_wanders_as_in_continental_europe() -> None:
    hours = [frequency(1, 1.0, 50.0, int(MONDAY) + 7 * second) for second in range(40_000)]
    assert fmean(hours) == pytest.approx(50.0, abs=0.004)
    assert 0.014 < pstdev(hours) < 0.026
    assert 49.8 <= min(hours) < 49.95
    steps = [
        abs(frequency(1, 1.0, 50.0, second + 1) - frequency(1, 1.0, 50.0, second))
        for second in range(600)
    ]
    assert max(steps) < 0.02


def test_frequency_is_one_for_all_and_still_without_variation() -> None:
    sites = Sites(3, 0.1)
    told = set()
    for name in ("a", "b"):
        one = device("hvac", sites=sites, device_id=name)
        one.tick(MONDAY, 5.0)
        told.add(FullMeter(one).full(one.reading(MONDAY)).frequency)
    assert len(told) == 1
    assert {frequency(1, 0.0, 50.0, second) for second in range(1_000)} == {50.0}


@pytest.mark.parametrize(
    ("country", "hz"), [("US", 60.0), ("DE", 50.0), ("SA", 60.0), ("JP", 50.0), ("TD", 50.0)]
)
def test_a_site_has_the_frequency_of_its_country(country: str, hz: float) -> None:
    sites = Sites(3, 0.1)
    sites.settle("", Country.of(country))
    one = device("hvac", sites=sites)
    one.tick(MONDAY, 5.0)
    assert FullMeter(one).full(one.reading(MONDAY)).frequency == pytest.approx(hz, abs=0.2)
