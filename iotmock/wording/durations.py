"""Durations as people write them: 90s, 1.5h, 1h30m."""

import re

from iotmock.wording.patterns import whole

_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
_PART = r"(\d+(?:\.\d+)?)(ms|s|m|h|d)"
PATTERN = whole(f"({_PART})+")


def seconds(text: str) -> float | None:
    """Return the seconds of a text such as 90s, 1.5h or 1h30m; None if it is no duration."""
    if not re.match(PATTERN, text):
        return None
    return sum(float(number) * _UNITS_S[unit] for number, unit in re.findall(_PART, text))
