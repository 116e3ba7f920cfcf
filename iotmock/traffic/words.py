"""Numbers of traffic, for people."""

_UNITS = ("B", "kB", "MB", "GB", "TB")
_STEP = 1_000.0


def size(count: float) -> str:
    """Return a number of bytes with its unit."""
    unit = 0
    while count >= _STEP and unit < len(_UNITS) - 1:
        count, unit = count / _STEP, unit + 1
    return f"{count:,.0f} B" if unit == 0 else f"{count:,.1f} {_UNITS[unit]}"
