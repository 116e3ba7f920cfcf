"""A row of the fleet's table: what was measured, what was aimed at, and what stands beside it."""

from attrs import frozen

from benchmarks.table import Row


@frozen
class Scale:
    """How much of everything: the full table, or a smoke run of some minutes."""

    devices: int = 100_000
    busy: int = 20_000
    """Devices of a fleet that sends as fast as it can."""
    connections: int = 10_000
    seconds: float = 10.0
    repeats: int = 3
    soak_devices: int = 20_000
    soak_s: float = 600.0

    @classmethod
    def quick(cls) -> "Scale":
        """Return the scale of a smoke run; its numbers say nothing about the aims."""
        return cls(2_000, 1_000, 200, 2.0, 1, 1_000, 12.0)


def aimed(
    what: str, measured: str, aim: str, holds: bool | None, beside: str, ratio: float | str
) -> Row:
    """Return a row. `beside` is what no one here wrote, measured in the same run."""
    held = "-" if holds is None else "yes" if holds else "NO"
    return {
        "what": what,
        "measured": measured,
        "aim": aim,
        "held": held,
        "beside it": beside,
        "ratio": f"{ratio:.2f}" if isinstance(ratio, float) else ratio,
    }
