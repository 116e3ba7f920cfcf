"""Powers by name: in W, and the largest of them where there are too many."""

from collections import defaultdict
from collections.abc import Mapping

from iotmock.actors.summary.census import Place
from iotmock.actors.summary.summary import PowerNow

LOCATIONS = 100


def power_of(places: Mapping[Place, float]) -> PowerNow:
    """Return what a fleet draws whose places draw so much, kW."""
    families, locations = defaultdict[str, float](float), defaultdict[str, float](float)
    for (family, location), power_kw in places.items():
        families[family] += power_kw
        locations[location] += power_kw
    by_family = {name: _watts(power_kw) for name, power_kw in families.items()}
    by_location = {name: _watts(power_kw) for name, power_kw in locations.items()}
    return PowerNow(_watts(sum(families.values())), by_family, *largest(by_location, LOCATIONS))


def _watts(power_kw: float) -> float:
    return round(1e3 * power_kw, 1) + 0.0  # -0.0 is 0.0


def largest(powers: Mapping[str, float], most: int) -> tuple[dict[str, float], float]:
    """Return the `most` largest powers, and the sum of the rest: any name may be a location's."""
    by_size = sorted(powers.items(), key=lambda item: -item[1])
    return dict(by_size[:most]), round(sum(power for _, power in by_size[most:]), 1)
