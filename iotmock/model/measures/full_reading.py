"""The full reading: the basic one, and what else a meter measures. The names are in readings.md."""

from msgspec import UNSET, UnsetType

from iotmock.model.reading import Reading

Measured = float | UnsetType
"""What not every device measures; it is left out then."""


class FullReading(Reading, frozen=True, gc=False, omit_defaults=True):
    """kW, kvar, kVA, Hz, V, A, kWh; power is negative while the device feeds in.

    Lines are there where a device takes three; what only some types have comes last. The field
    order is the message's.
    """

    reactive_power: Measured = UNSET
    apparent_power: Measured = UNSET
    power_factor: Measured = UNSET
    frequency: Measured = UNSET
    power_l1: Measured = UNSET
    power_l2: Measured = UNSET
    power_l3: Measured = UNSET
    voltage_l1: Measured = UNSET
    voltage_l2: Measured = UNSET
    voltage_l3: Measured = UNSET
    current_l1: Measured = UNSET
    current_l2: Measured = UNSET
    current_l3: Measured = UNSET
    energy_import: Measured = UNSET
    energy_export: Measured = UNSET
    tariff: int | UnsetType = UNSET
    energy_import_t1: Measured = UNSET
    energy_import_t2: Measured = UNSET
    energy_export_t1: Measured = UNSET
    energy_export_t2: Measured = UNSET
    background: Measured = UNSET
    temperature: Measured = UNSET
    setpoint: Measured = UNSET
    brightness: Measured = UNSET
    load: Measured = UNSET
    soc: Measured = UNSET
    session_energy: Measured = UNSET
    irradiance: Measured = UNSET
    cell_temperature: Measured = UNSET
    occupancy: Measured = UNSET
    price: Measured = UNSET
    state: str | UnsetType = UNSET


BASIC = Reading.__struct_fields__
MEASURED = FullReading.__struct_fields__[len(BASIC) :]
EXTRAS = MEASURED[MEASURED.index("background") + 1 :]
"""What `Family.extras` may have."""
