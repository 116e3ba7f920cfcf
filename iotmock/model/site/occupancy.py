"""When people are there: an office by day, a home around it. Fractions of all, 0 to 1."""

from functools import lru_cache
from typing import NamedTuple

from iotmock.model.numbers.curve import Points, between

QUARTERS_A_DAY = 96

# Presence in offices: ASHRAE 90.1 user's manual, table G-I (office), with the lunch dip of the
# occupancy counts in Wang et al., "Modeling occupancy in single person offices", 2005.
_OFFICE: Points = (
    (0.0, 0.0), (6.0, 0.0), (7.0, 0.12), (8.0, 0.6), (9.0, 0.95), (11.5, 1.0), (12.25, 0.65),
    (13.25, 0.95), (16.0, 0.95), (17.0, 0.65), (18.0, 0.25), (19.0, 0.08), (20.5, 0.0),
)  # fmt: skip
_OFFICE_WEEKEND: Points = ((0.0, 0.0), (8.5, 0.0), (10.0, 0.1), (16.0, 0.1), (17.5, 0.0))

# At home and awake: activity curves of the Harmonised European Time Use Survey, smoothed.
_HOME: Points = (
    (0.0, 0.05), (1.0, 0.0), (5.5, 0.0), (6.75, 0.6), (7.5, 0.55), (8.75, 0.25), (12.0, 0.25),
    (13.0, 0.35), (15.0, 0.3), (17.0, 0.55), (19.0, 0.95), (21.5, 0.9), (23.0, 0.4), (24.0, 0.05),
)  # fmt: skip
_HOME_WEEKEND: Points = (
    (0.0, 0.15), (1.5, 0.0), (7.0, 0.0), (9.5, 0.75), (13.0, 0.7), (15.0, 0.45), (18.0, 0.7),
    (20.0, 0.9), (22.5, 0.7), (24.0, 0.15),
)  # fmt: skip


class Presence(NamedTuple):
    """One kind of day, by quarter of an hour of local time."""

    office: tuple[float, ...]
    home: tuple[float, ...]


@lru_cache(maxsize=128)
def presence(*, weekend: bool, late_min: int) -> Presence:
    """Return a day on which people come and go `late_min` minutes later than the average."""
    office, home = (_OFFICE_WEEKEND, _HOME_WEEKEND) if weekend else (_OFFICE, _HOME)
    hours = [quarter / 4.0 - late_min / 60.0 for quarter in range(QUARTERS_A_DAY)]
    return Presence(
        tuple(between(office, hour) for hour in hours), tuple(between(home, hour) for hour in hours)
    )
