"""What always holds between power, voltage, current and energy."""

from math import sqrt

from hypothesis import given, settings
from hypothesis import strategies as st

from iotmock.model.commands import Rejected, parse_command
from iotmock.model.device import Device
from iotmock.model.operations.command import handle
from tests.model.fleet import MONDAY, VARIANTS, WEEK_S, device

variants = st.sampled_from(VARIANTS)
steps = st.lists(
    st.one_of(st.floats(0.0, 120.0), st.floats(0.0, 36_000.0)), min_size=1, max_size=30
)
commands = st.sampled_from(
    [
        ("set_setpoint", {"temperature": 18.0}),
        ("set_brightness", {"percent": 40.0}),
        ("set_load", {"percent": 100.0}),
        ("start_line", {}),
        ("stop_line", {}),
        ("start_cycle", {"program": "oven"}),
        ("set_enabled", {"enabled": False}),
        ("set_enabled", {"enabled": True}),
        ("reboot", {}),
    ]
)
devices = st.builds(
    lambda variant, **others: device(*variant, **others),
    variants,
    base_power=st.floats(0.001, 10_000.0),
    base_voltage=st.floats(100.0, 1_000.0),
    seed=st.integers(0, 10_000),
    variation=st.sampled_from([0.0, 0.1, 0.3, 1.0]),
)


def do(under_test: Device, name: str, parameters: dict[str, object]) -> None:
    command = parse_command(under_test.kind.commands, name, parameters)
    if not isinstance(command, Rejected):
        handle(under_test, command, 0.0)


@settings(deadline=None, max_examples=150)
@given(devices, st.floats(0.0, 52 * WEEK_S), steps, st.lists(commands, max_size=4))
def test_the_published_numbers_belong_together(
    under_test: Device,
    begin: float,
    dts: list[float],
    sent: list[tuple[str, dict[str, object]]],
) -> None:
    now, published = MONDAY + begin, 0.0
    digit = 10.0**-under_test.meter.decimals
    limits = under_test.spec.base_voltage * 0.85, under_test.spec.base_voltage * 1.10
    for number, dt_s in enumerate(dts):
        if number < len(sent):
            do(under_test, *sent[number])
        now += dt_s
        before = under_test.meter.energy_kwh
        under_test.tick(now, dt_s)
        reading = under_test.reading(now)

        k = sqrt(3.0) if under_test.profile.phases == 3 else 1.0
        pf = under_test.power_factor()
        implied = k * reading.voltage * reading.current * pf / 1000.0
        rounding = 0.5 * under_test.meter.step * digit + k * pf / 1000.0 * (
            0.5 * digit * reading.voltage + 0.05 * reading.current + 0.05 * digit
        )
        assert abs(abs(reading.power) - implied) <= rounding * 1.000001
        assert 0.0 < pf <= 1.0
        least = -under_test.peak_kw if under_test.profile.feeds else 0.0
        assert least * 1.000001 <= under_test.meter.power_kw <= under_test.peak_kw * 1.000001
        assert limits[0] <= under_test.meter.voltage_v <= limits[1]
        assert under_test.meter.energy_kwh >= before
        counted = -reading.power if under_test.profile.generates else reading.power
        published += max(0.0, counted) * dt_s / 3600.0

    total, step = under_test.meter.energy_kwh, under_test.meter.step * digit
    assert abs(published - total) <= 0.005 * total + 0.5 * step * (1.0 + sum(dts) / 3600.0)
