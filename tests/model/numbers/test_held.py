"""Constants that devices share: one for all that hold it, none for those that are gone."""

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from iotmock.model.parts.climate.masses import follow_of, mass_of


@pytest.fixture
def without_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def test_equal_masses_are_one() -> None:
    assert mass_of(7_200.0, 1.0, 300.0, 300.0) is mass_of(7_200.0, 1.0, 300.0, 300.0)


@pytest.mark.usefixtures("without_collector")
def test_what_nobody_holds_is_gone_at_once() -> None:
    mass, follow = mass_of(7_200.0, 1.0, 300.0, 300.0), follow_of(7_200.0)
    assert mass.paces[5.0].keep == pytest.approx(1.0 - follow[5.0])
    seen = ref(mass), ref(follow)
    del mass, follow
    assert [one() for one in seen] == [None, None]
