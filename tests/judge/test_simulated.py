"""Device-weeks from the model."""

import numpy as np
import pytest

from iotmock.history.series import variant
from iotmock.judge.piece import Cut
from iotmock.judge.simulated import Simulation
from iotmock.model.families import built_in
from tests.model.fleet import MONDAY, WEEK_S


def simulation(name: str = "fridge", cut: Cut = Cut.DAY, step_s: float = 900.0) -> Simulation:
    return Simulation(*variant(built_in(), name), cut, step_s)


def test_the_same_seed_is_the_same_device() -> None:
    one, again, other = (simulation().piece(seed, MONDAY).powers for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_a_week_has_its_steps_and_its_energy() -> None:
    wide, narrow = (simulation(step_s=step).piece(1, MONDAY).powers for step in (3_600.0, 60.0))
    assert (wide.size, narrow.size) == (24, 1_440)
    assert wide == pytest.approx(narrow.reshape(-1, 60).mean(axis=1))


def test_each_device_has_its_pieces() -> None:
    found = list(simulation("bulb", Cut.WEEK).pieces((1, 2), (MONDAY, MONDAY + WEEK_S)))
    assert len(found) == 4
    assert len({piece.powers.tobytes() for piece in found}) == 4
