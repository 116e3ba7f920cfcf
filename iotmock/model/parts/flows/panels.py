"""Photovoltaic panels on a plane, and the inverter behind them. Powers / the inverter's rating."""

from attrs import frozen

from iotmock.model.numbers.exact_math import cosine, sine
from iotmock.model.numbers.noise import Noise
from iotmock.model.site.sun.clear_sky import SOLAR_CONSTANT
from iotmock.model.site.sun.sunlight import Light

ALBEDO = 0.2
_STANDARD_W_M2, _STANDARD_C = 1000.0, 25.0
_BEAM_FROM_SINE = 0.01745
"""Sine of one degree: nothing is divided by less."""
_BY_SQUARE, _BY_LOAD, _ALWAYS, _REFERENCE = -0.0162, 0.9858, -0.0059, 0.9637


@frozen
class Roof:
    """Where panels lie; what a device has of its own is drawn around it.

    `tilt_deg` from the horizontal, `azimuth_deg` clockwise from north; `..._spread_deg` standard
    deviations. `dc_ratio` panels (at 1,000 W/m², 25 °C) / inverter. `ross_k` is how much warmer
    than the air the cells are, K for each W/m².

    Source: tilts and azimuths of German systems in Killinger et al., "On the search for
    representative characteristics of PV systems", Solar Energy 173, 2018 (tilt 32° ± 12°, two in
    three within 45° of south); Skoplaki and Palyvos, Solar Energy 83, 2009, for the Ross
    coefficients (free 0.021, flat 0.026, sloped 0.034). Ratios: judgement, after what is sold.
    """

    tilt_deg: float
    tilt_spread_deg: float
    azimuth_deg: float = 180.0
    azimuth_spread_deg: float = 30.0
    dc_ratio: float = 1.15
    ross_k: float = 0.03


@frozen
class Panels:
    """One device's panels: a normal of length 1 (to east, north, up), and what they were bought as.

    `per_k` is what a kelvin takes of their power. `clean` is what dirt, cables and mismatch leave.
    `efficiency` is the inverter's nominal one.
    """

    east: float
    north: float
    up: float
    dc_ratio: float
    ross_k: float
    per_k: float
    clean: float
    efficiency: float

    @classmethod
    def drawn(cls, roof: Roof, noise: Noise, spread: float) -> "Panels":
        """Return the panels of one device."""
        off = [spread * max(-2.5, min(2.5, noise.gauss())) for _ in range(7)]
        tilt = max(0.0, min(90.0, roof.tilt_deg + roof.tilt_spread_deg * off[0])) / 360.0
        azimuth = (roof.azimuth_deg + roof.azimuth_spread_deg * off[1]) / 360.0
        return cls(
            sine(tilt) * sine(azimuth),
            sine(tilt) * cosine(azimuth),
            cosine(tilt),
            roof.dc_ratio * (1.0 + 0.08 * off[2]),
            roof.ross_k * (1.0 + 0.1 * off[3]),
            -0.004 * (1.0 + 0.08 * off[4]),
            0.94 + 0.015 * off[5],
            0.967 + 0.005 * off[6],
        )

    def irradiance(self, light: Light) -> tuple[float, float]:
        """Return W/m² of the plane: without the sun's own, and what the sun adds when it is out.

        Source: Hay and Davies 1980, as in Duffie and Beckman, 2.16 (some of the sky's light comes
        from around the sun).
        """
        east, north, up, beam, diffuse, shine = light
        facing = east * self.east + north * self.north + up * self.up
        around = beam / SOLAR_CONSTANT
        indirect = diffuse * (1.0 - around) * 0.5 * (1.0 + self.up)
        indirect += (diffuse + beam * up) * ALBEDO * 0.5 * (1.0 - self.up)
        if facing <= 0.0 or not shine:
            return indirect, 0.0
        height = up if up > _BEAM_FROM_SINE else _BEAM_FROM_SINE
        direct = (beam + diffuse * around / height) * facing
        return indirect, direct / shine

    def cell_c(self, outdoor_c: float, usual: float) -> float:
        """Return the cells' temperature. They follow in minutes: passing clouds leave it alone."""
        return outdoor_c + self.ross_k * usual

    def direct_current(self, irradiance: float, cell_c: float) -> float:
        """Return what the panels give the inverter."""
        warm = 1.0 + self.per_k * (cell_c - _STANDARD_C)
        return self.dc_ratio * self.clean * warm * irradiance / _STANDARD_W_M2

    def alternating_current(self, direct: float) -> float:
        """Return what the inverter makes of it, without its limits.

        Source: Dobos, "PVWatts version 5 manual", NREL/TP-6A20-62641, 2014.
        """
        load = direct * self.efficiency
        return (_ALWAYS + load * (_BY_LOAD + load * _BY_SQUARE)) / _REFERENCE
