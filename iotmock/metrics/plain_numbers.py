"""Numbers of an exposition without exponents, which some who read the text do not know."""

import re
from decimal import Decimal

_WITH_EXPONENT = re.compile(rb"(?m) (-?[0-9]+(?:\.[0-9]+)?e[+-][0-9]+)$")
"""At the end of a line, where the value is; the bounds of buckets are as the format wants them."""


def plain_numbers(body: bytes) -> bytes:
    """Return the text with each value in digits and with a decimal point."""
    return _WITH_EXPONENT.sub(lambda found: b" " + _plain(found[1]), body)


def _plain(number: bytes) -> bytes:
    text = format(Decimal(number.decode()), "f")
    return (text if "." in text else f"{text}.0").encode()
