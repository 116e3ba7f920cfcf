"""How many devices and messages a scenario wants."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotmock.soak.scenario.schedule import Schedule
from tests.soak.runs import scenario


def schedule(load: dict[str, Any] | None = None, *phases: dict[str, Any]) -> Schedule:
    """Return that of 100 devices, 300 s, every 10 s."""
    return Schedule(
        scenario(load={"duration": 300, "interval": 10} | (load or {}), phase=list(phases))
    )


def test_without_a_ramp_all_are_there_at_once() -> None:
    plain = schedule()
    assert [plain.devices(at) for at in (0.0, 1.0, 299.9)] == [100.0, 100.0, 100.0]
    assert plain.due(0.0, 300.0) == pytest.approx(3_000.0)
    assert plain.length_s == 300.0
    assert plain.devices(300.0) == 0.0


def test_devices_ramp_up_and_down() -> None:
    ramped = schedule({"ramp_up": 10, "ramp_down": 20})
    assert [ramped.devices(at) for at in (0.0, 5.0, 10.0, 300.0, 304.0, 305.0)] == [
        0.0, 50.0, 100.0, 100.0, 20.0, 0.0,
    ]  # fmt: skip
    assert ramped.length_s == 305.0
    assert ramped.due(0.0, 10.0) == pytest.approx(50.0)
    assert ramped.due(0.0, 305.0) == pytest.approx(50.0 + 2_900.0 + 25.0)


def test_groups_ramp_up_together_and_each_keeps_its_interval() -> None:
    groups = [
        {"device_type": "hvac", "count": 30},
        {"device_type": "server", "count": 10, "interval": 1},
    ]
    both = Schedule(
        scenario(fleet={"group": groups}, load={"duration": 100, "interval": 10, "ramp_up": 10})
    )
    assert [course.at(2.0) for course in both.courses.values()] == [15.0, 5.0]
    assert both.due(10.0, 11.0) == pytest.approx(3.0 + 10.0)


def test_speed_makes_more_messages() -> None:
    assert schedule({"speed": 60}).due(0.0, 1.0) == pytest.approx(600.0)


def test_a_pause_has_no_messages_but_devices() -> None:
    paused = schedule(None, {"kind": "pause", "at": 100, "duration": 50})
    assert paused.due(100.0, 150.0) == 0.0
    assert paused.due(90.0, 160.0) == pytest.approx(200.0)
    assert paused.due(0.0, 300.0) == pytest.approx(2_500.0)
    assert paused.devices(120.0) == 100.0


def test_pauses_may_overlap() -> None:
    twice = schedule(
        None,
        {"kind": "pause", "at": 120, "duration": 50},
        {"kind": "pause", "at": 100, "duration": 30},
    )
    assert twice.due(0.0, 300.0) == pytest.approx(10.0 * (300.0 - 70.0))


def test_a_group_is_scaled_at_a_rate_or_at_once() -> None:
    up = {"kind": "scale", "at": 100, "group": "hvac", "count": 200, "rate": 10}
    down = {"kind": "scale", "at": 200, "group": "hvac", "count": 0}
    scaled = schedule(None, up, down)
    assert [scaled.devices(at) for at in (99.0, 100.0, 105.0, 110.0, 199.0, 200.0)] == [
        100.0, 100.0, 150.0, 200.0, 200.0, 0.0,
    ]  # fmt: skip
    assert scaled.most_devices == 200
    assert scaled.due(195.0, 205.0) == pytest.approx(100.0)


def test_a_scale_takes_over_from_one_that_is_not_done() -> None:
    up = {"kind": "scale", "at": 100, "group": "hvac", "count": 1_000, "rate": 10}
    down = {"kind": "scale", "at": 110, "group": "hvac", "count": 0, "rate": 100}
    scaled = schedule(None, up, down)
    assert [scaled.devices(at) for at in (110.0, 111.0, 112.0, 150.0)] == [200.0, 100.0, 0.0, 0.0]
    assert scaled.most_devices == 200


def test_a_fleet_that_was_scaled_up_ramps_down_to_none() -> None:
    up = {"kind": "scale", "at": 100, "group": "hvac", "count": 200}
    scaled = schedule({"ramp_down": 50}, up)
    assert scaled.devices(301.0) == 150.0
    assert scaled.length_s == 304.0


@given(st.lists(st.floats(0.0, 320.0), min_size=1, max_size=6))
def test_parts_add_up_to_the_whole(cuts: list[float]) -> None:
    whole = schedule(
        {"ramp_up": 7, "ramp_down": 9},
        {"kind": "scale", "at": 100, "group": "hvac", "count": 200, "rate": 3},
        {"kind": "scale", "at": 200, "group": "hvac", "count": 20},
        {"kind": "pause", "at": 60, "duration": 50},
    )
    edges = [0.0, *sorted(cuts), 320.0]
    parts = sum(whole.due(begin, end) for begin, end in pairwise(edges))
    assert parts == pytest.approx(whole.due(0.0, 320.0))
