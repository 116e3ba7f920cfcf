"""Readings as values, in the process: the same as a service of this fleet would send."""

import math
from itertools import islice

import numpy as np
import pytest

import iotmock
from iotmock.history.options import OptionError
from iotmock.model.faults.request import InvalidFaultError

DAY = {"start": "2026-03-02", "step": 900.0}


def test_it_goes_on_for_ever_or_up_to_an_end() -> None:
    assert len(list(islice(iotmock.simulate("hvac=2", **DAY), 500))) == 500  # type: ignore[arg-type]
    readings = list(iotmock.simulate("hvac=2,lighting/street=1", "2026-03-02", 900, days=1))
    assert len(readings) == 3 * 96
    assert readings[0].timestamp == "2026-03-02T00:15:00Z"
    assert {one.device_id for one in readings} >= {"cli-hvac-000001", "cli-lighting-street-000001"}


def test_the_same_seed_gives_the_same_and_another_another() -> None:
    one, same, other = (
        list(iotmock.simulate("hvac=1", "2026-03-02", 900, days=1, seed=seed)) for seed in (5, 5, 6)
    )
    assert one == same != other


def test_columns_are_taken_by_numpy_without_a_copy() -> None:
    columns = iotmock.simulate("server=2", "2026-03-02", 900, days=1).columns()
    power = np.asarray(columns["power"])
    assert power.dtype == np.float64
    assert power.shape == (192,)
    assert np.shares_memory(power, np.asarray(columns["power"]))
    assert columns["time"][0] == 1_772_410_500.0


def test_frames_of_pandas_and_polars_say_the_same() -> None:
    pandas = iotmock.simulate("server=2", "2026-03-02", 900, days=1).to_pandas()
    polars = iotmock.simulate("server=2", "2026-03-02", 900, days=1).to_polars()
    assert list(pandas.columns) == polars.columns
    assert math.isclose(pandas["energy"].max(), polars["energy"].to_numpy().max())
    assert str(pandas["time"].iloc[0]) == "2026-03-02 00:15:00+00:00"
    assert str(polars["time"][0]) == "2026-03-02 00:15:00+00:00"


def test_the_main_meter_of_a_site_shows_the_sum_of_its_devices() -> None:
    home = iotmock.simulate("", "2026-03-02", 900, sites="home=1", seed=166)
    assert {one.split("-")[2] for one in home.devices} >= {"solar", "battery", "car", "heatpump"}
    meter = home.devices["cli-home-meter-000001"]
    home.send(meter.spec.device_id, "set_background", percent=0.0)
    for _ in range(96):
        power = {one.device_id: one.power for one in home.step()}
        shown = power.pop(meter.spec.device_id)
        assert shown == pytest.approx(sum(power.values()), abs=1e-9)


@pytest.mark.parametrize("sites", ["castle=1", "home", "home=0x1", " "])
def test_sites_that_are_none_are_refused_with_the_kinds(sites: str) -> None:
    with pytest.raises(OptionError, match="office"):
        iotmock.simulate("", "2026-03-02", 900, sites=sites)


def test_commands_and_faults_are_heeded() -> None:
    fleet = iotmock.simulate("hvac=2", "2026-03-02", 60, days=1)
    steady, dropped = fleet.devices
    fleet.send(steady, "set_power", power=12.5)
    fleet.fault(dropped, "outage", start="2026-03-02T06:00:00Z", duration=3600.0)
    assert fleet.devices[steady].spec.base_power == 12.5
    times = [one.timestamp for one in fleet if one.device_id == dropped]
    late = times.index("2026-03-02T06:01:00Z")
    assert "2026-03-02T05:59:00Z" in times[:late]
    with pytest.raises(ValueError, match="power: must be a number"):
        fleet.send(steady, "set_power", power="much")
    with pytest.raises(InvalidFaultError, match="unknown 'boredom'"):
        fleet.fault(steady, "boredom")


def test_what_can_not_be_is_said() -> None:
    with pytest.raises(OptionError, match="fleet: "):
        iotmock.simulate("toaster=1", "2026-03-02", 60)
    with pytest.raises(OptionError, match="start: must be a date"):
        iotmock.simulate("hvac=1", "yesterday", 60)
    with pytest.raises(ValueError, match="give days"):
        iotmock.simulate("hvac=1", "2026-03-02", 60).columns()
