"""Devices that feed in: negative power, and a register for each way."""

from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as some

from iotmock.model.commands import ResetEnergy
from iotmock.model.device import Device
from iotmock.model.meter import TwoWayMeter
from iotmock.model.operations.command import handle
from iotmock.model.spec import DeviceState
from tests.model.feeding import steered
from tests.model.fleet import MONDAY

SHARES = some.lists(some.floats(-2.0, 2.0), min_size=1, max_size=30)


def live(made: Device, family: object, shares: list[float], dt_s: float = 5.0) -> list[float]:
    powers = []
    for number, share in enumerate(shares, start=1):
        family.share = share  # type: ignore[attr-defined]
        made.tick(MONDAY + number * dt_s, dt_s)
        powers.append(made.meter.power_kw)
    return powers


@given(SHARES, some.booleans())
def test_each_way_has_a_register_that_is_the_integral_of_what_went_that_way(
    shares: list[float], generates: bool
) -> None:
    made, family = steered(generates=generates)
    powers = live(made, family, shares)
    drawn = sum(power for power in powers if power > 0.0) * 5.0 / 3600.0
    fed = -sum(power for power in powers if power < 0.0) * 5.0 / 3600.0
    ways = (fed, drawn) if generates else (drawn, fed)
    assert (made.meter.energy_kwh, made.meter.back_kwh) == pytest.approx(ways, abs=1e-12)


@given(SHARES)
def test_no_register_goes_back(shares: list[float]) -> None:
    made, family = steered()
    registers = [(0.0, 0.0)]
    for share in shares:
        live(made, family, [share])
        registers.append((made.meter.energy_kwh, made.meter.back_kwh))
    assert all(then[0] <= now[0] and then[1] <= now[1] for then, now in pairwise(registers))


def test_power_is_held_to_what_the_device_can_draw_and_feed_in() -> None:
    made, family = steered(feeds=0.5, variation=0.0)
    assert live(made, family, [-2.0, 2.0]) == [-2.5, 7.5]


def test_a_device_that_never_feeds_in_is_held_at_nought() -> None:
    made, family = steered(feeds=0.0)
    assert live(made, family, [-0.3]) == [0.0]
    assert '"0.0"' in f'"{made.reading(MONDAY + 5.0).power}"'  # and is not shown as -0.0


@pytest.mark.parametrize("phases", [1, 3])
def test_current_is_a_magnitude_and_power_has_the_sign(phases: int) -> None:
    made, family = steered(phases=phases)
    live(made, family, [0.5])
    drawing = made.reading(MONDAY)
    live(made, family, [-0.5])
    feeding = made.reading(MONDAY)
    assert feeding.power == -drawing.power
    assert feeding.current == pytest.approx(drawing.current, rel=0.02)


def test_feeding_in_lifts_the_voltage() -> None:
    made, family = steered(variation=0.0)
    live(made, family, [0.0])
    at_rest = made.meter.voltage_v
    live(made, family, [-1.0])
    assert made.meter.voltage_v > at_rest


def test_both_registers_come_back_and_both_can_be_reset() -> None:
    made, family = steered()
    live(made, family, [1.0, -0.5])
    state = made.state(MONDAY)
    again, _ = steered(state=state)
    assert (again.meter.energy_kwh, again.meter.back_kwh) == (state.energy_kwh, state.back_kwh)
    assert min(state.energy_kwh, state.back_kwh) > 0.0
    handle(again, ResetEnergy(), MONDAY)
    assert (again.meter.energy_kwh, again.meter.back_kwh) == (0.0, 0.0)


def test_a_coarser_meter_takes_neither_register_back() -> None:
    made, _ = steered(state=DeviceState(energy_kwh=1.23456, back_kwh=2.00004))
    made.change(base_power=500.0)
    assert (made.meter.energy_kwh, made.meter.back_kwh) == (1.235, 2.001)


def test_a_tick_that_needs_a_reserve_needs_it_both_ways() -> None:
    made, _ = steered(state=DeviceState(energy_kwh=1.0, back_kwh=2.0))
    assert isinstance(made.meter, TwoWayMeter)
    made.meter.let_show(inf, 2.5)
    assert made.meter.lets(0.5)
    assert not made.meter.lets(0.6)
    made.meter.let_show(1.5, inf)
    assert not made.meter.lets(0.6)
