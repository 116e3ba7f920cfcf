"""The same seed and the same ticks give the same bytes; a preview disturbs nothing."""

from hashlib import sha256

import msgspec
import pytest

from iotmock.model.commands import Applied
from iotmock.model.device import Device
from iotmock.model.operations.command import handle
from iotmock.model.operations.preview import preview
from iotmock.model.parts.climate.setpoint import SetSetpoint
from iotmock.model.site.sites import Sites
from tests.model.fleet import DAY_S, HOUR_S, LOADS, MONDAY, VARIANTS, device, energy, run

GOLDEN = "946cbd123563a80515fb60bbdd8970d61713914865b809f8e77fd060b8b559a5"
"""Of the bytes below, on every machine. A change of the physics changes it: then say so in the
changelog, for users compare their runs."""


def encoded(devices: list[Device]) -> bytes:
    parts = []
    for number in range(1, 289):
        now = MONDAY + number * 300.0
        for under_test in devices:
            under_test.tick(now, 300.0)
            parts.append(msgspec.json.encode(under_test.reading(now)))
    return b"\n".join(parts)


def all_of_them(seed: int = 7) -> list[Device]:
    sites = Sites(seed, 0.1, timezone="Europe/Berlin")
    variants = [variant for variant in VARIANTS if variant[0] != "meter"]  # they sum up the others
    return [device(*variant, sites=sites, device_id="-".join(variant)) for variant in variants]


def test_the_bytes_of_a_day_are_the_same_on_every_machine() -> None:
    assert sha256(encoded(all_of_them())).hexdigest() == GOLDEN


def test_another_seed_gives_another_day() -> None:
    assert encoded(all_of_them(7)) != encoded(all_of_them(8))


@pytest.mark.parametrize(("device_type", "profile"), VARIANTS)
def test_without_variation_every_seed_and_every_device_gives_the_same_curve(
    device_type: str, profile: str
) -> None:
    one = device(device_type, profile, variation=0.0, seed=1, device_id="one")
    other = device(device_type, profile, variation=0.0, seed=2, device_id="other")
    assert list(run(one, MONDAY, DAY_S, 60.0)) == list(run(other, MONDAY, DAY_S, 60.0))
    assert one.reading(MONDAY).voltage == other.reading(MONDAY).voltage


@pytest.mark.parametrize("device_type", LOADS)
def test_without_variation_the_day_still_counts(device_type: str) -> None:
    powers = list(run(device(device_type, variation=0.0), MONDAY, DAY_S, 60.0))
    night, day = powers[: 5 * 60], powers[8 * 60 : 18 * 60]
    assert sum(day) / len(day) > sum(night) / len(night)


@pytest.mark.parametrize(("device_type", "profile"), VARIANTS)
def test_a_preview_leaves_the_device_as_it_was(device_type: str, profile: str) -> None:
    sites = Sites(3, 0.1)
    looked_at = device(device_type, profile, sites=sites)
    left_alone = device(device_type, profile, sites=Sites(3, 0.1))
    for under_test in (looked_at, left_alone):
        energy(under_test, MONDAY, HOUR_S, 5.0)
    begin = MONDAY + HOUR_S
    shown = preview(looked_at, begin, hours=24.0, step_s=300.0)
    assert len(shown) == 288
    assert shown[-1].energy >= shown[0].energy >= looked_at.reading(begin).energy
    after = [looked_at.reading(begin) for _ in run(looked_at, begin, HOUR_S, 5.0)]
    untouched = [left_alone.reading(begin) for _ in run(left_alone, begin, HOUR_S, 5.0)]
    assert after == untouched


def test_a_preview_is_what_comes_when_nothing_else_happens() -> None:
    under_test = device("industrial")
    shown = preview(under_test, MONDAY, hours=12.0, step_s=300.0)
    energy(under_test, MONDAY, 12 * HOUR_S, 300.0)
    assert under_test.reading(MONDAY + 12 * HOUR_S) == shown[-1]


def test_a_setting_outlives_a_restart() -> None:
    under_test = device("hvac")
    assert handle(under_test, SetSetpoint(temperature=19.0), 0.0) == Applied()
    again = device("hvac", state=under_test.state(None))
    assert again.family.settings() == {"setpoint": 19.0}
