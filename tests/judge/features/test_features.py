"""Features of series whose answer is known."""

import numpy as np
import pytest

from iotmock.judge.features.features import features
from iotmock.judge.piece import Cut, NothingTakenError, Piece, PieceError
from tests.judge.pieces import WEEK, hours, square, week


def test_the_size_of_a_series_does_not_count() -> None:
    powers = np.random.default_rng(1).uniform(1.0, 9.0, WEEK)
    small, large = features(week(powers)), features(week(powers * 4096.0))
    assert small == pytest.approx(large)


def test_a_square_wave_is_what_it_is() -> None:
    found = features(week(square()))
    assert found["q05"] == 0.0
    assert found["max"] == pytest.approx(168 / 50)
    assert (found["run_on"], found["run_off"]) == (600.0, 840.0)
    assert found["n_runs"] == pytest.approx(5 / 7)
    assert found["daycorr"] == pytest.approx(1.0)
    assert found["daycv"] == found["sat_sun"] == found["start_sd_h"] == found["base_noise"] == 0.0
    assert found["evening"] == 0.0
    assert found["ramp_zero"] == pytest.approx(1 - 10 / (WEEK - 1))


def test_white_noise_remembers_nothing() -> None:
    found = features(week(np.random.default_rng(2).uniform(0.9, 1.1, WEEK)))
    assert abs(found["acf_1"]) < 0.1
    assert found["permen"] == pytest.approx(1.0, abs=0.01)
    assert found["hurst"] == pytest.approx(0.5, abs=0.1)
    assert found["sp_lt4h"] == pytest.approx(0.875, abs=0.06)
    assert abs(found["daycorr"]) < 0.2


def test_a_cosine_of_a_day_is_all_at_24_hours() -> None:
    found = features(week(2.0 - np.cos(hours() / 12.0 * np.pi)))
    assert found["sp_24h"] == pytest.approx(1.0)
    assert found["acf_24h"] == pytest.approx(6 / 7, abs=0.01)
    assert found["day_night"] > 0.5


def test_days_that_differ_are_seen() -> None:
    levels = np.repeat([1.0, 2.0, 1.0, 2.0, 1.5, 3.0, 1.0], 96)
    found = features(week(levels * (2.0 - np.cos(hours() / 12.0 * np.pi))))
    assert found["daycv"] == pytest.approx(np.std([1, 2, 1, 2, 1.5]) / 1.5)
    assert found["sat_sun"] == pytest.approx(np.log(3), abs=1e-4)


def test_a_day_has_features_of_its_own() -> None:
    powers = np.random.default_rng(3).uniform(1.0, 2.0, 288)
    found = features(Piece(powers, 300.0, Cut.DAY))
    assert {"sp_gt3h", "sp_lt5m", "acf_4h"} <= found.keys()
    assert not {"sp_24h", "acf_24h", "wd_we", "daycv"} & found.keys()


def test_nothing_is_ever_no_number() -> None:
    giving = square() - np.roll(square(), 40) + 0.1
    for powers in (np.ones(WEEK), np.eye(1, WEEK, 40)[0], square(), giving):
        assert all(np.isfinite(value) for value in features(week(powers)).values())


@pytest.mark.parametrize(
    ("powers", "step_s", "error"),
    [
        (np.zeros(WEEK), 900.0, NothingTakenError),
        (np.ones(WEEK - 1), 900.0, PieceError),
        (np.ones(WEEK), 1_000.0, PieceError),
        (np.full(WEEK, np.nan), 900.0, PieceError),
    ],
)
def test_what_is_no_week_has_none(
    powers: np.ndarray, step_s: float, error: type[PieceError]
) -> None:
    with pytest.raises(error):
        Piece(powers, step_s, Cut.WEEK)
