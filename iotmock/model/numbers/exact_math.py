"""Elementary functions that give the same bits on every machine.

The C library's `exp`, `log` and `sin` differ between systems in the last bit, which a thermostat
turns into another week. IEEE 754 fixes only + - * / and the square root, so these use nothing else.
They are for coefficients and rare events: what runs on every tick is looked up in a table made from
them.
"""

from math import factorial, floor, frexp, ldexp

_LN2_HIGH = 0.6931471803691238
_LN2_LOW = 1.9082149292705877e-10
_LN2 = 0.6931471805599453
_TAU = 6.283185307179586
_EXP_UNDERFLOW = -745.0
_LN_THREE_QUARTERS = -0.2876820724517809
_SINE_TERMS = 21
# Taylor coefficients of e^x and of artanh(x) / x in x², the highest first, without the last 1.
_EXP = tuple(1.0 / factorial(term) for term in range(14, 0, -1))
_ARTANH = tuple(1.0 / term for term in range(21, 1, -2))


def exp(x: float) -> float:
    """Return e^x for -inf < x < 700, to about 1e-15 relative (argument reduction and Taylor)."""
    if x < _EXP_UNDERFLOW:
        return 0.0
    twos = floor(x / _LN2 + 0.5)
    rest = x - twos * _LN2_HIGH - twos * _LN2_LOW
    total = 0.0
    for coefficient in _EXP:
        total = (total + coefficient) * rest
    return ldexp(1.0 + total, twos)


def log(x: float) -> float:
    """Return the natural logarithm of x > 0, to about 1e-15 (artanh series of the mantissa)."""
    mantissa, exponent = frexp(x)
    ratio = (mantissa - 0.75) / (mantissa + 0.75)
    square = ratio * ratio
    total = 0.0
    for coefficient in _ARTANH:
        total = (total + coefficient) * square
    return 2.0 * ratio * (1.0 + total) + _LN_THREE_QUARTERS + exponent * _LN2


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
