"""What a meter measures beside the basic reading, so that all of it fits together."""

from collections.abc import Mapping
from math import floor, sqrt
from typing import Any, Protocol

import msgspec
from attrs import define, field

from iotmock.model.family import Extra, Family, HasExtras, Profile
from iotmock.model.main_meter import MainMeter
from iotmock.model.measures.frequency import frequency
from iotmock.model.measures.full_reading import EXTRAS, FullReading
from iotmock.model.measures.lines import Unbalance
from iotmock.model.measures.tariffs import Tariffs, tariff_at
from iotmock.model.meter import Meter
from iotmock.model.reading import Reading
from iotmock.model.site.site import Site
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceSpec

_ROOT_3 = sqrt(3.0)
_SET = ("setpoint", "load", "brightness")
"""Settings that are told of a family that measures nothing of its own."""
_LINES = ("l1", "l2", "l3")
encode = msgspec.json.Encoder().encode


class Metered(Protocol):
    """What must be known of a device."""

    spec: DeviceSpec
    profile: Profile
    sites: Sites
    site: Site
    family: Family
    meter: Meter


@define(eq=False)
class FullMeter:
    """Fills the fields of one device. A fault in the basic reading is in all that follows from it.

    Apparent power is what voltage and current show, so that S² = P² + Q²; the lines make the
    whole, and the tariffs the registers.
    """

    device: Metered
    tariffs: Tariffs = field(factory=Tariffs)
    _unbalance: Unbalance | None = None

    def encode(self, reading: Reading, /) -> bytes:
        """Return the message of a reading."""
        return encode(self.told(reading))

    def told(self, reading: Reading) -> FullReading | dict[str, Any]:
        """Return what the message says: as a dict where a type has what no other has."""
        full, extras = self.full(reading), self._extras()
        others = {name: value for name, value in extras.items() if name not in EXTRAS}
        return msgspec.to_builtins(full) | others if others else full

    def full(self, reading: Reading) -> FullReading:
        """Return the reading with all that is measured."""
        found = self._powers(reading) | self._registers(reading)
        if isinstance(meter := self.device.meter, MainMeter):
            found["background"] = meter.branch.power_kw
        if self.device.profile.phases == 3:
            found |= self._lines(reading, found["reactive_power"])
        basic = msgspec.structs.asdict(reading)
        extras = self._extras()
        known: dict[str, Any] = {name: extras[name] for name in EXTRAS if name in extras}
        return FullReading(**basic, **found, **known)

    def _powers(self, reading: Reading) -> dict[str, Any]:
        meter, region = self.device.meter, self.device.site.weather.region
        power = abs(reading.power)
        apparent = reading.voltage * reading.current / 1000.0
        if meter.phases == 3:
            apparent *= _ROOT_3
        apparent = max(power, _rounded(apparent, meter.digits))
        reactive = sqrt(apparent * apparent - power * power)
        second = int(self.device.site.conditions.now)
        return {
            "reactive_power": _rounded(reactive, meter.digits),
            "apparent_power": apparent,
            "power_factor": _rounded(power / apparent, 1e4) if apparent else 1.0,
            "frequency": frequency(region.fleet_seed, region.spread, region.nominal_hz, second),
        }

    # Lines

    def _lines(self, reading: Reading, reactive: float) -> dict[str, Any]:
        meter, unbalance = self.device.meter, self._of_lines()
        powers = self._powers_of_lines(reading.power, unbalance)
        found: dict[str, Any] = {}
        for line, (name, power) in enumerate(zip(_LINES, powers, strict=True)):
            voltage = _rounded(unbalance.voltage(line, reading.voltage), 10.0)
            own = sqrt(power * power + (reactive * unbalance.shares[line]) ** 2)
            current = own * 1000.0 / voltage if voltage else 0.0
            found[f"power_{name}"] = power
            found[f"voltage_{name}"] = voltage
            found[f"current_{name}"] = _rounded(current, meter.digits)
        return found

    def _powers_of_lines(self, power: float, unbalance: Unbalance) -> tuple[float, float, float]:
        meter, digits = self.device.meter, self.device.meter.digits
        total = floor(power * digits + 0.5)
        one, two = (floor(total * share + 0.5) for share in unbalance.shares[:2])
        if isinstance(meter, MainMeter) and total == sum(meter.lines):
            one, two, _ = meter.lines
        return one / digits, two / digits, (total - one - two) / digits

    def _of_lines(self) -> Unbalance:
        if self._unbalance is None:
            spec, sites = self.device.spec, self.device.sites
            about = sites.fleet_seed, sites.region.spread, spec.device_id, spec.location
            self._unbalance = Unbalance.of(*about)
        return self._unbalance

    # Registers

    def _registers(self, reading: Reading) -> dict[str, Any]:
        meter, site = self.device.meter, self.device.site.conditions
        digits, back = meter.digits, meter.shown_back_kwh
        generates = self.device.profile.generates
        drawn, fed = (back, reading.energy) if generates else (reading.energy, back)
        true, went_back = meter.energy_kwh, meter.back_kwh
        counted = (went_back, true) if generates else (true, went_back)
        tariff = tariff_at(site.day, site.hour)
        low = self.tariffs.low(tariff, *counted)
        # A faulty counter may show less than was counted at the low tariff.
        low_drawn, low_fed = (
            min(drawn, _rounded(low[0], digits)),
            min(fed, _rounded(low[1], digits)),
        )
        return {
            "energy_import": drawn,
            "energy_export": fed,
            "tariff": tariff,
            "energy_import_t1": low_drawn,
            "energy_import_t2": _rounded(drawn - low_drawn, digits),
            "energy_export_t1": low_fed,
            "energy_export_t2": _rounded(fed - low_fed, digits),
        }

    def _extras(self) -> Mapping[str, Extra]:
        family = self.device.family
        if isinstance(family, HasExtras):
            return family.extras()
        settings = family.settings()
        return {name: settings[name] for name in _SET if name in settings}


def _rounded(value: float, digits: float) -> float:
    return floor(value * digits + 0.5) / digits
