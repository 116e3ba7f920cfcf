"""How power follows voltage: a part of constant impedance, one of constant current, one of power.

Coefficients are those that NREL's OCHRE uses (Blonsky et al., Applied Energy 290, 2021), most of
them after Bokhari et al., "Experimental determination of the ZIP coefficients for modern
residential, commercial, and industrial loads", IEEE Trans. Power Delivery 29(3), 2014.
"""

from typing import NamedTuple


class ZipLoad(NamedTuple):
    """Power / power at nominal voltage is (z·u + i)·u + p, with u = voltage / nominal."""

    z: float
    i: float
    p: float


CONSTANT_POWER = ZipLoad(0.0, 0.0, 1.0)
"""Supplies and drives that regulate: computers, LED drivers, motors behind converters."""
RESISTIVE = ZipLoad(1.0, 0.0, 0.0)
"""Heaters without a thermostat in the way: dryers, dishwashers, ranges (Lu et al., 2008)."""
HEAT_PUMP = ZipLoad(0.72, -0.98, 1.26)
"""Compressors and pumps (Hajagos, Danai, IEEE Trans. Power Systems 13(2), 1998)."""
AIR_CONDITIONER = ZipLoad(1.6, -2.69, 2.09)
FRIDGE = ZipLoad(5.03, -8.48, 4.45)
LAMP = ZipLoad(0.54, 0.5, -0.04)
"""Lamps of homes, which have simple drivers or none."""
PLUG_LOADS = ZipLoad(0.361, -0.086, 0.725)
"""What is plugged in at an office."""
KITCHEN = ZipLoad(0.9, -0.25, 0.35)
"""Two thirds heaters, the rest plug loads and a fridge: judgement."""
LAUNDRY = ZipLoad(0.85, 0.05, 0.1)
"""Mostly heaters; drums after Arif et al., IEEE Trans. Smart Grid 9(6), 2018."""
