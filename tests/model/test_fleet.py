"""The rule of a fleet: ids, powers, and which numbers are wanted."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from iotmock.model.fleet import GroupRecord, GroupSpec, id_of, present, split_id

ROOF = GroupSpec("roof", "hvac", 20.0, 240.0, "split", "Berlin", 5.0, 0.25)


@given(some.from_regex(r"[A-Za-z0-9_.-]{1,56}", fullmatch=True), some.integers(1, 9_999_999))
def test_an_id_tells_prefix_and_number(prefix: str, number: int) -> None:
    assert split_id(id_of(prefix, number)) == (prefix, number)


@pytest.mark.parametrize(
    "device_id",
    [
        "a-b",
        "a-b-1",
        "a-b-000000",
        "a-b-0000001",
        "-000001",
        "a-b-\u0660\u0660\u0660\u0660\u0660\u0661",
        "000001",
    ],
)
def test_other_ids_are_of_no_fleet(device_id: str) -> None:
    assert split_id(device_id) is None


def test_powers_lie_within_the_spread_and_follow_from_seed_and_id() -> None:
    powers = [ROOF.device(id_of("f-roof", number), 7).base_power for number in range(1, 1001)]
    again = [ROOF.device(id_of("f-roof", number), 7).base_power for number in range(1, 1001)]
    other = ROOF.device(id_of("f-roof", 1), 8).base_power
    assert powers == again
    assert powers[0] != other
    assert 15.0 <= min(powers) < 15.2
    assert 24.8 < max(powers) <= 25.0
    assert sum(powers) / 1000 == pytest.approx(20.0, abs=0.3)


def test_devices_share_the_texts_of_their_group() -> None:
    device = ROOF.device("f-roof-000001", 7)
    assert device.name is device.device_id
    assert device.location is ROOF.location
    assert device.profile is ROOF.profile


@given(some.sets(some.integers(1, 30)), some.integers(0, 40), some.integers(0, 40))
def test_scaling_gives_as_many_and_never_brings_a_hole_back(
    holes: set[int], first: int, then: int
) -> None:
    top = max(holes, default=0) + first
    group = GroupRecord(ROOF, top, top, frozenset(holes))
    scaled = group.scaled(then)
    numbers = set(range(1, scaled.top + 1)) - scaled.holes
    assert scaled.wanted == len(numbers) == present(scaled.top, scaled.holes) == then
    assert not numbers & holes
    before = sorted(set(range(1, top + 1)) - holes)
    assert sorted(numbers)[: len(before)] == before[: len(numbers)]
    assert scaled.reached >= max(group.reached, scaled.top)
