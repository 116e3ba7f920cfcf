"""The meter between the physics and the message: rounds what is shown, integrates what is true."""

from math import ceil, log10, sqrt

from attrs import define

_PHASE_FACTOR = {1: 1.0, 3: sqrt(3.0)}
_HOURS_PER_SECOND = 1.0 / 3600.0


def power_decimals(base_power_kw: float) -> int:
    """Return the decimals of published powers: watts, and five digits for smaller devices."""
    return max(3, 5 - ceil(log10(base_power_kw)))


@define(eq=False)
class Meter:
    """True power (kW), voltage (V), power factor and energy (kWh) of one device.

    The identity that holds for what it shows: P = k·V·I·pf / 1000, with k = 1 for a single phase
    and √3 for three phases with V from line to line (realism.md).
    """

    phases: int
    decimals: int
    energy_kwh: float = 0.0
    power_kw: float = 0.0
    voltage_v: float = 0.0
    power_factor: float = 1.0

    def measure(self, power_kw: float, power_factor: float, voltage_v: float, dt_s: float) -> None:
        """Take the mean power over the last `dt_s` seconds."""
        self.energy_kwh += power_kw * dt_s * _HOURS_PER_SECOND
        self.power_kw = power_kw
        self.power_factor = power_factor
        self.voltage_v = voltage_v

    @property
    def current_a(self) -> float:
        """The current that the shown power, voltage and power factor imply."""
        if self.voltage_v == 0.0:
            return 0.0
        volt_amperes = self.power_kw * 1000.0 / self.power_factor
        return volt_amperes / (_PHASE_FACTOR[self.phases] * self.voltage_v)
