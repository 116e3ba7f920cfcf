"""Devices to test: made from a family's name, ticked at a steady pace."""

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from iotmock.model.device import Device
from iotmock.model.families import built_in
from iotmock.model.site.site import Conditions
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceSpec, DeviceState

MONDAY = 1_751_846_400.0  # 2025-07-07 00:00 UTC, a Monday in the cooling season
SEASONS = {
    "january": 1_736_121_600.0,  # 2025-01-06
    "april": 1_743_984_000.0,  # 2025-04-07
    "october": 1_759_708_800.0,  # 2025-10-06
}
"""Other Mondays 00:00 UTC: of heating, and of mornings that heat and afternoons that cool."""
HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
WEEK_S = 7 * DAY_S

CATALOGUE = built_in()
VARIANTS = [(kind.device_type, profile.name) for kind in CATALOGUE for profile in kind.profiles]
FAMILIES = CATALOGUE.names
LOADS = ("hvac", "lighting", "server", "industrial", "appliance")
"""What people and their work make draw more by day."""


def device(
    device_type: str,
    profile: str | None = None,
    *,
    sites: Sites | None = None,
    seed: int = 1,
    variation: float = 0.1,
    device_id: str = "under-test",
    base_power: float | None = None,
    base_voltage: float | None = None,
    state: DeviceState | None = None,
) -> Device:
    kind = CATALOGUE.get(device_type)
    variant = kind.profile(profile)
    spec = DeviceSpec(
        device_id,
        device_type,
        "Under Test",
        base_power or variant.base_power,
        base_voltage or variant.base_voltage,
        profile=profile,
    )
    return Device.make(spec, kind, sites or Sites(seed, variation), state or DeviceState())


def conditions(**moment: Any) -> Conditions:
    """Return the conditions of a moment that a test makes up, for a family without its device."""
    return evolve(Sites(1, 0.0).at("").conditions, **moment)


def run(under_test: Device, begin: float, length_s: float, dt_s: float) -> Iterator[float]:
    """Tick through `length_s`; yield the power after each tick, in kW."""
    for number in range(1, round(length_s / dt_s) + 1):
        under_test.tick(begin + number * dt_s, dt_s)
        yield under_test.meter.power_kw


def energy(under_test: Device, begin: float, length_s: float, dt_s: float) -> float:
    """Return the kWh that `length_s` take."""
    before = under_test.meter.energy_kwh
    for _ in run(under_test, begin, length_s, dt_s):
        pass
    return under_test.meter.energy_kwh - before
