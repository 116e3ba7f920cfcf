"""What homes draw together, beside the standard load profile of households.

`demandlib` is the oracle: its table of BDEW's profiles (H0, quarters of an hour). Its own functions
stop at a deprecation of pandas 3, so the table is read.
"""

from collections import defaultdict
from csv import DictReader
from datetime import datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from iotmock.workbench.simulate import simulate
from tests.model.families.measures import Series, averaged

pytestmark = pytest.mark.long(12)
STEP_S = 900
NO_HOUSEHOLD = {"solar", "battery", "car", "heatpump", "boiler", "cooler"}
"""Roles of a home that H0, which is older, does not have: they are taken from the meter's sum."""


def standard() -> Series:
    """Return H0 of a winter's Monday, hour by hour."""
    table = files("demandlib") / "bdew/bdew_data/selp_series.csv"
    with table.open(encoding="utf-8") as file:
        rows = [row for row in DictReader(file) if row["period"] == "winter"]
    quarters = [float(row["h0"]) for row in rows if row["weekday"] == "1"]
    return averaged(np.array(quarters), 4)


def street() -> Series:
    """Return the mean of five workdays in March of sixteen homes, hour by hour."""
    zone, hours = ZoneInfo("Europe/Berlin"), defaultdict[int, float](float)
    for reading in simulate(
        "", "2025-03-10", STEP_S, sites="home=16", days=5, timezone="Europe/Berlin"
    ):
        role = reading.device_id.split("-")[2]
        sign = 1.0 if role == "meter" else -1.0 if role in NO_HOUSEHOLD else 0.0
        begin = datetime.fromisoformat(reading.timestamp) - timedelta(seconds=STEP_S / 2)
        hours[begin.astimezone(zone).hour] += sign * reading.power
    return np.array([hours[hour] for hour in range(24)])


def test_a_street_of_homes_draws_as_households_do() -> None:
    ours, theirs = street(), standard()
    assert np.corrcoef(ours, theirs)[0, 1] > 0.9
    assert abs(int(ours.argmax()) - int(theirs.argmax())) <= 2
    assert ours[:5].mean() / ours.mean() == pytest.approx(
        theirs[:5].mean() / theirs.mean(), rel=0.5
    )
