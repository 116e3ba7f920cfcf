"""What people start: by habit, by day, independently, and never twice the same."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from iotmock.model.device import Device
from iotmock.model.families.appliance import Appliance
from iotmock.model.family import Family
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.appliances.player import Player
from iotmock.model.site.day import Day, DayKind
from iotmock.model.site.sites import Sites
from tests.model.families.measures import Series
from tests.model.fleet import CATALOGUE, DAY_S, HOUR_S, MONDAY, conditions, device, run

pytestmark = pytest.mark.long(8)

MINUTES = 1440


@cache
def minutes(profile: str, number: int, days: int, seed: int = 1) -> Series:
    """Return the power of a device in one location with the others, by minute, kW."""
    under_test = device("appliance", profile, device_id=f"{profile}-{number}", seed=seed)
    return np.array(list(run(under_test, MONDAY, days * DAY_S, 60.0)))


def player_of(under_test: Device) -> Player:
    assert isinstance(under_test.family, Appliance)
    assert under_test.family.player is not None
    return under_test.family.player


def washes(kw: Series) -> list[tuple[int, int]]:
    """Return begin and end of what runs, in minutes; a pause of half an hour ends a run."""
    busy = np.flatnonzero(kw > kw.min() + 0.004)
    gaps = np.flatnonzero(np.diff(busy) > 30)
    begins, ends = np.r_[busy[0], busy[gaps + 1]], np.r_[busy[gaps], busy[-1]]
    return list(zip(begins.tolist(), ends.tolist(), strict=True))


def test_runs_of_one_dishwasher_differ_in_length_energy_and_shape() -> None:
    kw = minutes("dishwasher", 1, 42)
    runs = [kw[begin : end + 1] for begin, end in washes(kw)]
    assert len(runs) > 15
    kwh = [float(one.sum() / 60.0) for one in runs]
    assert 0.5 < min(kwh) < max(kwh) < 6.0
    assert np.std([one.size for one in runs]) > 5.0
    heats = {int((np.diff((one > 1.2).astype(int)) == 1).sum()) for one in runs}
    assert len(heats) > 1


def test_days_have_none_or_several_washes_and_households_differ() -> None:
    a_day = np.array(
        [minutes("dishwasher", number, 42).reshape(42, -1).sum(1) / 60.0 for number in range(6)]
    )
    assert 0.15 < (a_day < 0.1).mean() < 0.7
    assert (a_day > 1.9).mean() > 0.05
    means = a_day.mean(1)
    assert 0.15 < means.min() < 0.8 < means.max() < 2.5
    assert np.std(means) / np.mean(means) > 0.15


def test_dishes_are_washed_after_meals_and_not_at_night() -> None:
    hours = [
        begin % MINUTES / 60.0
        for number in range(6)
        for begin, _ in washes(minutes("dishwasher", number, 42))
    ]
    share, _ = np.histogram(hours, bins=[0, 6, 11, 15, 19, 24])
    assert share[0] < 0.03 * share.sum()
    assert all(part > 0.07 * share.sum() for part in share[1:]), share


def test_a_laundry_is_a_households_and_not_a_hotels() -> None:
    kwh = [minutes("laundry", number, 42).sum() / 60.0 / 42 for number in range(6)]
    assert all(0.1 < one < 3.0 for one in kwh)
    assert 0.4 < np.mean(kwh) < 1.6
    idle = np.mean(
        [minutes("laundry", number, 42).reshape(42, -1).max(1) < 0.05 for number in range(6)]
    )
    assert 0.25 < idle < 0.8


def test_a_wash_takes_half_a_kilowatt_hour_and_a_dryer_may_follow() -> None:
    """Source: realism2.md, .53 kWh of a washer on a day with any."""
    under_test = device("appliance", "laundry", variation=0.1)
    washed, dried, done = 0.0, 0, 0
    player = player_of(under_test)
    for _ in run(under_test, MONDAY, 42 * DAY_S, 60.0):
        names = {one.machine.program.name for one in player.running}
        if "washer" in names and len(names) == 1:
            washed += under_test.meter.power_kw / 60.0
        done += "washer" in names
        dried += "dryer" in names
    washing_days = 42 * 0.5 / 1.3
    assert 0.25 < washed / washing_days < 1.1
    assert 0 < dried < 2 * done


def test_a_kitchen_has_breakfast_lunch_and_supper() -> None:
    kw = np.mean([minutes("kitchen", number, 5, seed=number) for number in range(12)], axis=0)
    hours = kw.reshape(5, 24, 60).mean((0, 2))
    night, morning, afternoon = hours[1:5].mean(), hours[9:11].mean(), hours[15:17].mean()
    assert hours[8] > 1.5 * night
    assert hours[12] > 1.2 * max(hours[8], morning, afternoon)
    assert hours[17:19].max() > 1.1 * afternoon


def test_an_oven_pulses_and_two_roasts_are_not_alike() -> None:
    lengths = []
    for seed in range(1, 6):
        under_test = device("appliance", "kitchen", seed=seed)
        player = player_of(under_test)
        oven = next(one for one in player.machines if one.program.name == "oven")
        under_test.tick(MONDAY + 60.0, 60.0)
        player.start(oven)
        on = [player.load > 2.0 / 15.0 for _ in run(under_test, MONDAY + 60.0, 2 * HOUR_S, 5.0)]
        lengths.append(sum(on))
        assert sum(now > before for before, now in pairwise(on)) > 3
    assert len(set(lengths)) > 3


@pytest.mark.parametrize("profile", ["dishwasher", "laundry"])
def test_devices_of_one_location_start_independently(profile: str) -> None:
    """Starts within ± 1 min are no more frequent than those a day apart, by chance."""
    days, count = 42, 6
    starts = [
        {begin for begin, _ in washes(minutes(profile, number, days))} for number in range(count)
    ]

    def together(shift: int) -> int:
        return sum(
            any((begin + shift * MINUTES + off) % (days * MINUTES) in other for off in (-1, 0, 1))
            for number, own in enumerate(starts)
            for other in starts[number + 1 :]
            for begin in own
        )

    by_chance = np.mean([together(7 * weeks) for weeks in range(1, 6)])
    assert together(0) < 3.0 * by_chance + 6.0


def test_days_of_an_office_are_not_copies_of_each_other() -> None:
    """Source: HouseZero's plug circuits; the day's curve correlates .46 with the next's."""
    correlations = []
    for number in range(6):
        hours = minutes("office", number, 5).reshape(5, 24, 60).mean(2)
        correlations += [np.corrcoef(hours[day], hours[day + 1])[0, 1] for day in range(4)]
    assert 0.1 < np.mean(correlations) < 0.8


