"""How real the profiles are: `python -m benchmarks.realism FEATURES.toml [--only NAME ...]`.

FEATURES.toml has what real series are like: a section for each kind, named after a profile
(`rooftop`, or `rooftop-cooling` for a part of it), with `cut` (week or day), `step_s`, and for
each feature of `iotmock.judge.features` a line `cv = { real = [p5, p25, p50, p75, p95] }`.
"""

import argparse
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import numpy as np
from attrs import frozen

from benchmarks.table import Row, Table
from iotmock.history.series import UnknownVariantError, variant
from iotmock.judge.features.features import features
from iotmock.judge.piece import DAY_S, Cut
from iotmock.judge.simulated import Simulation
from iotmock.model.families import built_in

MONDAYS = {
    "winter": 1_736_726_400.0,  # 2025-01-13 00:00 UTC
    "spring": 1_743_984_000.0,  # 2025-04-07
    "summer": 1_751_846_400.0,  # 2025-07-07
    "autumn": 1_759_708_800.0,  # 2025-10-06
}
SEASONS = {"cooling": ("summer",), "heating": ("winter",)}
"""What the end of a section's name says; else all of them."""
WEEKDAYS = (0, 2, 4, 5)
"""Of which single days are, a season each: they are not all Mondays."""
NAMED_AFTER = {"plugs": "office", "planetlab": "vm_host"}
METHOD = (
    "outside: share of a device-week's features outside the real p5 to p95, of the median "
    "device-week (1 in 10 is what real ones have); spread: simulated / real interquartile range, "
    "median over features."
)


@frozen
class Reference:
    """What real series of a kind are like: five quantiles of each feature."""

    name: str
    cut: Cut
    step_s: float
    real: dict[str, Sequence[float]]

    @classmethod
    def of(cls, name: str, section: dict[str, Any]) -> "Reference":
        real = {key: value["real"] for key, value in section.items() if isinstance(value, dict)}
        return cls(name, Cut(section["cut"]), float(section["step_s"]), real)

    @property
    def begins(self) -> list[float]:
        seasons = SEASONS.get(self.name.rpartition("-")[2], MONDAYS)
        mondays = [MONDAYS[season] for season in seasons]
        later = WEEKDAYS if self.cut is Cut.DAY else [0] * len(WEEKDAYS)
        return [monday + days * DAY_S for monday, days in zip(mondays, later, strict=False)]

    def simulation(self) -> Simulation | None:
        """Return the profile that it is about; None of what no profile is."""
        try:
            name, _, part = self.name.partition("-")
            kind, profile = variant(built_in(), NAMED_AFTER.get(part, name))
        except UnknownVariantError:
            return None
        return Simulation(kind, profile, self.cut, self.step_s)

    def outside(self, found: dict[str, float]) -> list[str]:
        """Return the features of a piece that lie outside the real p5 to p95."""
        return [name for name in self.names(found) if not self._fits(name, found[name])]

    def names(self, found: dict[str, float]) -> list[str]:
        return [name for name in self.real if name in found]

    def _fits(self, name: str, value: float) -> bool:
        low, _, _, _, high = self.real[name]
        slack = 1e-6 + 5e-4 * max(abs(low), abs(high))  # its quantiles are written to four digits
        return low - slack <= value <= high + slack

    def spread(self, name: str, values: Sequence[float]) -> float | None:
        """Return simulated / real interquartile range; None where real ones do not differ."""
        _, low, _, high, _ = self.real[name]
        if high - low <= 1e-6:
            return None
        first, third = np.percentile(values, (25, 75))
        return float(third - first) / (high - low)


def row(reference: Reference, simulation: Simulation, seeds: int) -> Row:
    """Return what there is to say of a section."""
    begun = process_time()
    pieces = simulation.pieces(range(1, seeds + 1), reference.begins)
    found = [features(piece) for piece in pieces]
    outside = [reference.outside(one) for one in found]
    names = reference.names(found[0])
    spreads = [reference.spread(name, [one[name] for one in found]) for name in names]
    off = {name: sum(name in one for one in outside) / len(found) for name in names}
    worst = sorted((name for name in off if off[name] > 0.5), key=lambda name: -off[name])
    return {
        "section": reference.name,
        "pieces": len(found),
        "features": len(names),
        "outside": round(median(len(one) for one in outside) / len(names), 3),
        "spread": round(median(one for one in spreads if one is not None), 3),
        "mostly outside": " ".join(worst),
        "s": round(process_time() - begun, 1),
    }


def sections(path: Path) -> dict[str, dict[str, Any]]:
    # Names of features such as `s>6h` are no bare keys of TOML: all are quoted.
    text = re.sub(r"^([^\s=#\[\"]+) =", r'"\1" =', path.read_text("utf-8"), flags=re.MULTILINE)
    return tomllib.loads(text)


def rows(path: Path, seeds: int, only: Sequence[str]) -> Iterator[Row]:
    for name, section in sections(path).items():
        reference = Reference.of(name, section)
        simulation = reference.simulation()
        wanted = not only or any(name.startswith(one) for one in only)
        if simulation is not None and wanted:
            yield row(reference, simulation, seeds)


def main() -> None:
    """Print the table, in Markdown."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.realism", description=__doc__)
    arguments.add_argument("features", type=Path)
    arguments.add_argument("--seeds", type=int, default=12, help="devices of each")
    arguments.add_argument("--only", nargs="+", default=[], help="sections that begin so")
    given = arguments.parse_args()
    print(Table("Realism", METHOD, list(rows(given.features, given.seeds, given.only))))


if __name__ == "__main__":
    main()
