"""Thermal masses by time constant and thermostat: devices that are alike to a tenth share one."""

from iotmock.model.numbers.by_step import ByStep, relaxation
from iotmock.model.numbers.exact_math import exp, log
from iotmock.model.numbers.held import while_held
from iotmock.model.parts.thermostat import ThermalMass

_STEP = 0.1
_MINUTE_S = 60.0


def mass_of(tau_s: float, hysteresis_k: float, min_on_s: float, min_off_s: float) -> ThermalMass:
    """Return the mass whose machine starts and stops `hysteresis_k` off the setpoint.

    A mass holds what it knows of each tick length: one for each of a hundred thousand devices would
    be most of them. So time constants and hystereses come in steps of
    a tenth, and times in minutes.
    """
    return _mass(
        round(log(tau_s) / _STEP),
        round(log(hysteresis_k) / _STEP),
        round(min_on_s / _MINUTE_S),
        round(min_off_s / _MINUTE_S),
    )


@while_held
def _mass(tau: int, hysteresis: int, min_on_min: int, min_off_min: int) -> ThermalMass:
    width_k = exp(hysteresis * _STEP)
    return ThermalMass(
        exp(tau * _STEP), width_k, -width_k, min_on_min * _MINUTE_S, min_off_min * _MINUTE_S
    )


def follow_of(tau_s: float) -> ByStep[float]:
    """Return, by tick length, how far a mass with this time constant follows what is around it."""
    return _follow(round(log(tau_s) / _STEP))


@while_held
def _follow(tau: int) -> ByStep[float]:
    tau_s = exp(tau * _STEP)
    return ByStep(lambda dt_s: 1.0 - relaxation(tau_s, dt_s).keep)
