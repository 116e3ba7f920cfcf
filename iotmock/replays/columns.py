"""Which columns of a file are the time and the power, and in which unit."""

from collections.abc import Sequence

from attrs import frozen

_TIMES = ("timestamp", "time", "datetime", "date")
_POWERS = {"power": 1.0, "power_kw": 1.0, "kw": 1.0, "power_w": 0.001, "w": 0.001}
"""Names, with what makes kW of a value."""
MEANT = "a column timestamp, time or datetime, and a column power (kW), power_kw or power_w"


@frozen
class Columns:
    """Where they are, and what makes kW of a power."""

    time: int
    power: int
    to_kw: float


def columns_of(header: Sequence[str]) -> Columns | None:
    """Return the columns, or None where one of both is not there."""
    names = [name.strip().strip('"').lower() for name in header]
    time = next((names.index(name) for name in _TIMES if name in names), None)
    power = next((name for name in _POWERS if name in names), None)
    if time is None or power is None:
        return None
    return Columns(time, names.index(power), _POWERS[power])