def test_two_offices_of_a_location_share_the_week_and_not_the_hour() -> None:
    one, other = (minutes("office", number, 14).reshape(14, -1) for number in (1, 2))
    for kw in (one, other):
        working = [day for day in range(14) if day % 7 < 5]
        assert kw[working].mean() > 1.3 * kw[[5, 6, 12, 13]].mean()
    assert np.corrcoef(one[0], other[0])[0, 1] < 0.85


def test_an_afternoon_is_the_same_whether_or_not_the_morning_was_seen() -> None:
    """A service that restarts at noon finds the starts that its day still has."""
    sites = Sites(3, 0.1)
    whole = device("appliance", "dishwasher", sites=sites, device_id="d")
    late = device("appliance", "dishwasher", sites=sites, device_id="d")
    for _ in run(whole, MONDAY, 0.5 * DAY_S, 60.0):
        pass
    late.tick(MONDAY + 0.5 * DAY_S, 60.0)
    for number in range(20):
        begin = MONDAY + (number + 0.5) * DAY_S
        for kw, again in zip(
            run(whole, begin, DAY_S, 60.0), run(late, begin, DAY_S, 60.0), strict=True
        ):
            if number > 1:
                assert again == pytest.approx(kw, abs=0.02)


@pytest.mark.parametrize("dt_s", [5.0, 900.0])
def test_a_machine_is_started_as_often_at_any_step(dt_s: float) -> None:
    def starts(step_s: float) -> float:
        under_test = device("appliance", "dishwasher", device_id="counted")
        return sum(run(under_test, MONDAY, 14 * DAY_S, step_s)) * step_s / HOUR_S

    assert starts(dt_s) == pytest.approx(starts(60.0), rel=0.02)


def test_the_days_of_all_devices_are_not_drawn_in_one_moment() -> None:
    """A fleet would stand still for it at midnight; none starts anything then."""
    sites = Sites(1, 0.1)
    fleet = [device("appliance", "kitchen", sites=sites, device_id=str(one)) for one in range(20)]
    drawn = []
    for minutes_after in (-1, 1, 30, 61):
        for one in fleet:
            one.tick(MONDAY + DAY_S + 60.0 * minutes_after, 60.0)
        drawn.append(len({player_of(one).number for one in fleet}))
    assert drawn[0] == drawn[3] == 1
    assert drawn[2] == 2


def test_without_variation_every_wash_is_the_usual_one() -> None:
    under_test = device("appliance", "dishwasher", variation=0.0)
    kw = np.array(list(run(under_test, MONDAY, 14 * DAY_S, 60.0)))
    assert len({end - begin for begin, end in washes(kw)}) == 1


def test_a_closed_office_is_lived_in_by_few() -> None:
    """A business that rests leaves its standby, and who works all the same."""
    profile = CATALOGUE.get("appliance").profile("office")
    open_kwh, closed_kwh = (
        np.mean([a_week_of(profile.build(Noise(seed), 0.1), closed=closed) for seed in range(6)])
        for closed in (False, True)
    )
    assert closed_kwh < 0.75 * open_kwh


def a_week_of(family: Family, *, closed: bool) -> float:
    load = 0.0
    for minute in range(0, 5 * MINUTES, 5):
        number, at = divmod(minute, MINUTES)
        day = Day(738_000 + number, number, DayKind.WORKDAY, 0.0, closed=closed)
        hour = at / 60.0
        load += family.step(conditions(now=60.0 * minute, hour=hour, day=day), 300.0)
    return load


def test_a_television_is_on_in_the_evening_and_stands_by_for_the_rest() -> None:
    weeks = np.array([minutes("tv", number, 28) for number in range(8)])
    on = weeks > 0.03
    hours = on.reshape(8, 28, 24, 60).mean((0, 1, 3))
    assert 2.0 < hours.sum() < 6.0
    assert hours[20] > 0.3
    assert hours[20] > 4.0 * hours[12]
    assert hours[4] < 0.08
    resting = np.median(weeks[~on])
    assert 0.0002 < resting < 0.002
    assert 0.05 < np.median(weeks[on]) < 0.15
    daily = on.reshape(8, 28, 1440).mean(2)
    assert daily.std(1).min() > 0.02


def test_a_router_is_always_on_and_no_two_are_alike() -> None:
    weeks = np.array([minutes("router", number, 7) for number in range(12)])
    assert weeks.min() > 0.003
    means = weeks.mean(1)
    assert 0.006 < np.median(means) < 0.014
    assert 0.1 < means.std() / means.mean() < 0.6
    assert weeks.std(1).max() / means.max() < 0.2
