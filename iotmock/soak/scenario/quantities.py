"""Numbers as people write them in a scenario: 10m, 0.1%; and the types made of them."""

import re
from collections.abc import Callable
from typing import Annotated, Any

from attrs import frozen
from msgspec import Meta

from iotmock.wording.durations import PATTERN, seconds
from iotmock.wording.patterns import whole

_SHARE = whole(r"\d+(?:\.\d+)?\s*%")
_LONGEST_S = 366 * 86_400.0


@frozen
class Quantity:
    """How a number may be written as text instead, and how to say so."""

    parse: Callable[[str], float | None]
    pattern: str
    unit: str
    words: str


def share(text: str) -> float | None:
    """Return the share that a text such as 0.1% says, 1 is all; None if it is none."""
    return float(text.strip("% ")) / 100.0 if re.match(_SHARE, text) else None


DURATION = Quantity(seconds, PATTERN, " s", 'or a text such as "90s", "10m" or "1h30m"')
SHARE = Quantity(share, _SHARE, "", 'or a text such as "0.1%"')


def _meta(quantity: Quantity, low: float, high: float) -> Meta:
    return Meta(ge=low, le=high, extra={"quantity": quantity}, extra_json_schema=_hint(quantity))


def _hint(quantity: Quantity) -> dict[str, Any]:
    return {"x-also": {"type": "string", "pattern": quantity.pattern}}


Seconds = Annotated[float, _meta(DURATION, 0.0, _LONGEST_S)]
"""From 0 to a year."""
SomeSeconds = Annotated[float, _meta(DURATION, 0.001, _LONGEST_S)]
"""More than none."""
Interval = Annotated[float, _meta(DURATION, 0.1, 86_400.0)]
"""Between two readings of a device, as the contract limits it."""
Share = Annotated[float, _meta(SHARE, 0.0, 1.0)]
"""Of a whole: 0.01 is 1 %."""
SomeShare = Annotated[float, _meta(SHARE, 0.000_001, 1.0)]
"""Of a whole, and more than nothing."""
Growth = Annotated[float, _meta(SHARE, 0.0, 100.0)]
"""By how much more: 0.05 is 5 %."""
Milliseconds = Annotated[float, Meta(ge=0.0, le=86_400_000.0, extra={"unit": " ms"})]
PerSecond = Annotated[float, Meta(ge=0.001, le=1_000_000.0, extra={"unit": " a second"})]
Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
