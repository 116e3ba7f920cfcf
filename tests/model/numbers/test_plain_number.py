"""Numbers as every consumer reads them: a decimal point and never an exponent."""

import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iotmock.model.faults.entry import FaultEntry
from iotmock.model.faults.fault import Injection
from iotmock.model.faults.request import parse_fault
from iotmock.model.meter import Meter, decimals_of
from iotmock.model.numbers.plain_number import figure, plain, plain_values
from iotmock.model.operations.faults import inject, shown
from tests.model.fleet import HOUR_S, MONDAY, VARIANTS, device, run

NUMBER = re.compile(rb'"(?:power|voltage|current|energy)":(-?[0-9]+\.[0-9]+)[,}]')
MANY = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(("device_type", "profile"), VARIANTS)
@pytest.mark.parametrize("base_power", [0.001, 0.009, 0.15, 2.0, 50.0, 10_000.0])
def test_no_message_has_an_exponent(device_type: str, profile: str, base_power: float) -> None:
    under_test = device(device_type, profile, base_power=base_power)
    for number, _ in enumerate(run(under_test, MONDAY, 2 * HOUR_S, 5.0)):
        message = msgspec.json.encode(under_test.reading(MONDAY + number))
        assert len(NUMBER.findall(message)) == 4, message


@pytest.mark.parametrize(
    ("base_power", "decimals"), [(0.001, 4), (10.0, 4), (10.1, 3), (1_000.0, 3), (5_000.0, 2)]
)
def test_a_meter_shows_what_such_a_meter_has(base_power: float, decimals: int) -> None:
    assert decimals_of(base_power) == decimals


@given(st.floats(0.0, 1e6), st.sampled_from([(4, 3), (4, 2), (3, 2), (2, 4)]))
def test_another_meter_never_shows_less(energy: float, decimals: tuple[int, int]) -> None:
    meter = Meter(1, decimals[0], energy)
    before = round(energy, decimals[0])
    meter.exchange(decimals[1])
    assert round(meter.energy_kwh, decimals[1]) >= before
    assert meter.energy_kwh == pytest.approx(energy, abs=1.1 * 10.0 ** -min(decimals))


@given(MANY)
@settings(max_examples=500)
def test_a_plain_number_is_the_number(value: float) -> None:
    text = plain(value)
    assert re.fullmatch(r"-?[0-9]+\.[0-9]+", text)
    assert float(text) == value


@given(st.dictionaries(st.text(), MANY | st.text() | st.booleans() | st.none()))
def test_plain_values_are_the_values(values: dict[str, object]) -> None:
    assert msgspec.json.decode(msgspec.json.encode(plain_values(values))) == values


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1e-7, "0.0000001"),
        (0.00012345, "0.0001234"),
        (0.5, "0.5"),
        (16.66666, "16.67"),
        (-20.0, "-20"),
        (1_234_567.0, "1,235,000"),
    ],
)
def test_a_figure_has_so_many_digits(value: float, text: str) -> None:
    assert figure(value, 4) == text


def test_a_faults_smallest_parameter_has_no_exponent() -> None:
    fault = parse_fault("dropout", {"probability": 1e-9})
    entry = FaultEntry.of(Injection("f", "d", fault, MONDAY, None), "active")
    assert b'"probability":0.000000001' in msgspec.json.encode(entry)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("spike", {"factor": 1e-6}),
        ("spike", {"factor": 1e6}),
        ("rollover", {"register_kwh": 1e-6}),
        ("drift", {"percent_per_day": 1e4}),
        ("counter_rollback", {"lost_kwh": 1e-6}),
    ],
)
def test_a_faulty_meter_has_the_meters_digits(name: str, parameters: dict[str, float]) -> None:
    under_test = device("appliance", "fridge")
    under_test.tick(MONDAY, 3600.0)
    injection = Injection("f", "under-test", parse_fault(name, parameters), MONDAY, None)
    inject(under_test, injection, MONDAY)
    for number in range(1, 50):
        under_test.tick(MONDAY + number * 600.0, 600.0)
        message = msgspec.json.encode(shown(under_test, MONDAY + number * 600.0))
        assert len(NUMBER.findall(message)) == 4, message
