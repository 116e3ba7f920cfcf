"""SENSOR: what the meter of a plug says, in W, V, A and kWh."""

from datetime import tzinfo
from math import floor, sqrt

import msgspec
from attrs import define

from iotmock.dialects.tasmota.days import Days, local
from iotmock.model.device import Device
from iotmock.model.reading import Reading

encode = msgspec.json.Encoder().encode
_THREE_PHASES = sqrt(3.0)
"""Of the voltage from line to line, which is what a meter of three phases shows."""


class Energy(msgspec.Struct, frozen=True, gc=False):
    """The fields by Tasmota's names and in its order; kWh, W, VA, var, V and A."""

    TotalStartTime: str
    Total: float
    Yesterday: float
    Today: float
    Power: float
    ApparentPower: float
    ReactivePower: float
    Factor: float
    Voltage: float
    Current: float


class Sensor(msgspec.Struct, frozen=True, gc=False):
    """The message."""

    Time: str
    ENERGY: Energy


@define(eq=False)
class Meter:
    """Makes the messages of one device. It lives as long as the device is known."""

    device: Device
    zone: tzinfo
    days: Days

    def encode(self, reading: Reading, /) -> bytes:
        """Return the message of a reading."""
        return encode(self.sensor(reading))

    def sensor(self, reading: Reading) -> Sensor:
        """Return what is in it. One piece, because it is made for every reading."""
        moment, date = local(reading.timestamp, self.zone)
        days, energy = self.days, self.device.meter.energy_kwh
        if date != days.date or energy < days.begin_kwh:
            days.turn(moment, date, energy)
        total, voltage, current = reading.energy, reading.voltage, reading.current
        today, watts = total - days.begin_kwh, reading.power * 1000.0
        apparent = voltage * current
        if self.device.meter.phases == 3:
            apparent *= _THREE_PHASES
        # What is shown is rounded: it may say a little more power than volt-amperes.
        apparent = max(abs(watts), apparent)
        return Sensor(
            moment,
            Energy(
                days.since,
                total,
                floor(days.yesterday_kwh * 1e4 + 0.5) / 1e4,
                floor(today * 1e4 + 0.5) / 1e4 if today > 0.0 else 0.0,
                floor(watts * 10.0 + 0.5) / 10.0,
                floor(apparent * 10.0 + 0.5) / 10.0,
                floor(sqrt(apparent * apparent - watts * watts) * 10.0 + 0.5) / 10.0,
                floor(abs(watts) / apparent * 100.0 + 0.5) / 100.0 if apparent > 0.0 else 0.0,
                voltage,
                current,
            ),
        )
