"""Solar power against pvlib, and what an inverter does at its limits."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from iotmock.model.families.solar import SetLimit, SetLimitPower
from iotmock.model.numbers.noise import Noise
from iotmock.model.operations.command import handle
from iotmock.model.parts.flows.panels import ALBEDO, Panels, Roof
from iotmock.model.site.sites import Sites
from iotmock.model.site.sky import Sky
from iotmock.model.site.sun.clear_sky import (
    CLEAR_BEAM,
    CLEAR_GLOBAL,
    SOLAR_CONSTANT,
    extraterrestrial,
)
from iotmock.model.site.sun.clouds import PassingClouds
from iotmock.model.site.sun.sunlight import Light, light
from tests.model.fleet import DAY_S, HOUR_S, MONDAY, SEASONS, device, energy, run

pd = pytest.importorskip("pandas")
pvlib = pytest.importorskip("pvlib")

LATITUDE, LONGITUDE = 52.5, 13.4
DAYS = {"june": "2025-06-21", "march": "2025-03-20", "december": "2025-12-21"}
ROOF = Roof(32.0, 0.0, 200.0, 0.0, 1.1, 0.03)


def panels(roof: Roof = ROOF) -> Panels:
    return Panels.drawn(roof, Noise(1), 0.0)


def times(day: str) -> list[float]:
    """Return every five minutes of a day in which the sun is well up."""
    first = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
    sky = Sky.over(LATITUDE, LONGITUDE)
    every = (first + 300.0 * number for number in range(288))
    return [moment for moment in every if sky.sun_sine(moment) > 0.09]


def position(moments: list[float]) -> Any:
    index = pd.to_datetime(moments, unit="s", utc=True)
    return pvlib.solarposition.get_solarposition(index, LATITUDE, LONGITUDE)


@pytest.mark.parametrize("day", DAYS)
def test_the_sun_stands_where_pvlib_has_it(day: str) -> None:
    moments = times(DAYS[day])
    wanted, sky = position(moments), Sky.over(LATITUDE, LONGITUDE)
    east, north, up = np.array([sky.direction(moment) for moment in moments]).T
    elevation, azimuth = np.degrees(np.arcsin(up)), np.degrees(np.arctan2(east, north)) % 360.0
    assert np.abs(elevation - wanted["elevation"]).max() < 0.3
    assert np.abs(azimuth - wanted["azimuth"]).max() < 0.5


def test_a_clear_sky_is_pvlibs_simplified_solis() -> None:
    elevations = np.linspace(2.0, 90.0, 45)
    wanted = pvlib.clearsky.simplified_solis(elevations, 0.1, 1.0, 101_325.0, SOLAR_CONSTANT)
    sines = np.sin(np.radians(elevations))
    for name, table in (("ghi", CLEAR_GLOBAL), ("dni", CLEAR_BEAM)):
        ours = SOLAR_CONSTANT * np.array([table.at(float(sine)) for sine in sines])
        assert ours == pytest.approx(wanted[name], rel=0.01, abs=1.0)


@pytest.mark.parametrize("clear", [0.2, 0.4, 0.6, 0.8, 1.0])
@pytest.mark.parametrize("elevation", [30.0, 60.0])
def test_the_skys_share_is_about_pvlibs_erbs(clear: float, elevation: float) -> None:
    up = float(np.sin(np.radians(elevation)))
    one = light((float(np.sqrt(1.0 - up * up)), 0.0, up), SOLAR_CONSTANT, clear)
    on_the_ground = one.diffuse + one.beam * up
    wanted = pvlib.irradiance.erbs(on_the_ground, 90.0 - elevation, 80)
    assert one.diffuse / on_the_ground == pytest.approx(wanted["dhi"] / on_the_ground, abs=0.15)


@pytest.mark.parametrize("roof", [ROOF, Roof(90.0, 0.0, 90.0, 0.0), Roof(0.0, 0.0)])
@pytest.mark.parametrize("clear", [1.0, 0.6, 0.2])
def test_the_plane_of_array_is_pvlibs_hay_davies(roof: Roof, clear: float) -> None:
    moments, sky = times(DAYS["march"]), Sky.over(LATITUDE, LONGITUDE)
    lights = [light(sky.direction(moment), SOLAR_CONSTANT, clear) for moment in moments]
    ours = [
        shade + one.shine * sun for one in lights for shade, sun in [panels(roof).irradiance(one)]
    ]
    east, north, up = np.array([one[:3] for one in lights]).T
    wanted = pvlib.irradiance.get_total_irradiance(
        roof.tilt_deg,
        roof.azimuth_deg,
        90.0 - np.degrees(np.arcsin(up)),
        np.degrees(np.arctan2(east, north)) % 360.0,
        dni=np.array([one.beam for one in lights]),
        ghi=np.array([one.beam * one.up + one.diffuse for one in lights]),
        dhi=np.array([one.diffuse for one in lights]),
        dni_extra=SOLAR_CONSTANT,
        albedo=ALBEDO,
        model="haydavies",
    )
    assert ours == pytest.approx(np.asarray(wanted["poa_global"]), rel=1e-6, abs=0.01)


def test_cells_and_inverter_are_pvlibs_ross_and_pvwatts() -> None:
    ours, irradiances = panels(), np.array([50.0, 300.0, 800.0, 1_100.0])
    cells = [ours.cell_c(21.0, one) for one in irradiances]
    assert cells == pytest.approx(pvlib.temperature.ross(irradiances, 21.0, k=ours.ross_k))
    direct = [ours.direct_current(*one) for one in zip(irradiances, cells, strict=True)]
    wanted = pvlib.pvsystem.pvwatts_dc(
        irradiances, np.array(cells), ours.dc_ratio * ours.clean, ours.per_k
    )
    assert direct == pytest.approx(wanted)
    # pvwatts clips where our inverter's own limits do; beneath, both are one curve.
    power = [ours.alternating_current(one) for one in direct]
    wanted = pvlib.inverter.pvwatts(wanted, 1.0 / ours.efficiency, ours.efficiency)
    assert np.minimum(power, 1.0) == pytest.approx(wanted)


@pytest.mark.parametrize(("model", "within"), [("simplified_solis", 0.05), ("ineichen", 0.15)])
@pytest.mark.parametrize("day", DAYS)
def test_a_clear_days_energy_is_pvlibs_within_a_few_percent(
    day: str, model: str, within: float
) -> None:
    moments, sky, ours = times(DAYS[day]), Sky.over(LATITUDE, LONGITUDE), panels()
    site = pvlib.location.Location(LATITUDE, LONGITUDE)
    sky_now, stands = (
        site.get_clearsky(pd.to_datetime(moments, unit="s", utc=True), model=model),
        position(moments),
    )
    wanted = pvlib.irradiance.get_total_irradiance(
        ROOF.tilt_deg,
        ROOF.azimuth_deg,
        stands["apparent_zenith"],
        stands["azimuth"],
        sky_now["dni"],
        sky_now["ghi"],
        sky_now["dhi"],
        dni_extra=extraterrestrial(stands.index[0].dayofyear),
        albedo=ALBEDO,
        model="perez",
    )["poa_global"]
    total, above = 0.0, extraterrestrial(stands.index[0].dayofyear)
    for moment in moments:
        one = light(sky.direction(moment), above, 1.0)
        shade, sun = ours.irradiance(one)
        total += shade + one.shine * sun
    assert total == pytest.approx(wanted.sum(), rel=within)


@pytest.mark.parametrize("shine", [0.1, 0.4, 0.7, 0.95])
def test_passing_clouds_leave_the_mean_and_come_and_go_in_seconds(shine: float) -> None:
    clouds = PassingClouds.make(3)
    out = np.array([clouds.gap(float(second), shine) for second in range(0, 400_000, 5)])
    assert out.mean() == pytest.approx(shine, abs=0.01)
    assert ((out < 0.02) | (out > 0.98)).mean() > 0.75
    assert np.abs(np.diff(out)).max() > 0.1


def test_a_year_of_a_roof_has_what_roofs_in_that_climate_have() -> None:
    inverter = device("solar", sites=Sites(1, 0.0, latitude=52.5))
    kilowatts_of_panels = 5.0 * inverter.family.panels.dc_ratio  # type: ignore[attr-defined]
    year = energy(inverter, MONDAY, 365 * DAY_S, 900.0) / kilowatts_of_panels
    assert 850.0 < year < 1_200.0


def noon_power(inverter: object) -> float:
    return min(run(inverter, MONDAY + 9 * HOUR_S, 5 * HOUR_S, 60.0))  # type: ignore[arg-type]


def test_it_feeds_in_by_day_and_draws_some_watts_by_night() -> None:
    inverter = device("solar")
    assert noon_power(inverter) < -2.0
    night = list(run(inverter, MONDAY + 23 * HOUR_S, 2 * HOUR_S, 60.0))
    assert all(0.0005 < power < 0.01 for power in night)
    assert inverter.meter.energy_kwh > 5.0
    assert 0.0 < inverter.meter.back_kwh < 0.1


def test_a_limit_cuts_what_is_fed_in_and_can_be_lifted() -> None:
    inverter = device("solar", variation=0.0)
    free = noon_power(inverter)
    handle(inverter, SetLimit(20.0), 0.0)
    assert noon_power(inverter) == pytest.approx(-0.2 * 5.0)
    handle(inverter, SetLimitPower(1.5), 0.0)
    assert inverter.family.settings() == {"limit": 30.0}
    # Without variation each tick is a mean of sun and shade; the limit is of the sun.
    assert -1.5 <= noon_power(inverter) < -1.3
    handle(inverter, SetLimit(100.0), 0.0)
    assert noon_power(inverter) == free


def test_more_panels_than_inverter_are_clipped() -> None:
    under_test = device("solar", "shop", seed=3)
    powers = list(run(under_test, MONDAY, 5 * DAY_S, 60.0))
    most = under_test.spec.base_power * under_test.meter.gain
    assert sum(power == pytest.approx(-most) for power in powers) > 30


def test_in_the_morning_it_watches_the_grid_before_it_begins() -> None:
    inverter = device("solar", variation=0.0)
    powers = list(run(inverter, MONDAY + 2 * HOUR_S, 4 * HOUR_S, 10.0))
    begins = next(number for number, power in enumerate(powers) if power < 0.0)
    shone = [power for power in powers[:begins] if power > 0.0]
    assert len(shone) == begins
    assert powers[begins] == pytest.approx(powers[begins + 1], rel=0.5)


def test_two_roofs_of_a_site_share_the_clouds_and_not_the_direction() -> None:
    sites = Sites(1, 0.1)
    one, other = (device("solar", sites=sites, device_id=name) for name in ("one", "other"))
    powers = []
    for number in range(1, 721):
        for inverter in (one, other):
            inverter.tick(MONDAY + 6 * HOUR_S + 60.0 * number, 60.0)
        powers.append((one.meter.power_kw, other.meter.power_kw))
    first, second = np.array(powers).T
    together = np.corrcoef(np.diff(first), np.diff(second))[0, 1]
    assert 0.7 < together < 0.9999
    assert first.sum() != pytest.approx(second.sum(), rel=0.001)


@pytest.mark.parametrize("season", SEASONS)
def test_winter_gives_less_than_summer(season: str) -> None:
    summer = energy(device("solar", variation=0.0), MONDAY, DAY_S, 300.0)
    assert energy(device("solar", variation=0.0), SEASONS[season], DAY_S, 300.0) < summer


def test_in_the_dark_there_is_no_light() -> None:
    assert light((0.0, 1.0, -0.1), SOLAR_CONSTANT, 1.0) == Light(0.0, 1.0, -0.1, 0.0, 0.0, 0.0)
