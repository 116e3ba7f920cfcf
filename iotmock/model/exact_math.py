"""Elementary functions that give the same bits on every machine.

The C library's `exp`, `log` and `sin` differ between systems in the last bit, which a thermostat
turns into another week. IEEE 754 fixes only + - * / and the square root, so these use nothing else.
They are for coefficients and rare events: what runs on every tick is looked up in a table made from
them.
"""

from math import floor, frexp, ldexp

_LN2_HIGH = 0.6931471803691238
_LN2_LOW = 1.9082149292705877e-10
_LN2 = 0.6931471805599453
_TAU = 6.283185307179586
_EXP_TERMS = 16
_EXP_UNDERFLOW = -745.0
_LOG_TERMS = 27
_SINE_TERMS = 21


def exp(x: float) -> float:
    """Return e^x for -inf < x < 700, to about 1e-15 relative (argument reduction and Taylor)."""
    if x < _EXP_UNDERFLOW:
        return 0.0
    twos = floor(x / _LN2 + 0.5)
    rest = x - twos * _LN2_HIGH - twos * _LN2_LOW
    total = 1.0
    for term in range(_EXP_TERMS, 0, -1):
        total = 1.0 + total * rest / term
    return ldexp(total, twos)


def log(x: float) -> float:
    """Return the natural logarithm of x > 0, to about 1e-15 (artanh series of the mantissa)."""
    mantissa, exponent = frexp(x)
    ratio = (mantissa - 0.75) / (mantissa + 0.75)
    square = ratio * ratio
    total = 0.0
    for term in range(_LOG_TERMS, 0, -2):
        total = total * square + 1.0 / term
    return 2.0 * ratio * total + _LN_THREE_QUARTERS + exponent * _LN2


_LN_THREE_QUARTERS = -0.2876820724517809


def sine(turns: float) -> float:
    """Return sin(2π·turns), to about 1e-14."""
    rest = turns - floor(turns + 0.5)
    if abs(rest) > 0.25:
        rest = (0.5 if rest > 0.0 else -0.5) - rest
    x = rest * _TAU
    total = 1.0
    for term in range(_SINE_TERMS, 1, -2):
        total = 1.0 - total * x * x / (term * (term - 1))
    return x * total


def cosine(turns: float) -> float:
    """Return cos(2π·turns), to about 1e-14."""
    return sine(turns + 0.25)
