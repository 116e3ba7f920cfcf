"""Who ticks when: a fleet is spread over its interval, and what is due is always ahead."""

from collections import Counter
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trio.testing import MockClock

from iotmock.actors.time.cohorts import Cohort, phase_of
from iotmock.model.fleet import id_of


@pytest.mark.trio
async def test_a_fleet_is_spread_over_the_interval(autojump_clock: MockClock) -> None:
    phases = [phase_of(f"mock-{number}", 5.0) for number in range(10_000)]
    assert max(phases.count(phase) for phase in set(phases)) < 160
    assert len(set(phases)) == 100


def test_a_fleet_by_rule_is_spread_with_its_neighbours_together() -> None:
    phases = [phase_of(id_of("cli-hvac", number), 5.0) for number in range(1, 10_001)]
    counts = [phases.count(phase) for phase in set(phases)]
    assert len(counts) == 100
    assert max(counts) <= 4 * 32
    assert len(set(phases[:31])) == 1
    assert len(set(phases[:320])) == 11


@pytest.mark.parametrize(
    ("devices", "uneven"),
    [(200, 12), (400, 4), (1_000, 20), (1_200, 12), (3_000, 40), (20_000, 64)],
)
def test_each_second_of_an_interval_has_about_as_many_messages(devices: int, uneven: int) -> None:
    seconds = Counter(int(phase_of(id_of("soak-roof", one), 10.0)) for one in range(1, devices + 1))
    assert set(seconds) == set(range(10))
    assert max(seconds.values()) - min(seconds.values()) <= uneven


def test_at_short_intervals_neighbours_stay_together() -> None:
    phases = [phase_of(id_of("soak-roof", one), 5.0) for one in range(1, 321)]
    assert len(set(phases)) == 11


def test_blocks_of_neighbours_follow_each_other_without_a_gap() -> None:
    phases = [phase_of(id_of("soak-roof", one), 100.0) for one in range(1, 6_400)]
    blocks = [phase for phase, _ in groupby(phases)]
    leaps = {round(later - sooner) % 100 for sooner, later in pairwise(blocks)}
    assert leaps == {61}


@given(
    st.floats(1e9, 4e9),
    st.sampled_from([0.1, 0.3, 0.7, 1.1, 7.7, 45.2]) | st.floats(0.1, 86_400.0),
    st.text(max_size=8),
)
def test_the_next_due_time_is_always_later(moment: float, interval: float, name: str) -> None:
    cohort = Cohort(interval, phase_of(name, interval), 0.0)
    for _ in range(20):
        due = cohort.due_after(moment)
        assert moment < due <= moment + interval * 1.001
        moment = due
