"""Round numbers and times for the axes of charts."""

from math import floor, log10

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_WHOLE_STEPS = (1.0, 2.0, 5.0, 10.0)
_STEPS_S = (
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
    86_400, 172_800, 345_600, 604_800,
)  # fmt: skip
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))

Tick = tuple[float, str]
"""Where it is, and what is written there."""


def ticks(low: float, high: float, wanted: int = 5, *, whole: bool = False) -> list[float]:
    """Return round values from `low` to `high`, about `wanted`; `whole`: of what is counted."""
    rough = (high - low) / wanted or 1.0
    rough = max(1.0, rough) if whole else rough
    scale = 10.0 ** floor(log10(rough))
    steps = _WHOLE_STEPS if whole else _STEPS
    step = next(scale * step for step in steps if scale * step >= rough * 0.999)
    first = -floor(-low / step + 1e-9)
    return [number * step for number in range(first, floor(high / step + 1e-9) + 1)]


def elapsed_ticks(low: float, high: float, wanted: float = 8.0) -> list[Tick]:
    """Return ticks for the time after a start, s."""
    step = time_step((high - low) / wanted)
    first = -floor(-low / step)
    return [(float(at * step), clock(at * step)) for at in range(first, floor(high / step) + 1)]


def time_step(rough_s: float) -> int:
    """Return the first round number of seconds that is not less."""
    days = -floor(-rough_s / 604_800) * 604_800
    return next((step for step in _STEPS_S if step >= rough_s), days)


def clock(seconds: float) -> str:
    """Return a time after a start in two units at most: 90 is 1 min 30 s."""
    left, parts = round(seconds), []
    for size, unit in _UNITS:
        if left >= size:
            parts.append(f"{left // size} {unit}")
            left %= size
    return " ".join(parts[:2]) or "0"
